// Between clone and exec.
//
// The child shares the caller's memory (CLONE_VM), as after vfork(2): nothing is copied, however
// large the daemon is, and the calling thread sleeps until the child has executed its program or
// given up (CLONE_VFORK). Two things follow. The child needs a stack of its own, which can lie in
// the frame of the sleeping caller. And it may call nothing that keeps a state in memory: system
// calls only, and of those glibc's setuid family not either, for it signals every thread of the
// process whose memory it sees.

#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { STACK_SIZE = 32 * 1024 };

struct child {
    const struct clinux_spawn *spawn;
    int report;
};

struct report {
    int step;
    int error;
};

static _Noreturn void give_up(const struct child *child, int step) {
    struct report report = {.step = step, .error = errno};
    // A write that fails cannot be told to anybody.
    (void)!write(child->report, &report, sizeof report);
    _exit(127);
}

static void reset_signals(void) {
    clinux_default_signals();
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

static void limit_open_files(const struct child *child) {
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = (rlim_t)child->spawn->open_files;
    if (setrlimit(RLIMIT_NOFILE, &limit) == -1) give_up(child, CLINUX_STEP_SETRLIMIT);
}

static void set_identity(const struct child *child) {
    const struct clinux_spawn *spawn = child->spawn;
    if (syscall(SYS_setgroups, spawn->group_count, spawn->groups) == -1)
        give_up(child, CLINUX_STEP_SETGROUPS);
    if (syscall(SYS_setresgid, spawn->gid, spawn->gid, spawn->gid) == -1)
        give_up(child, CLINUX_STEP_SETGID);
    if (syscall(SYS_setresuid, spawn->uid, spawn->uid, spawn->uid) == -1)
        give_up(child, CLINUX_STEP_SETUID);
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

static int run_child(void *argument) {
    const struct child *child = argument;
    const struct clinux_spawn *spawn = child->spawn;
    if (setsid() == -1) give_up(child, CLINUX_STEP_SETSID);
    for (int fd = 0; fd < 3; fd++)
        if (dup2(spawn->stdio[fd], fd) == -1) give_up(child, CLINUX_STEP_DUP);
    if (spawn->mask >= 0) umask((mode_t)spawn->mask);
    if (spawn->open_files >= 0) limit_open_files(child);
    if (spawn->changes_identity) set_identity(child);
    // After the change of identity: whether it may be there is the program's own affair.
    if (spawn->directory && chdir(spawn->directory) == -1) give_up(child, CLINUX_STEP_CHDIR);
    // Ours are close-on-exec one by one; this is for those that came to us without it. The report
    // has to stay open until the program runs.
    syscall(SYS_close_range, 3u, ~0u, CLOSE_RANGE_CLOEXEC);
    reset_signals();
    execute(spawn);
    give_up(child, CLINUX_STEP_EXEC);
}

// clone3(2) by hand: glibc has no wrapper, and syscall(3) cannot return on another stack.
static long clone_onto_stack(struct clone_args *args, int (*run)(void *), void *argument) {
#if defined(__x86_64__)
    long result;
    __asm__ volatile(
        "syscall\n\t"
        "testq %%rax, %%rax\n\t"
        "jnz 1f\n\t"
        "xorl %%ebp, %%ebp\n\t"
        "movq %[argument], %%rdi\n\t"
        "callq *%[run]\n\t"
        "hlt\n"
        "1:"
        : "=a"(result)
        : "a"((long)SYS_clone3), "D"(args), "S"(sizeof *args), [run] "r"(run),
          [argument] "r"(argument)
        : "rcx", "r11", "cc", "memory");
    return result;
#elif defined(__aarch64__)
    register long x8 __asm__("x8") = SYS_clone3;
    register void *x0 __asm__("x0") = args;
    register size_t x1 __asm__("x1") = sizeof *args;
    __asm__ volatile(
        "svc #0\n\t"
        "cbnz x0, 1f\n\t"
        "mov x29, xzr\n\t"
        "mov x0, %[argument]\n\t"
        "blr %[run]\n\t"
        "brk #1\n"
        "1:"
        : "+r"(x0)
        : "r"(x8), "r"(x1), [run] "r"(run), [argument] "r"(argument)
        : "cc", "memory");
    return (long)x0;
#else
#error "clone3 is not written for this processor"
#endif
}

static int fail(struct clinux_spawned *spawned, int step, int error) {
    spawned->step = step;
    spawned->error = error;
    return -1;
}

int clinux_spawn(const struct clinux_spawn *spawn, struct clinux_spawned *spawned) {
    _Alignas(16) char stack[STACK_SIZE];
    int report[2];
    *spawned = (struct clinux_spawned){.pid = -1, .pidfd = -1};
    if (pipe2(report, O_CLOEXEC) == -1) return fail(spawned, CLINUX_STEP_CLONE, errno);

    struct child child = {.spawn = spawn, .report = report[1]};
    struct clone_args args = {
        .flags = CLONE_VM | CLONE_VFORK | CLONE_PIDFD,
        .pidfd = (uintptr_t)&spawned->pidfd,
        .exit_signal = SIGCHLD,
        .stack = (uintptr_t)stack,
        .stack_size = sizeof stack,
    };
    // No handler of ours may run in the child, on our memory.
    uint64_t mask;
    clinux_set_signal_mask(~UINT64_C(0), &mask);
    long pid = clone_onto_stack(&args, run_child, &child);
    clinux_set_signal_mask(mask, NULL);

    close(report[1]);
    if (pid < 0) {
        close(report[0]);
        return fail(spawned, CLINUX_STEP_CLONE, (int)-pid);
    }
    spawned->pid = (pid_t)pid;
    struct report failure;
    // The child has executed or ended: this does not wait.
    ssize_t count = read(report[0], &failure, sizeof failure);
    close(report[0]);
    if (count != sizeof failure) return 0;

    siginfo_t info;
    while (waitid(P_PIDFD, (id_t)spawned->pidfd, &info, WEXITED) == -1 && errno == EINTR) {}
    close(spawned->pidfd);
    spawned->pidfd = -1;
    return fail(spawned, failure.step, failure.error);
}
