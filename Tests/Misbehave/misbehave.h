#ifndef MISBEHAVE_H
#define MISBEHAVE_H

#include <stdint.h>

// What the orders on the command line do; main.c says what each is for.

// --- text.c: reading what was typed. Each ends the program, status 64, if it cannot.

long read_number(const char *text, long max);
/// Bytes: `100`, `64KiB`, `10MB`.
uint64_t read_size(const char *text);
/// Nanoseconds: `500ms`, `1.5s`, `2m`, or seconds.
int64_t read_duration(const char *text);
/// `TERM`, `SIGTERM` or `15`.
int read_signal(const char *text);
/// The name without `SIG`, or the number where there is none; until the next call.
const char *signal_name(int signal);

// --- output.c

/// Ends the program, status 71: "misbehave: cannot VERB OBJECT: reason".
_Noreturn void fail(const char *what, const char *object);
void write_all(int fd, const char *bytes, uint64_t count);
/// One write to the end of `path`, so that lines of several processes never mix.
void append_line(const char *path, const char *text);
/// Exactly `size` bytes, in lines of 100 that count from 1; the last one may be cut.
void print_lines(int fd, uint64_t size);

// --- status.c

void print_status(void);

// --- life.c

void ignore(int signal);
void exit_on_term(int64_t delay);
/// Holds the lock until this process and all that it forks afterwards have ended.
void lock_or_exit(const char *path);
void use_pid_file(const char *path);
/// Returns once all of them are up, and in the pid file.
void fork_children(long count);
/// Returns once the stray is up, and in the pid file.
void leave_a_stray(void);
_Noreturn void live_on_in_children(long count);
void sleep_for(int64_t nanoseconds);
void kill_self(int signal);
_Noreturn void pause_for_ever(void);

#endif
