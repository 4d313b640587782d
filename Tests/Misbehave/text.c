#define _GNU_SOURCE
#include "misbehave.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

_Noreturn static void refuse(const char *text, const char *reason) {
    fprintf(stderr, "misbehave: cannot use \"%s\": %s\n", text, reason);
    exit(64);
}

struct unit {
    const char *name;
    double factor;
};

/// Reads a number and its unit, one of `units`; the last of them has no name.
static double read_quantity(const char *text, const struct unit *units, const char *reason) {
    char *end;
    double number = strtod(text, &end);
    if (end == text || !(number >= 0)) refuse(text, reason);
    for (;; units++) {
        if (strcmp(end, units->name) == 0) return number * units->factor;
        if (*units->name == '\0') refuse(text, reason);
    }
}

long read_number(const char *text, long max) {
    char *end;
    long number = strtol(text, &end, 10);
    if (end == text || *end != '\0' || number < 0 || number > max) {
        refuse(text, "no number, or out of range");
    }
    return number;
}

uint64_t read_size(const char *text) {
    static const struct unit units[] = {
        {"KB", 1e3}, {"MB", 1e6}, {"GB", 1e9},
        {"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30},
        {"", 1},
    };
    return (uint64_t)read_quantity(text, units, "no size");
}

int64_t read_duration(const char *text) {
    static const struct unit units[] = {{"ms", 1e6}, {"s", 1e9}, {"m", 60e9}, {"", 1e9}};
    return (int64_t)read_quantity(text, units, "no duration");
}

int read_signal(const char *text) {
    const char *name = strncasecmp(text, "SIG", 3) == 0 ? text + 3 : text;
    for (int number = 1; number < NSIG; number++) {
        const char *known = sigabbrev_np(number);
        if (known && strcasecmp(known, name) == 0) return number;
    }
    long number = read_number(text, NSIG - 1);
    if (number == 0) refuse(text, "no signal");
    return (int)number;
}

const char *signal_name(int signal) {
    static char number[12];
    const char *name = sigabbrev_np(signal);
    if (name) return name;
    snprintf(number, sizeof number, "%d", signal);
    return number;
}
