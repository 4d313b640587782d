#define _GNU_SOURCE
#include "CLinux.h"

#include <link.h>
#include <pthread.h>
#include <sys/auxv.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

int clinux_pidfd_open(pid_t pid) {
    return (int)syscall(SYS_pidfd_open, pid, 0u);
}

int clinux_pidfd_send_signal(int pidfd, int signal) {
    return (int)syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0u);
}

static int64_t microseconds(struct timeval time) {
    return (int64_t)time.tv_sec * 1000000 + time.tv_usec;
}

int clinux_pidfd_reap(int pidfd, struct clinux_ended *ended) {
    siginfo_t info = {0};
    struct rusage usage;
    // The call itself: glibc's waitid does not pass on the usage.
    if (syscall(SYS_waitid, P_PIDFD, pidfd, &info, WEXITED | WNOHANG, &usage) == -1) return -1;
    if (info.si_pid == 0) return 0;
    *ended = (struct clinux_ended){
        .code = info.si_code,
        .status = info.si_status,
        .user_microseconds = microseconds(usage.ru_utime),
        .system_microseconds = microseconds(usage.ru_stime),
        .resident_kilobytes_max = usage.ru_maxrss,
    };
    return 1;
}

pid_t clinux_peek_exited(void) {
    siginfo_t info = {0};
    if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == -1) return -1;
    return info.si_pid;
}

int clinux_reap(pid_t pid, struct clinux_ended *ended) {
    siginfo_t info = {0};
    if (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG) == -1) return -1;
    *ended = (struct clinux_ended){.code = info.si_code, .status = info.si_status};
    return 0;
}

// Of <linux/pidfd.h>, which is older in Debian 12: the first version of the structure.
struct pidfd_info {
    uint64_t mask, cgroup;
    uint32_t ids[11];
    int32_t exit_code;
};
#define PIDFD_GET_INFO _IOWR(0xFF, 11, struct pidfd_info)
#define PIDFD_INFO_EXIT (1ull << 3)

int clinux_pidfd_exit_status(int pidfd, int *status) {
    struct pidfd_info info = {.mask = PIDFD_INFO_EXIT};
    if (ioctl(pidfd, PIDFD_GET_INFO, &info) == -1) return -1;
    *status = info.exit_code;
    return (info.mask & PIDFD_INFO_EXIT) != 0;
}

int clinux_become_subreaper(void) {
    return prctl(PR_SET_CHILD_SUBREAPER, 1);
}

void clinux_name_thread(pthread_t thread, const char *name) {
    pthread_setname_np(thread, name);
}

// Code is never written to, so that nothing is lost; segments that may hold relocated words, which
// would be, are not executable.
static int forget_code(struct dl_phdr_info *object, size_t size, void *unused) {
    (void)size, (void)unused;
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    for (int i = 0; i < object->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &object->dlpi_phdr[i];
        if (segment->p_type != PT_LOAD || !(segment->p_flags & PF_X) || segment->p_flags & PF_W)
            continue;
        uintptr_t start = object->dlpi_addr + segment->p_vaddr;
        uintptr_t first = (start + page - 1) & ~(page - 1);
        uintptr_t end = (start + segment->p_memsz) & ~(page - 1);
        if (end > first) madvise((void *)first, end - first, MADV_DONTNEED);
    }
    return 0;
}

const char *clinux_executed_name(void) {
    return (const char *)getauxval(AT_EXECFN);
}

void clinux_close_on_exec(void) {
    syscall(SYS_close_range, 3u, ~0u, CLOSE_RANGE_CLOEXEC);
}

void clinux_forget_code(void) {
    dl_iterate_phdr(forget_code, NULL);
}
