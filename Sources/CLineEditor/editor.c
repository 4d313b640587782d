#define _GNU_SOURCE
#include "CLineEditor.h"

#include <histedit.h>
#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINES_OF_HISTORY = 1000, INSERTION_SIZE = 512, LIST_SIZE = 16384 };

struct clineeditor {
    EditLine *edit;
    History *history;
    const char *prompt;
    const char *path;
    clineeditor_complete complete;
    void *context;
    char *line;
};

static struct clineeditor *owner_of(EditLine *edit) {
    void *owner = NULL;
    el_get(edit, EL_CLIENTDATA, &owner);
    return owner;
}

static char *prompt_of(EditLine *edit) {
    return (char *)owner_of(edit)->prompt;
}

static unsigned char complete(EditLine *edit, int key) {
    (void)key;
    static char insertion[INSERTION_SIZE], list[LIST_SIZE];
    struct clineeditor *editor = owner_of(edit);
    const LineInfo *info = el_line(edit);
    insertion[0] = list[0] = 0;
    editor->complete(
        editor->context, info->buffer, (size_t)(info->cursor - info->buffer),
        insertion, sizeof insertion, list, sizeof list
    );
    if (list[0] != 0) {
        printf("\n%s\n", list);
        fflush(stdout);
    }
    if (insertion[0] != 0 && el_insertstr(edit, insertion) == -1) return CC_ERROR;
    if (list[0] != 0) return CC_REDISPLAY;
    return insertion[0] != 0 ? CC_REFRESH : CC_NORM;
}

// libedit drops what is no character of the locale, and in a program's first one, "C", only ASCII is.
static void take_characters(void) {
    setlocale(LC_CTYPE, "");
    if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0) setlocale(LC_CTYPE, "C.UTF-8");
}

struct clineeditor *clineeditor_open(
    const char *prompt, const char *history_path, clineeditor_complete on_tab, void *context
) {
    struct clineeditor *editor = calloc(1, sizeof *editor);
    if (editor == NULL) return NULL;
    *editor = (struct clineeditor){
        .prompt = prompt, .path = history_path, .complete = on_tab, .context = context,
    };
    take_characters();
    editor->edit = el_init("keepctl", stdin, stdout, stderr);
    editor->history = history_init();
    if (editor->edit == NULL || editor->history == NULL) {
        clineeditor_close(editor);
        return NULL;
    }
    HistEvent event;
    history(editor->history, &event, H_SETSIZE, LINES_OF_HISTORY);
    history(editor->history, &event, H_SETUNIQUE, 1);
    if (history_path != NULL) history(editor->history, &event, H_LOAD, history_path);
    el_set(editor->edit, EL_CLIENTDATA, editor);
    el_set(editor->edit, EL_PROMPT, prompt_of);
    el_set(editor->edit, EL_EDITOR, "emacs");
    el_set(editor->edit, EL_HIST, history, editor->history);
    el_set(editor->edit, EL_ADDFN, "keepctl-complete", "Complete commands and programs", complete);
    el_set(editor->edit, EL_BIND, "^I", "keepctl-complete", NULL);
    // Ctrl-C begins the line anew, as in a shell.
    el_set(editor->edit, EL_SETTY, "-d", "-isig", NULL);
    el_set(editor->edit, EL_BIND, "^C", "ed-start-over", NULL);
    // Whoever knows ~/.editrc has his own keys.
    el_source(editor->edit, NULL);
    return editor;
}

const char *clineeditor_read(struct clineeditor *editor) {
    int count = 0;
    const char *line = el_gets(editor->edit, &count);
    if (line == NULL || count <= 0) return NULL;
    free(editor->line);
    editor->line = strndup(line, (size_t)count);
    if (editor->line != NULL) editor->line[strcspn(editor->line, "\r\n")] = 0;
    return editor->line;
}

void clineeditor_remember(struct clineeditor *editor, const char *line) {
    HistEvent event;
    history(editor->history, &event, H_ENTER, line);
    if (editor->path != NULL) history(editor->history, &event, H_SAVE, editor->path);
}

void clineeditor_close(struct clineeditor *editor) {
    if (editor->history != NULL) history_end(editor->history);
    if (editor->edit != NULL) el_end(editor->edit);
    free(editor->line);
    free(editor);
}

void clineeditor_ignore_interrupts(void) {
    signal(SIGINT, SIG_IGN);
    signal(SIGQUIT, SIG_IGN);
}
