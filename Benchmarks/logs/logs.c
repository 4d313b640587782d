// The two ends of a log: a program that prints, and the simplest program that takes it to a file.
//
//   logs soak STATE RATE      prints numbered lines of 100 bytes, so many bytes a second, until
//                             SIGTERM; goes on from the number in the file STATE
//   logs write BYTES SIZE     prints so much, each write of so many bytes; lines of up to 100 bytes
//   logs pump CAPACITY HOW    moves standard input, a pipe that it widens, to standard output, a
//                             file; HOW is rw or splice

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int fail(const char *what) {
    perror(what);
    return 71;
}

static int write_all(int fd, const char *bytes, size_t count) {
    while (count > 0) {
        ssize_t written = write(fd, bytes, count);
        if (written == -1) return -1;
        bytes += written;
        count -= (size_t)written;
    }
    return 0;
}

static int print(long long bytes, size_t size) {
    char *block = malloc(size);
    for (size_t i = 0; i < size; i++) block[i] = i % 100 == 99 || i == size - 1 ? '\n' : 'x';
    for (; bytes > 0; bytes -= (long long)size) {
        size_t part = bytes < (long long)size ? (size_t)bytes : size;
        if (write_all(1, block, part) == -1) return fail("write");
    }
    return 0;
}

static int pump(int capacity, int splices) {
    if (fcntl(0, F_SETPIPE_SZ, capacity) == -1) return fail("F_SETPIPE_SZ");
    char *buffer = malloc((size_t)capacity);
    while (1) {
        ssize_t count = splices ? splice(0, NULL, 1, NULL, (size_t)capacity, 0)
                                : read(0, buffer, (size_t)capacity);
        if (count == -1) return fail("read");
        if (count == 0) return 0;
        if (!splices && write_all(1, buffer, (size_t)count) == -1) return fail("write");
    }
}

static volatile sig_atomic_t is_over;

static void end(int signal) {
    (void)signal;
    is_over = 1;
}

static int soak(const char *path, long rate) {
    int state = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (state == -1) return fail(path);
    uint64_t number = 0;
    if (pread(state, &number, sizeof number, 0) == -1) return fail(path);
    signal(SIGTERM, end);  // Restarts a write: what has begun is ended.
    while (!is_over) {
        // A hundred times a second.
        for (long count = rate / 10000; count > 0 && !is_over; count--) {
            char line[101];
            snprintf(line, sizeof line, "%10llu %088llu\n", (unsigned long long)number,
                     (unsigned long long)(number * 2654435761u));
            if (write_all(1, line, 100) == -1) return fail("write");
            number++;
            if (pwrite(state, &number, sizeof number, 0) == -1) return fail(path);
        }
        usleep(10000);
    }
    return 0;
}

int main(int argc, char **argv) {
    if (argc == 4 && strcmp(argv[1], "write") == 0) {
        return print(atoll(argv[2]), (size_t)atoll(argv[3]));
    }
    if (argc == 4 && strcmp(argv[1], "pump") == 0) {
        return pump(atoi(argv[2]), strcmp(argv[3], "splice") == 0);
    }
    if (argc == 4 && strcmp(argv[1], "soak") == 0) return soak(argv[2], atol(argv[3]));
    fprintf(stderr, "usage: logs soak STATE RATE | logs write BYTES SIZE | logs pump CAPACITY rw|splice\n");
    return 64;
}
