#ifndef CLINUX_CHILD_H
#define CLINUX_CHILD_H

#include "CLinux.h"

/// What the child knows, in memory that it shares with the caller.
struct child {
    const struct clinux_spawn *spawn;
    /// Where the failure is told; `step` comes last, and makes it one.
    volatile struct clinux_spawned *report;
    pid_t parent;
    /// Whether it was not born in its cgroup, and has to move there.
    int moves;
    /// Whether its descriptors are the caller's.
    int shares;
};

/// Takes all steps up to the program; the end of the child if one fails.
_Noreturn void clinux_run_child(const struct child *child);

#endif
