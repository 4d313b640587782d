// Places with low numbers, for the descriptors of a child that is about to be made.
//
// A new descriptor gets the lowest number that is free, which is a high one in a process that has
// thousands. So some low ones are taken when the first child is made, and kept.

#define _GNU_SOURCE
#include "stage.h"

#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

enum { PLACES = 8 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
// What stands in the places between two children; -1 before the first.
static int nothing = -1;
static int places[PLACES];

static void build(void) {
    nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
    for (int i = 0; i < PLACES; i++)
        places[i] = nothing == -1 ? -1 : fcntl(nothing, F_DUPFD_CLOEXEC, 3);
}

static int put_up(const struct clinux_spawn *spawn) {
    if (nothing == -1) build();
    if (spawn->descriptor_count > PLACES) return 0;
    for (size_t i = 0; i < spawn->descriptor_count; i++)
        if (places[i] == -1 || places[i] >= LOW_DESCRIPTORS
            || dup3(spawn->descriptors[i].from, places[i], O_CLOEXEC) == -1)
            return 0;
    for (size_t i = 0; i < spawn->descriptor_count; i++) spawn->descriptors[i].from = places[i];
    return 1;
}

int clinux_enter_stage(const struct clinux_spawn *spawn) {
    // That another thread makes a child is no reason to wait for it.
    if (pthread_mutex_trylock(&lock) != 0) return 0;
    if (put_up(spawn)) return 1;
    pthread_mutex_unlock(&lock);
    return 0;
}

void clinux_leave_stage(const struct clinux_spawn *spawn) {
    for (size_t i = 0; i < spawn->descriptor_count; i++) dup3(nothing, places[i], O_CLOEXEC);
    pthread_mutex_unlock(&lock);
}
