// misbehave: a program that misbehaves on order, for the tests of whole programs.
//
// Orders are carried out one after the other, as given; after the last it pauses for ever.
//
//   --line TEXT          prints TEXT and a newline
//   --env NAME           prints NAME=value, or `NAME is not set`
//   --status             prints who and where it is, as lines of `key value`: pid, ppid, pgid, sid,
//                        uid, gid, groups, umask, cwd, descriptors, blocked, ignored
//   --print SIZE         prints exactly SIZE bytes, in numbered lines of 100; the last may be cut
//   --print-stderr SIZE  the same, to standard error
//   --append FILE TEXT   appends TEXT and a newline to FILE in one write; marks a start, or a step
//   --pid-file FILE      appends its pid to FILE, as will all that is forked after this
//   --lock FILE          holds an exclusive lock on FILE, as will all that is forked after this. If
//                        it is taken: appends `two at once` to FILE.violations and exits 99
//   --ignore SIG         ignores a signal from now on
//   --on-term DELAY      from now on exits 0 that long after SIGTERM
//   --fork N             starts N children in its process group, which pause for ever
//   --daemonize          leaves a stray behind: forked twice, in a session of its own, deaf to
//                        TERM, HUP and INT, which pauses for ever
//   --live-on N          lives on in a child in a session of its own, and ends, and so does the child;
//                        N times as fast as it can, printing `under way` after a hundred; pauses then
//   --sleep DURATION     goes on that much later
//   --exit-after DURATION  exits 0 that much later
//   --exit-code N        exits with that code, now
//   --kill-self SIG      dies of a signal
//   --pause              pauses for ever, now
//
// SIZE is 100, 64KiB, 10MB; DURATION is 500ms, 1.5s, 2m, or seconds; SIG is TERM, SIGTERM or 15.
// Exit status of its own: 64 usage, 71 a system call failed.

#include "misbehave.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/// Each carries out one order; `arguments` are as many as the table says.
static void order_line(char **arguments) {
    printf("%s\n", arguments[0]);
}

static void order_env(char **arguments) {
    const char *value = getenv(arguments[0]);
    if (value) printf("%s=%s\n", arguments[0], value);
    else printf("%s is not set\n", arguments[0]);
}

static void order_status(char **arguments) {
    (void)arguments;
    print_status();
}

static void order_print(char **arguments) {
    print_lines(STDOUT_FILENO, read_size(arguments[0]));
}

static void order_print_stderr(char **arguments) {
    print_lines(STDERR_FILENO, read_size(arguments[0]));
}

static void order_append(char **arguments) {
    append_line(arguments[0], arguments[1]);
}

static void order_pid_file(char **arguments) {
    use_pid_file(arguments[0]);
}

static void order_lock(char **arguments) {
    lock_or_exit(arguments[0]);
}

static void order_ignore(char **arguments) {
    ignore(read_signal(arguments[0]));
}

static void order_on_term(char **arguments) {
    exit_on_term(read_duration(arguments[0]));
}

static void order_fork(char **arguments) {
    fork_children(read_number(arguments[0], 10000));
}

static void order_daemonize(char **arguments) {
    (void)arguments;
    leave_a_stray();
}

static void order_live_on(char **arguments) {
    live_on_in_children(read_number(arguments[0], 100000000));
}

static void order_sleep(char **arguments) {
    sleep_for(read_duration(arguments[0]));
}

static void order_exit_after(char **arguments) {
    sleep_for(read_duration(arguments[0]));
    exit(0);
}

static void order_exit_code(char **arguments) {
    exit((int)read_number(arguments[0], 255));
}

static void order_kill_self(char **arguments) {
    kill_self(read_signal(arguments[0]));
}

static void order_pause(char **arguments) {
    (void)arguments;
    pause_for_ever();
}

static const struct order {
    const char *name;
    int argument_count;
    void (*carry_out)(char **arguments);
} orders[] = {
    {"--line", 1, order_line},
    {"--env", 1, order_env},
    {"--status", 0, order_status},
    {"--print", 1, order_print},
    {"--print-stderr", 1, order_print_stderr},
    {"--append", 2, order_append},
    {"--pid-file", 1, order_pid_file},
    {"--lock", 1, order_lock},
    {"--ignore", 1, order_ignore},
    {"--on-term", 1, order_on_term},
    {"--fork", 1, order_fork},
    {"--daemonize", 0, order_daemonize},
    {"--live-on", 1, order_live_on},
    {"--sleep", 1, order_sleep},
    {"--exit-after", 1, order_exit_after},
    {"--exit-code", 1, order_exit_code},
    {"--kill-self", 1, order_kill_self},
    {"--pause", 0, order_pause},
};

static const struct order *find(const char *name) {
    for (size_t i = 0; i < sizeof orders / sizeof *orders; i++) {
        if (strcmp(orders[i].name, name) == 0) return &orders[i];
    }
    fprintf(stderr, "misbehave: cannot use %s: no such order\n", name);
    exit(64);
}

int main(int argc, char **argv) {
    for (int i = 1; i < argc;) {
        const struct order *order = find(argv[i]);
        if (argc - i - 1 < order->argument_count) {
            fprintf(stderr, "misbehave: cannot use %s: too few arguments\n", argv[i]);
            exit(64);
        }
        order->carry_out(argv + i + 1);
        if (fflush(stdout) != 0) fail("write", "standard output");
        i += 1 + order->argument_count;
    }
    pause_for_ever();
}
