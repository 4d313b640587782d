// Clone, and what the caller does before and after.
//
// The child shares the caller's memory (CLONE_VM), as after vfork(2): nothing is copied, however
// large the daemon is, and the calling thread sleeps until the child has executed its program or
// ended (CLONE_VFORK). Three things follow. The child needs a stack of its own, which can lie in
// the frame of the sleeping caller. It may call nothing that keeps a state in memory: system calls
// only, and of those glibc's setuid family not either, for it signals every thread of the process
// whose memory it sees. And it can tell a failure by writing it where the caller looks; a child
// that is killed on its way writes nothing, and is reported as any that was killed.
//
// Of the caller's descriptors it gets the low ones alone, among which are those that it needs
// (CLONE_FILES here, CLOSE_RANGE_UNSHARE in the child). Else all would be copied, only to be closed
// one by one when it executes: a quarter of what the start of 1,000 programs cost.

#define _GNU_SOURCE
#include "child.h"
#include "stage.h"

#include <errno.h>
#include <linux/sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { STACK_SIZE = 32 * 1024 };

// clone3(2) by hand: glibc has no wrapper, and syscall(3) cannot return on another stack.
static long clone_onto_stack(struct clone_args *args, void (*run)(const struct child *), const struct child *argument) {
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

// Whether the kernel objects to the cgroup rather than to a process more.
static int is_about_cgroup(int error) {
    return error == EACCES || error == EBUSY || error == ENOENT || error == ENODEV
        || error == EOPNOTSUPP;
}

static long clone_child(struct clone_args *args, struct child *child) {
    long pid = clone_onto_stack(args, clinux_run_child, child);
    // A cgroup of version 1, or a sandbox that does not know the flag.
    if ((pid != -EBADF && pid != -EINVAL && pid != -E2BIG) || !(args->flags & CLONE_INTO_CGROUP))
        return pid;
    args->flags &= ~(uint64_t)(CLONE_INTO_CGROUP | CLONE_FILES);
    args->cgroup = 0;
    child->moves = 1;
    // The number of the cgroup may be any.
    child->shares = 0;
    return clone_onto_stack(args, clinux_run_child, child);
}

// Waits for a child that has told of a failure.
static void reap(struct clinux_spawned *spawned) {
    siginfo_t info;
    while (waitid(P_PIDFD, (id_t)spawned->pidfd, &info, WEXITED) == -1 && errno == EINTR) {}
    close(spawned->pidfd);
    spawned->pidfd = -1;
}

int clinux_spawn(const struct clinux_spawn *spawn, struct clinux_spawned *spawned) {
    _Alignas(16) char stack[STACK_SIZE];
    int is_staged = clinux_enter_stage(spawn);
    *spawned = (struct clinux_spawned){.pid = -1, .pidfd = -1};
    struct child child = {
        .spawn = spawn,
        .report = spawned,
        .parent = spawn->parent_death_signal != 0 ? getpid() : 0,
        .shares = is_staged,
    };
    // Without a handler of ours (CLONE_CLEAR_SIGHAND), for it would run on our memory.
    struct clone_args args = {
        .flags = CLONE_VM | CLONE_VFORK | CLONE_PIDFD | CLONE_CLEAR_SIGHAND
            | (is_staged ? CLONE_FILES : 0),
        .pidfd = (uintptr_t)&spawned->pidfd,
        .exit_signal = SIGCHLD,
        .stack = (uintptr_t)stack,
        .stack_size = sizeof stack,
    };
    if (spawn->cgroup >= 0) {
        args.flags |= CLONE_INTO_CGROUP;
        args.cgroup = (uint64_t)spawn->cgroup;
    }
    long pid = clone_child(&args, &child);
    if (is_staged) clinux_leave_stage(spawn);
    if (pid < 0) {
        spawned->error = (int)-pid;
        spawned->step = spawn->cgroup >= 0 && is_about_cgroup(spawned->error)
            ? CLINUX_STEP_CGROUP
            : CLINUX_STEP_CLONE;
        return -1;
    }
    spawned->pid = (pid_t)pid;
    if (spawned->step == CLINUX_STEP_NONE) return 0;
    reap(spawned);
    return -1;
}
