// A supervisor that does only what cannot be avoided: it starts programs, restarts each as soon
// as it has ended, and ends them all at SIGTERM.
//
//     reference FILE     a line for each program, its words separated by single spaces
//
// Source: vfork(2), execve(2), waitid(2), signalfd(2); no more than those is used.
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

enum { programs_max = 8192, words_max = 16 };

static struct {
    char *words[words_max + 1];
    pid_t pid;
} programs[programs_max];

static int count;
static sigset_t signals;

static void start(int number) {
    pid_t pid = vfork();
    if (pid == 0) {
        sigprocmask(SIG_UNBLOCK, &signals, NULL);
        execv(programs[number].words[0], programs[number].words);
        _exit(127);
    }
    programs[number].pid = pid;
}

static int reap(int starts_again) {
    int left = 0, status;
    for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0;) {
        for (int number = 0; number < count; number++) {
            if (programs[number].pid != pid) continue;
            programs[number].pid = 0;
            if (starts_again) start(number);
            break;
        }
    }
    for (int number = 0; number < count; number++) left += programs[number].pid > 0;
    return left;
}

static void load(const char *path) {
    FILE *file = fopen(path, "r");
    char line[4096];
    if (!file) exit(1);
    while (count < programs_max && fgets(line, sizeof line, file)) {
        char *rest = strdup(line), *word;
        for (int i = 0; i < words_max && (word = strsep(&rest, " \n")) && *word; i++)
            programs[count].words[i] = word;
        count++;
    }
    fclose(file);
}

int main(int argc, char **argv) {
    if (argc < 2) return 2;
    load(argv[1]);
    sigemptyset(&signals);
    sigaddset(&signals, SIGCHLD);
    sigaddset(&signals, SIGTERM);
    sigprocmask(SIG_BLOCK, &signals, NULL);
    int fd = signalfd(-1, &signals, SFD_CLOEXEC), is_ending = 0;
    for (int number = 0; number < count; number++) start(number);
    for (struct signalfd_siginfo got; read(fd, &got, sizeof got) == sizeof got;) {
        if (got.ssi_signo == SIGTERM && !is_ending) {
            is_ending = 1;
            for (int number = 0; number < count; number++)
                if (programs[number].pid > 0) kill(programs[number].pid, SIGTERM);
        }
        if (reap(!is_ending) == 0 && is_ending) return 0;
    }
}
