#include "misbehave.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

_Noreturn void fail(const char *what, const char *object) {
    fprintf(stderr, "misbehave: cannot %s %s: %s\n", what, object, strerror(errno));
    _exit(71);
}

void write_all(int fd, const char *bytes, uint64_t count) {
    while (count > 0) {
        ssize_t written = write(fd, bytes, count);
        if (written == -1 && errno == EINTR) continue;
        if (written == -1) fail("write", "output");
        bytes += written;
        count -= (uint64_t)written;
    }
}

void append_line(const char *path, const char *text) {
    char line[4096];
    int length = snprintf(line, sizeof line, "%s\n", text);
    if (length < 0 || (size_t)length >= sizeof line) {
        errno = EMSGSIZE;
        fail("append to", path);
    }
    int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
    if (fd == -1) fail("open", path);
    if (write(fd, line, (size_t)length) != length) fail("append to", path);
    close(fd);
}

enum { LINE_LENGTH = 100, LINES_AT_ONCE = 640 };

/// `       42 abcdefgh…`: the number in ten columns, so that a lost byte shows at once.
static void fill_line(char *line, uint64_t number) {
    // One more for the terminating zero, which the newline then takes the place of.
    char text[LINE_LENGTH + 1];
    snprintf(text, sizeof text, "%10llu ", (unsigned long long)number);
    for (int i = 11; i < LINE_LENGTH - 1; i++) text[i] = (char)('a' + i % 26);
    text[LINE_LENGTH - 1] = '\n';
    memcpy(line, text, LINE_LENGTH);
}

void print_lines(int fd, uint64_t size) {
    static char block[LINE_LENGTH * LINES_AT_ONCE];
    uint64_t number = 1;
    while (size > 0) {
        for (int i = 0; i < LINES_AT_ONCE; i++) fill_line(block + i * LINE_LENGTH, number++);
        uint64_t part = size < sizeof block ? size : sizeof block;
        write_all(fd, block, part);
        size -= part;
    }
}
