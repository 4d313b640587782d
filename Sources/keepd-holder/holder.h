#ifndef HOLDER_H
#define HOLDER_H

#include "CLinux.h"

#include <signal.h>

// --- memory.c: the file that keepd reads.

/// Makes it, and notes its descriptor.
void make_memory(void);

/// Of the file; open in keepd as well.
extern int memory;

/// Carries out a request; `descriptor` is -1 where none came along, and is taken over.
void obey(const struct clinux_holder_request *request, int descriptor);

/// Writes down an exit.
void record_exit(const siginfo_t *info);

/// Writes down a start of keepd, and how the one before it ended, if there was one.
void record_start(const siginfo_t *last);

// --- daemon.c: keepd itself.

/// A daemon that keeps a program running.
struct daemon {
    /// 0 while there is none.
    pid_t pid;
    /// This end of the pair; -1 once the other one is closed.
    int socket;
    /// It has said that it does.
    int is_serving;
    /// It has been told to end, or says so.
    int is_ending;
    int64_t started_at;
};
extern struct daemon daemon_now;

/// Remembers what to execute, and with which environment.
void prepare_daemon(char **argv, char **environment);

/// Starts it, with the signals of this process blocked, so that none that comes early is lost.
void start_daemon(const siginfo_t *last);

/// Carries out all that it has asked for by now.
void hear_daemon(void);

/// Tells it to look at the memory.
void ring_daemon(void);

// --- main.c

/// CLOCK_MONOTONIC in nanoseconds.
int64_t now(void);

/// Ends with 71 and a sentence: "cannot WHAT: the reason that errno is".
_Noreturn void fail(const char *what);

#endif
