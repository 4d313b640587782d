#define _GNU_SOURCE
#include "CLinux.h"

#include <pthread.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

static sigset_t set_of(uint64_t mask) {
    sigset_t set;
    sigemptyset(&set);
    for (int signal = 1; signal <= 64; signal++)
        if (mask & (UINT64_C(1) << (signal - 1))) sigaddset(&set, signal);
    return set;
}

void clinux_default_signals(void) {
    // All zeros is SIG_DFL, whatever the kernel's own struct looks like here. glibc's sigaction
    // keeps 32 and 33 to itself, and they would stay ignored for ever where a parent ignored them.
    uint64_t action[8] = {0};
    for (int signal = 1; signal < NSIG; signal++)
        syscall(SYS_rt_sigaction, signal, action, NULL, sizeof(uint64_t));
}

uint64_t clinux_ignored_signals(void) {
    uint64_t ignored = 0, action[8];
    for (int signal = 1; signal < NSIG; signal++) {
        // The handler comes first in the kernel's own struct, and 1 is SIG_IGN.
        if (syscall(SYS_rt_sigaction, signal, NULL, action, sizeof(uint64_t)) == 0
            && action[0] == 1)
            ignored |= UINT64_C(1) << (signal - 1);
    }
    return ignored;
}

void clinux_set_signal_mask(uint64_t mask, uint64_t *before) {
    sigset_t set = set_of(mask), old;
    pthread_sigmask(SIG_SETMASK, &set, &old);
    if (!before) return;
    *before = 0;
    for (int signal = 1; signal <= 64; signal++)
        if (sigismember(&old, signal) == 1) *before |= UINT64_C(1) << (signal - 1);
}

int clinux_signalfd(int fd, uint64_t mask) {
    sigset_t set = set_of(mask);
    return signalfd(fd, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}
