#define _GNU_SOURCE
#include "holder.h"

#include <sys/mman.h>
#include <unistd.h>

int memory;

// What the memory says, for this process never reads it: 256 KiB of zeros that are not there until
// they are used. A descriptor is kept as its number and one, so that 0 is none.
static int kept[CLINUX_HOLDER_SLOTS];
static struct clinux_holder_header header = {.version = CLINUX_HOLDER_VERSION};

// Written with pwrite(2) and not by a mapping, so that the pages are not this process's as well.
static void put(const void *bytes, size_t size, size_t place) {
    if (pwrite(memory, bytes, size, (off_t)place) != (ssize_t)size) fail("write the memory");
}

static void put_header(void) {
    put(&header, sizeof header, 0);
}

void make_memory(void) {
    memory = memfd_create("keepd-holder", 0);
    if (memory == -1) fail("make the memory");
    put_header();
}

void obey(const struct clinux_holder_request *request, int descriptor) {
    uint32_t slot = request->slot;
    if (request->order == CLINUX_HOLDER_SERVING) daemon_now.is_serving = 1;
    if (request->order == CLINUX_HOLDER_ENDING) daemon_now.is_ending = 1;
    int is_kept = request->order == CLINUX_HOLDER_KEEP && descriptor >= 0;
    if (slot >= CLINUX_HOLDER_SLOTS || !(is_kept || request->order == CLINUX_HOLDER_FORGET)) {
        if (descriptor >= 0) close(descriptor);
        return;
    }
    if (kept[slot] > 0) close(kept[slot] - 1);
    kept[slot] = is_kept ? descriptor + 1 : 0;
    struct clinux_holder_slot entry = {.descriptor = kept[slot] - 1};
    for (size_t i = 0; i < sizeof entry.name - 1; i++) entry.name[i] = request->name[i];
    put(&entry, sizeof entry, CLINUX_HOLDER_SLOTS_AT + slot * sizeof entry);
    if (slot < header.slots) return;
    header.slots = slot + 1;
    put_header();
}

static struct clinux_holder_exit exit_of(const siginfo_t *info) {
    return (struct clinux_holder_exit){
        .pid = info->si_pid,
        .code = info->si_code,
        .status = info->si_status,
        .nanoseconds = now(),
    };
}

void record_exit(const siginfo_t *info) {
    struct clinux_holder_exit record = exit_of(info);
    size_t place = header.exits % CLINUX_HOLDER_EXITS;
    put(&record, sizeof record, CLINUX_HOLDER_EXITS_AT + place * sizeof record);
    header.exits += 1;
    put_header();
}

void record_start(const siginfo_t *last) {
    if (last) header.last = exit_of(last);
    header.starts += 1;
    put_header();
}
