// What the benchmark programs in C have in common: two clocks, and the line that they print.

#ifndef BENCH_H
#define BENCH_H

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

// The child that floods, and the file that a flood ends in; set by run.py.
#define FLOOD (getenv("BENCH_FLOOD") ? getenv("BENCH_FLOOD") : ".build/bench/flood")
#define SINK (getenv("BENCH_SINK") ? getenv("BENCH_SINK") : ".build/bench/sink")

struct clocks {
    double wall;
    double cpu;
};

static inline _Noreturn void die(const char *what) {
    perror(what);
    exit(111);
}

// A call that must not fail.
static inline int must(int result, const char *what) {
    if (result == -1) die(what);
    return result;
}

static inline double seconds(struct timeval time) {
    return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

// The processor's time is that of this process, without its children.
static inline struct clocks now(void) {
    struct timespec wall;
    struct rusage usage;
    clock_gettime(CLOCK_MONOTONIC, &wall);
    getrusage(RUSAGE_SELF, &usage);
    return (struct clocks){
        .wall = (double)wall.tv_sec + (double)wall.tv_nsec / 1e9,
        .cpu = seconds(usage.ru_utime) + seconds(usage.ru_stime),
    };
}

static inline void report(const char *work, long count, struct clocks begin, struct clocks end) {
    printf("%s %ld %.6f %.6f\n", work, count, end.wall - begin.wall, end.cpu - begin.cpu);
}

// 0, 1, … count-1 in an order that looks random and is the same everywhere: `count` and the step
// have no divisor in common, for the step is a prime greater than any count.
static inline long shuffled(long index, long count) {
    return (long)((unsigned long long)index * 2654435761ULL % (unsigned long long)count);
}

#endif
