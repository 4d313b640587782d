#define _GNU_SOURCE
#include "misbehave.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/// Where each process writes its pid; NULL for nowhere.
static const char *pid_file;

/// How long after SIGTERM it exits. Written before the signal handler is in place.
static int64_t term_delay;

void sleep_for(int64_t nanoseconds) {
    struct timespec rest = {
        .tv_sec = nanoseconds / 1000000000,
        .tv_nsec = nanoseconds % 1000000000,
    };
    while (nanosleep(&rest, &rest) == -1 && errno == EINTR) continue;
}

_Noreturn void pause_for_ever(void) {
    for (;;) pause();
}

// --- Signals

static void set_handler(int number, void (*handler)(int)) {
    struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};
    if (sigaction(number, &action, NULL) == -1) fail("set the handler of", signal_name(number));
}

void ignore(int number) {
    set_handler(number, SIG_IGN);
}

/// Calls nothing but what signal-safety(7) allows.
static void exit_later(int number) {
    (void)number;
    sleep_for(term_delay);
    _exit(0);
}

void exit_on_term(int64_t delay) {
    term_delay = delay;
    set_handler(SIGTERM, exit_later);
}

void kill_self(int number) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, number);
    if (number != SIGKILL && number != SIGSTOP) set_handler(number, SIG_DFL);
    if (sigprocmask(SIG_UNBLOCK, &set, NULL) == -1) fail("unblock", signal_name(number));
    if (raise(number) != 0) fail("raise", signal_name(number));
}

// --- Files

static void record_pid(void) {
    if (!pid_file) return;
    char text[12];
    snprintf(text, sizeof text, "%d", getpid());
    append_line(pid_file, text);
}

void use_pid_file(const char *path) {
    pid_file = path;
    record_pid();
}

void lock_or_exit(const char *path) {
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (fd == -1) fail("open", path);
    if (flock(fd, LOCK_EX | LOCK_NB) == 0) return;
    if (errno != EWOULDBLOCK) fail("lock", path);
    char *violations;
    if (asprintf(&violations, "%s.violations", path) == -1) fail("name the violations of", path);
    append_line(violations, "two at once");
    exit(99);
}

// --- Processes

static pid_t fork_or_fail(void) {
    pid_t pid = fork();
    if (pid == -1) fail("fork", "a child");
    return pid;
}

/// A pipe whose reader sees the end once each process that is to come up has closed its side.
struct gate {
    int reader, writer;
};

static struct gate make_gate(void) {
    int fds[2];
    if (pipe2(fds, O_CLOEXEC) == -1) fail("make", "a pipe");
    return (struct gate){fds[0], fds[1]};
}

static void wait_at(struct gate gate) {
    char none;
    close(gate.writer);
    while (read(gate.reader, &none, 1) == -1 && errno == EINTR) continue;
    close(gate.reader);
}

/// What is forked here lives on until somebody ends it.
_Noreturn static void stay(struct gate gate) {
    record_pid();
    close(gate.reader);
    close(gate.writer);
    pause_for_ever();
}

void fork_children(long count) {
    struct gate gate = make_gate();
    for (long i = 0; i < count; i++) {
        if (fork_or_fail() == 0) stay(gate);
    }
    wait_at(gate);
}

void leave_a_stray(void) {
    struct gate gate = make_gate();
    pid_t between = fork_or_fail();
    if (between == 0) {
        if (setsid() == -1) fail("make", "a session");
        if (fork_or_fail() != 0) _exit(0);
        ignore(SIGTERM);
        ignore(SIGHUP);
        ignore(SIGINT);
        stay(gate);
    }
    if (waitpid(between, NULL, 0) == -1) fail("wait for", "the child between");
    wait_at(gate);
}

/// Each generation has the stack of one that ended long ago.
static _Alignas(16) char stacks[256][16384];
static long generations;

/// Shares its memory with its parent, for to copy that takes most of the time of a fork.
static int live_on(void *number_of_this) {
    long number = (long)number_of_this;
    if (setsid() == -1) fail("make", "a session");
    if (number == 100) write_all(STDOUT_FILENO, "under way\n", 10);
    if (number == generations) pause_for_ever();
    char *stack = stacks[number % 256];
    if (clone(live_on, stack + sizeof *stacks, CLONE_VM | SIGCHLD, (void *)(number + 1)) == -1) {
        fail("clone", "myself");
    }
    _exit(0);
}

_Noreturn void live_on_in_children(long count) {
    generations = count;
    if (fork_or_fail() != 0) _exit(0);
    live_on(NULL);
    abort();
}
