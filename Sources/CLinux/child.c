// The steps of a child between clone and exec; spawn.c says what may be called here.
//
// Their order: what needs the caller's privileges, or /proc as the caller sees it, comes before the
// root directory and the identity change; what a change of identity would take back (capabilities,
// the parent-death signal), or what is the program's own affair (its directory), comes after.
//
// Most calls are made by syscall(2), for what glibc wraps a sanitizer wraps once more, and that keeps
// a state which the child must not touch.

#define _GNU_SOURCE
#include "child.h"
#include "stage.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/// For 8,192 processors, the most that Linux is built for.
enum { PROCESSOR_WORDS = 8192 / 8 / sizeof(unsigned long) };

static _Noreturn void give_up(const struct child *child, int step) {
    child->report->error = errno;
    child->report->step = step;
    for (;;) syscall(SYS_exit_group, 127);
}

// Of several of a kind, says which.
static _Noreturn void give_up_at(const struct child *child, int step, int index) {
    child->report->index = index;
    give_up(child, step);
}

// Writes a number in decimal, with a NUL after it.
static void write_number(char *text, int number) {
    char digits[12];
    int count = 0;
    unsigned rest = number < 0 ? -(unsigned)number : (unsigned)number;
    do {
        digits[count++] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (number < 0) *text++ = '-';
    while (count > 0) *text++ = digits[--count];
    *text = '\0';
}

// Returns -1 with errno where the file does not take it.
static int write_file(int directory, const char *path, int number) {
    char text[13];
    size_t length = 0;
    write_number(text, number);
    while (text[length]) length++;
    int fd = (int)syscall(SYS_openat, directory, path, O_WRONLY | O_CLOEXEC);
    if (fd == -1) return -1;
    long count = syscall(SYS_write, fd, text, length);
    int error = errno;
    syscall(SYS_close, fd);
    errno = error;
    return count == -1 ? -1 : 0;
}

// From here on the descriptors are its own, and only the low ones.
static void part_descriptors(const struct child *child) {
    if (!child->shares) return;
    if (syscall(SYS_close_range, LOW_DESCRIPTORS, ~0u, CLOSE_RANGE_UNSHARE) == 0) return;
    // A sandbox that does not know the call.
    if (syscall(SYS_unshare, CLONE_FILES) == -1) give_up(child, CLINUX_STEP_DUP);
}

static void join_cgroup(const struct child *child) {
    // The number of whoever writes it.
    if (child->moves && write_file(child->spawn->cgroup, "cgroup.procs", 0) == -1)
        give_up(child, CLINUX_STEP_CGROUP);
}

static void join_family(const struct child *child) {
    enum clinux_family family = child->spawn->family;
    if (family == CLINUX_FAMILY_GROUP && setpgid(0, 0) == -1)
        give_up(child, CLINUX_STEP_SETPGID);
    if (family >= CLINUX_FAMILY_SESSION && setsid() == -1) give_up(child, CLINUX_STEP_SETSID);
}

// Whoever stands in the place of another is moved behind all places first.
static void place_descriptors(const struct child *child) {
    struct clinux_descriptor *all = child->spawn->descriptors;
    size_t count = child->spawn->descriptor_count;
    int last = 2;
    for (size_t i = 0; i < count; i++)
        if (all[i].to > last) last = all[i].to;
    for (size_t i = 0; i < count; i++) {
        if (all[i].from > last) continue;
        all[i].from = (int)syscall(SYS_fcntl, all[i].from, F_DUPFD_CLOEXEC, last + 1);
        if (all[i].from == -1) give_up_at(child, CLINUX_STEP_DUP, all[i].to);
    }
    // Ours are close-on-exec one by one; this is for those that came to us without it.
    syscall(SYS_close_range, 3u, ~0u, CLOSE_RANGE_CLOEXEC);
    for (size_t i = 0; i < count; i++)
        if (syscall(SYS_dup3, all[i].from, all[i].to, 0) == -1)
            give_up_at(child, CLINUX_STEP_DUP, all[i].to);
    if (child->spawn->family == CLINUX_FAMILY_TERMINAL && syscall(SYS_ioctl, 0, TIOCSCTTY, 0) == -1)
        give_up(child, CLINUX_STEP_TERMINAL);
}

static int has(const unsigned long *words, size_t bytes, size_t number) {
    size_t bits = 8 * sizeof *words;
    return number < 8 * bytes && words[number / bits] >> number % bits & 1;
}

// The kernel takes those that are there, and says nothing of the others.
static void bind_to_processors(const struct child *child) {
    const struct clinux_spawn *spawn = child->spawn;
    unsigned long given[PROCESSOR_WORDS];
    if (!spawn->affinity) return;
    long result = syscall(SYS_sched_setaffinity, 0, spawn->affinity_bytes, spawn->affinity);
    size_t bytes = 0;
    if (result == 0) result = syscall(SYS_sched_getaffinity, 0, sizeof given, given);
    if (result > 0) bytes = (size_t)result;
    for (size_t number = 0; number < 8 * spawn->affinity_bytes; number++) {
        if (!has(spawn->affinity, spawn->affinity_bytes, number) || has(given, bytes, number))
            continue;
        // EINVAL where none is there.
        if (result > 0 || errno == EINVAL) errno = ENODEV;
        give_up_at(child, CLINUX_STEP_AFFINITY, (int)number);
    }
}

static void set_limits(const struct child *child) {
    const struct clinux_spawn *spawn = child->spawn;
    if (spawn->changes_nice && setpriority(PRIO_PROCESS, 0, spawn->nice) == -1)
        give_up(child, CLINUX_STEP_NICE);
    if (spawn->changes_oom_score_adjust
        && write_file(AT_FDCWD, "/proc/self/oom_score_adj", spawn->oom_score_adjust) == -1)
        give_up(child, CLINUX_STEP_OOM_SCORE);
    bind_to_processors(child);
    // Last, for with few descriptors no file can be opened while the caller's are still there.
    for (size_t i = 0; i < spawn->limit_count; i++) {
        const struct clinux_limit *limit = &spawn->limits[i];
        struct rlimit64 value = {.rlim_cur = limit->soft, .rlim_max = limit->hard};
        if (prlimit64(0, limit->resource, &value, NULL) == -1)
            give_up_at(child, CLINUX_STEP_SETRLIMIT, (int)i);
    }
}

static void change_root(const struct child *child) {
    const char *root = child->spawn->root;
    // A working directory outside of it would lead back out.
    if (root && (chroot(root) == -1 || chdir("/") == -1)) give_up(child, CLINUX_STEP_CHROOT);
}

static void bound_capabilities(const struct child *child) {
    const struct clinux_capabilities *wanted = &child->spawn->capabilities;
    if (!child->spawn->changes_capabilities) return;
    for (int number = 0; number < 64; number++) {
        if (wanted->bounding & (UINT64_C(1) << number)) continue;
        // -1 for one that this kernel does not know.
        if (syscall(SYS_prctl, PR_CAPBSET_READ, number, 0, 0, 0) != 1) continue;
        if (syscall(SYS_prctl, PR_CAPBSET_DROP, number, 0, 0, 0) == -1)
            give_up_at(child, CLINUX_STEP_BOUNDING, number);
    }
    // Else those that shall stay would go with the identity.
    if (syscall(SYS_prctl, PR_SET_KEEPCAPS, 1, 0, 0, 0) == -1) give_up(child, CLINUX_STEP_CAPSET);
}

static void set_identity(const struct child *child) {
    const struct clinux_spawn *spawn = child->spawn;
    if (!spawn->changes_identity) return;
    if (syscall(SYS_setgroups, spawn->group_count, spawn->groups) == -1)
        give_up(child, CLINUX_STEP_SETGROUPS);
    if (syscall(SYS_setresgid, spawn->gid, spawn->gid, spawn->gid) == -1)
        give_up(child, CLINUX_STEP_SETGID);
    if (syscall(SYS_setresuid, spawn->uid, spawn->uid, spawn->uid) == -1)
        give_up(child, CLINUX_STEP_SETUID);
}

static void raise_capabilities(const struct child *child) {
    const struct clinux_capabilities *wanted = &child->spawn->capabilities;
    if (!child->spawn->changes_capabilities) return;
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[2];
    if (syscall(SYS_capget, &header, data) == -1) give_up(child, CLINUX_STEP_CAPSET);
    // A capability can be ambient only where it is inheritable.
    uint64_t inheritable = wanted->inheritable | wanted->ambient;
    data[0].inheritable = (uint32_t)inheritable;
    data[1].inheritable = (uint32_t)(inheritable >> 32);
    if (syscall(SYS_capset, &header, data) == -1) give_up(child, CLINUX_STEP_CAPSET);
    if (syscall(SYS_prctl, PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) == -1)
        give_up(child, CLINUX_STEP_AMBIENT);
    for (int number = 0; number < 64; number++) {
        if (!(wanted->ambient & (UINT64_C(1) << number))) continue;
        if (syscall(SYS_prctl, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, number, 0, 0) == -1)
            give_up_at(child, CLINUX_STEP_AMBIENT, number);
    }
}

static void bind_to_parent(const struct child *child) {
    int signal = child->spawn->parent_death_signal;
    if (signal == 0) return;
    if (syscall(SYS_prctl, PR_SET_PDEATHSIG, signal, 0, 0, 0) == -1)
        give_up(child, CLINUX_STEP_PARENT_DEATH);
    // It may have died before, and then no signal comes.
    errno = ESRCH;
    if (getppid() != child->parent) give_up(child, CLINUX_STEP_PARENT_DEATH);
}

// Handlers are gone already; what is ignored would stay so in the program.
static void reset_signals(uint64_t ignored) {
    uint64_t action[8] = {0};
    for (int signal = 1; ignored; signal++, ignored >>= 1)
        if (ignored & 1) syscall(SYS_rt_sigaction, signal, action, NULL, sizeof(uint64_t));
    uint64_t none = 0;
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &none, NULL, sizeof none);
}

