#ifndef CLINEEDITOR_H
#define CLINEEDITOR_H

// The line editor of libedit, editline(3), as far as keepctl uses it: its own functions take
// variable arguments, which Swift cannot pass.

#include <stddef.h>

/// What Tab does: fills in what to insert at the cursor, and what to show below the line; both end
/// with a NUL byte, and may be empty. `line` has `cursor` bytes before the cursor, and no NUL.
typedef void (*clineeditor_complete)(
    void *context, const char *line, size_t cursor,
    char *insertion, size_t insertion_size, char *list, size_t list_size
);

struct clineeditor;

/// An editor on the three standard streams. `prompt` and `context` have to outlive it, and so has
/// `history`, a path, or NULL for none. Lines are UTF-8, which this process's locale is from now on,
/// setlocale(3). Returns NULL where there is no memory.
struct clineeditor *clineeditor_open(
    const char *prompt, const char *history, clineeditor_complete complete, void *context
);

/// One line, without its end; NULL at the end of the input. Valid until the next call.
const char *clineeditor_read(struct clineeditor *editor);

/// Remembers a line, also in the file of the history.
void clineeditor_remember(struct clineeditor *editor, const char *line);

void clineeditor_close(struct clineeditor *editor);

/// From now on this process ignores the keys that would end it, signal(7): SIGINT and SIGQUIT.
void clineeditor_ignore_interrupts(void);

#endif
