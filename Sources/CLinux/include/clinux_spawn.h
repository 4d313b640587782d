#ifndef CLINUX_SPAWN_H
#define CLINUX_SPAWN_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// The step of a spawn that failed. The order is the order in which they are taken.
enum clinux_step {
    CLINUX_STEP_NONE = 0,
    CLINUX_STEP_CLONE,
    CLINUX_STEP_CGROUP,
    CLINUX_STEP_SETSID,
    CLINUX_STEP_SETPGID,
    CLINUX_STEP_DUP,
    CLINUX_STEP_TERMINAL,
    CLINUX_STEP_SETRLIMIT,
    CLINUX_STEP_NICE,
    CLINUX_STEP_OOM_SCORE,
    CLINUX_STEP_AFFINITY,
    CLINUX_STEP_CHROOT,
    CLINUX_STEP_BOUNDING,
    CLINUX_STEP_SETGROUPS,
    CLINUX_STEP_SETGID,
    CLINUX_STEP_SETUID,
    CLINUX_STEP_CAPSET,
    CLINUX_STEP_AMBIENT,
    CLINUX_STEP_PARENT_DEATH,
    CLINUX_STEP_NO_NEW_PRIVILEGES,
    CLINUX_STEP_CHDIR,
    CLINUX_STEP_EXEC,
};

/// To which session and process group the child belongs.
enum clinux_family {
    /// Those of the caller.
    CLINUX_FAMILY_INHERIT = 0,
    CLINUX_FAMILY_GROUP,
    CLINUX_FAMILY_SESSION,
    /// A session whose controlling terminal is the descriptor 0.
    CLINUX_FAMILY_TERMINAL,
};

struct clinux_descriptor {
    int from;
    int to;
};

struct clinux_limit {
    /// One of RLIMIT_*.
    int resource;
    /// UINT64_MAX is RLIM_INFINITY.
    uint64_t soft, hard;
};

/// Sets of capabilities(7); bit n stands for capability n.
struct clinux_capabilities {
    uint64_t ambient, inheritable;
    /// What is not in it is dropped; all ones to drop nothing.
    uint64_t bounding;
};

/// What to run, and in which circumstances. All pointers are borrowed for the call.
struct clinux_spawn {
    /// Paths to try in this order, ended by NULL.
    const char *const *candidates;
    char *const *argv;
    char *const *envp;
    /// Places with room for 11 bytes, ended by NULL: the child writes its process id there.
    char *const *pid_slots;
    /// Those that the program gets, with 0, 1 and 2. Written to: `from` may change.
    struct clinux_descriptor *descriptors;
    size_t descriptor_count;
    enum clinux_family family;
    /// The directory of a cgroup to be born in, or -1.
    int cgroup;
    /// Permission bits to withhold, or -1 to inherit.
    int mask;
    const struct clinux_limit *limits;
    size_t limit_count;
    /// 0 to inherit.
    int changes_nice;
    int nice;
    int changes_oom_score_adjust;
    int oom_score_adjust;
    /// Processors, bit by bit; NULL to stay on the caller's.
    const unsigned long *affinity;
    size_t affinity_bytes;
    /// NULL to stay.
    const char *root;
    const char *directory;
    /// 0 to keep the caller's identity.
    int changes_identity;
    uid_t uid;
    gid_t gid;
    const gid_t *groups;
    size_t group_count;
    /// 0 to keep what the kernel leaves of the caller's.
    int changes_capabilities;
    struct clinux_capabilities capabilities;
    int no_new_privileges;
    /// Sent when the calling thread ends; 0 for none.
    int parent_death_signal;
    /// Signals that the caller may ignore, and the child shall not; bit n-1 stands for signal n.
    uint64_t ignored;
};

struct clinux_spawned {
    pid_t pid;
    /// Owned by the caller.
    int pidfd;
    /// Where it failed, if it did, and with which errno.
    int step;
    int error;
    /// Of the limit or the capability that failed.
    int index;
};

/// Starts a process. Returns 0, or -1 with `step` and `error` filled in; then no process is left.
int clinux_spawn(const struct clinux_spawn *spawn, struct clinux_spawned *spawned);

#endif