// As execvpe(3) searches: a candidate that is not there is passed over, one that may not be
// executed is remembered.
static void execute(const struct clinux_spawn *spawn) {
    int error = ENOENT;
    for (const char *const *path = spawn->candidates; *path; path++) {
        execve(*path, spawn->argv, spawn->envp);
        if (errno == EACCES) error = EACCES;
        else if (errno != ENOENT && errno != ENOTDIR) return;
    }
    errno = error;
}

_Noreturn void clinux_run_child(const struct child *child) {
    const struct clinux_spawn *spawn = child->spawn;
    part_descriptors(child);
    join_cgroup(child);
    join_family(child);
    place_descriptors(child);
    if (spawn->mask >= 0) umask((mode_t)spawn->mask);
    set_limits(child);
    change_root(child);
    bound_capabilities(child);
    set_identity(child);
    raise_capabilities(child);
    bind_to_parent(child);
    if (spawn->no_new_privileges && syscall(SYS_prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1)
        give_up(child, CLINUX_STEP_NO_NEW_PRIVILEGES);
    if (spawn->directory && chdir(spawn->directory) == -1) give_up(child, CLINUX_STEP_CHDIR);
    for (char *const *slot = spawn->pid_slots; *slot; slot++) write_number(*slot, getpid());
    reset_signals(spawn->ignored);
    execute(spawn);
    give_up(child, CLINUX_STEP_EXEC);
}
