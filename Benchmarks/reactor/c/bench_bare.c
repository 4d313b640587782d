// The work done by system calls alone: what no loop can be faster than.
//
//     bench_bare WORK COUNT
//
// WORK is spawn-1 or spawn-8 (COUNT processes), child-read (COUNT MiB), or child-to-file-CALL-SIZE
// with CALL one of rw and splice, and SIZE, of the pipe, one of 64 and 1024 (KiB).

#define _GNU_SOURCE
#include "bench.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static char buffer[1 << 20];

static pid_t start(char **argv) {
    static char *environment[] = {NULL};
    pid_t pid = vfork();
    if (pid == 0) {
        execve(argv[0], argv, environment);
        _exit(127);
    }
    return must(pid, "vfork");
}

static void reap(void) {
    int status;
    must(waitpid(-1, &status, 0), "waitpid");
    if (status != 0) die("the child failed");
}

static void spawn(long count, long at_once) {
    char *argv[] = {"/bin/true", NULL};
    long started = 0;
    for (; started < count && started < at_once; started++) start(argv);
    for (long ended = 0; ended < count; ended++) {
        reap();
        if (started < count) {
            start(argv);
            started++;
        }
    }
}

// Starts a child that writes `count` MiB into a pipe, and returns the end to read.
static int flood(const char *count, int pipe_size) {
    int ends[2];
    char *argv[] = {FLOOD, (char *)count, NULL};
    must(pipe2(ends, O_CLOEXEC), "pipe2");
    must(fcntl(ends[0], F_SETPIPE_SZ, pipe_size), "F_SETPIPE_SZ");
    static char *environment[] = {NULL};
    pid_t pid = vfork();
    if (pid == 0) {
        dup2(ends[1], STDOUT_FILENO);
        execve(argv[0], argv, environment);
        _exit(127);
    }
    must(pid, "vfork");
    close(ends[1]);
    return ends[0];
}

static void read_all(int from) {
    ssize_t count;
    do {
        count = read(from, buffer, 65536);
    } while (count > 0);
    must((int)count, "read");
}

static void copy_all(int from, int to, size_t size) {
    for (;;) {
        ssize_t count = read(from, buffer, size);
        if (count == 0) return;
        if (count < 0 || write(to, buffer, (size_t)count) != count) die("copy");
    }
}

static void splice_all(int from, int to, size_t size) {
    ssize_t count;
    do {
        count = splice(from, NULL, to, NULL, size, SPLICE_F_MOVE);
    } while (count > 0);
    must((int)count, "splice");
}

static void to_file(const char *work, const char *count) {
    int size = strstr(work, "-1024") ? 1024 * 1024 : 64 * 1024;
    int file = must(open(SINK, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600), "open");
    int from = flood(count, size);
    if (strstr(work, "splice")) splice_all(from, file, (size_t)size);
    else copy_all(from, file, (size_t)size);
    reap();
    close(from);
    close(file);
}

int main(int argc, char **argv) {
    if (argc != 3) return 100;
    const char *work = argv[1];
    long count = atol(argv[2]);
    struct clocks begin = now();
    if (strcmp(work, "spawn-1") == 0) {
        spawn(count, 1);
    } else if (strcmp(work, "spawn-8") == 0) {
        spawn(count, 8);
    } else if (strcmp(work, "child-read") == 0) {
        read_all(flood(argv[2], 65536));
        reap();
    } else if (strncmp(work, "child-to-file-", 14) == 0) {
        to_file(work, argv[2]);
    } else {
        printf("unsupported %s\n", work);
        return 0;
    }
    struct clocks end = now();
    unlink(SINK);
    report(work, count, begin, end);
    return 0;
}
