#ifndef CLINUX_HOLDER_H
#define CLINUX_HOLDER_H

// What keepd and keepd-holder, which outlives it, say to each other; docs/survival.md tells why.
//
// The holder starts keepd with `KEEPD_HOLDER=PID:SOCKET:MEMORY` in its environment: its own process
// id, and the numbers of two descriptors. Over the socket (SOCK_SEQPACKET) keepd sends requests of
// type `clinux_holder_request`; the holder sends single bytes, each of which says "look at the
// memory". The memory is a file, memfd_create(2), into which only the holder writes: one `header`,
// then the ring of exits, then the slots of what it keeps. Whatever is kept is open in a keepd that
// the holder starts, under the numbers that the slots say.

#include <stdint.h>

enum {
    /// Of the layout below. Who finds another leaves all of it alone.
    CLINUX_HOLDER_VERSION = 1,
    CLINUX_HOLDER_SLOTS = 65536,
    CLINUX_HOLDER_EXITS = 4096,
    /// With the NUL at the end.
    CLINUX_HOLDER_NAME = 256,
};

enum clinux_holder_order {
    /// Keep the descriptor that comes along, in place of what the slot held before.
    CLINUX_HOLDER_KEEP = 1,
    CLINUX_HOLDER_FORGET = 2,
    /// From now on, keepd ends only if it means to.
    CLINUX_HOLDER_SERVING = 3,
    /// It was told to end. If it dies before it has, the next one is told so as well.
    CLINUX_HOLDER_ENDING = 4,
};

struct clinux_holder_request {
    uint32_t order;
    /// Less than `CLINUX_HOLDER_SLOTS`; chosen by keepd.
    uint32_t slot;
    char name[CLINUX_HOLDER_NAME];
};

/// A child of the holder that has ended, as waitid(2) says it.
struct clinux_holder_exit {
    int32_t pid;
    int32_t code;
    int32_t status;
    int32_t padding;
    /// CLOCK_MONOTONIC, when it was reaped.
    int64_t nanoseconds;
};

struct clinux_holder_slot {
    /// -1 for none.
    int32_t descriptor;
    char name[CLINUX_HOLDER_NAME];
};

struct clinux_holder_header {
    uint32_t version;
    /// How many slots were ever used; those after them are free.
    uint32_t slots;
    /// How many exits there were; the last of them is number `exits - 1`, at that place in the ring.
    uint64_t exits;
    /// How often keepd was started, and how the one before this one ended; a pid of 0 for the first.
    uint64_t starts;
    struct clinux_holder_exit last;
};

enum {
    CLINUX_HOLDER_EXITS_AT = 4096,
    CLINUX_HOLDER_SLOTS_AT =
        CLINUX_HOLDER_EXITS_AT + CLINUX_HOLDER_EXITS * (int)sizeof(struct clinux_holder_exit),
};

#endif
