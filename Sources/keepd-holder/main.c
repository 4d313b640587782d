// keepd-holder: the parent of keepd, which outlives it.
//
//   keepd-holder KEEPD ARGUMENTS…
//
// It does four things: it starts keepd, and again whenever it dies; it keeps the descriptors that
// keepd hands to it; it reaps whoever has lost his parent, and writes down how they ended; and it
// hands on the signals that are sent to it. It parses nothing, allocates nothing, and makes no
// system call while nothing happens. docs/survival.md tells what that is good for.
//
// Exit status: that of keepd, once it has ended by itself; 64 usage, 71 a system call failed.

#define _GNU_SOURCE
#include "holder.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const int64_t millisecond = 1000000, second = 1000 * millisecond;

/// A daemon that has lived this long did not die of its start.
static const int64_t steady_after = second;
static const int64_t delay_min = 10 * millisecond;
static const int64_t delay_max = second;
/// Where it did not even come to serve.
static const int64_t delay_max_unserved = 10 * second;

static sigset_t signals;
static int signal_descriptor;
/// That came while there was nobody to tell; bit n stands for signal n.
static uint64_t waiting_signals;
static const uint64_t ends = 1ull << SIGTERM | 1ull << SIGINT | 1ull << SIGQUIT;
/// How keepd ended, while the next one has not been started.
static siginfo_t last_end;
static int64_t delay, start_at;
static int has_served;

int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * second + time.tv_nsec;
}

_Noreturn void fail(const char *what) {
    dprintf(STDERR_FILENO, "keepd-holder: cannot %s: %s\n", what, strerror(errno));
    exit(71);
}

static void block_signals(void) {
    const int all[] = {
        SIGTERM, SIGINT, SIGQUIT, SIGPWR, SIGRTMIN + 3, SIGHUP, SIGUSR1, SIGUSR2, SIGCHLD,
    };
    // They mean nothing here, and would be the end.
    static const int others[] = {SIGPIPE, SIGALRM, SIGVTALRM, SIGPROF, SIGIO};
    sigemptyset(&signals);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        signal(all[i], SIG_DFL);
        sigaddset(&signals, all[i]);
    }
    sigset_t mask = signals;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) sigaddset(&mask, others[i]);
    if (sigprocmask(SIG_SETMASK, &mask, NULL) == -1) fail("block signals");
    signal_descriptor = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
    if (signal_descriptor == -1) fail("make a signalfd");
}

static void tell_daemon(void) {
    if (daemon_now.pid && waiting_signals & ends) daemon_now.is_ending = 1;
    for (int number = 1; daemon_now.pid && waiting_signals; number++) {
        if (waiting_signals >> number & 1) kill(daemon_now.pid, number);
        waiting_signals &= ~(1ull << number);
    }
}

static void take_signals(void) {
    struct signalfd_siginfo info;
    while (read(signal_descriptor, &info, sizeof info) == sizeof info) {
        if (info.ssi_signo == SIGCHLD) continue;
        // What a terminal sends goes to the whole group, and so to keepd itself.
        if (daemon_now.pid && info.ssi_code == SI_KERNEL) continue;
        // Container managers ask for the end by others than TERM.
        int is_halt = info.ssi_signo == SIGPWR || (int)info.ssi_signo == SIGRTMIN + 3;
        waiting_signals |= 1ull << (is_halt ? SIGTERM : info.ssi_signo);
    }
}

static int64_t next_delay(void) {
    if (daemon_now.is_serving && now() - daemon_now.started_at >= steady_after) return 0;
    int64_t max = daemon_now.is_serving ? delay_max : delay_max_unserved;
    int64_t next = delay == 0 ? delay_min : 2 * delay;
    return next < max ? next : max;
}

static void daemon_ended(const siginfo_t *info) {
    hear_daemon();
    if (daemon_now.socket >= 0) close(daemon_now.socket);
    has_served |= daemon_now.is_serving;
    // Programs of one that served are there: whoever comes after it has to get so far as well.
    if (info->si_code == CLD_EXITED && (daemon_now.is_serving || !has_served)) exit(info->si_status);
    delay = next_delay();
    start_at = now() + delay;
    last_end = *info;
    const char *how = info->si_code == CLD_EXITED ? "exited with" : "was ended by signal";
    dprintf(
        STDERR_FILENO, "keepd-holder: keepd (pid %d) %s %d; starting it again in %d ms\n",
        info->si_pid, how, info->si_status, (int)(delay / millisecond)
    );
    // Who was about to die may not have heard it.
    if (daemon_now.is_ending) waiting_signals |= 1ull << SIGTERM;
    daemon_now = (struct daemon){.socket = -1};
}

static void reap(void) {
    siginfo_t info = {0}, end = {0};
    int has_news = 0;
    while (waitid(P_ALL, 0, &info, WEXITED | WNOHANG) == 0 && info.si_pid != 0) {
        if (info.si_pid == daemon_now.pid) {
            end = info;
        } else {
            record_exit(&info);
            has_news = 1;
        }
        info.si_pid = 0;
    }
    // After the others, for it may be the end of this process as well.
    if (end.si_pid != 0) daemon_ended(&end);
    else if (has_news) ring_daemon();
}

static void start_if_due(void) {
    // Whoever wants it to end wants it to be there first.
    if (daemon_now.pid || (now() < start_at && !(waiting_signals & ends))) return;
    start_daemon(last_end.si_pid ? &last_end : NULL);
}

static void wait_for_news(void) {
    struct pollfd news[] = {
        {.fd = signal_descriptor, .events = POLLIN},
        {.fd = daemon_now.socket, .events = POLLIN},
    };
    int64_t rest = start_at > now() ? start_at - now() : 0;
    struct timespec patience = {rest / second, rest % second};
    ppoll(news, 2, daemon_now.pid ? NULL : &patience, NULL);
}

int main(int argc, char **argv, char **variables) {
    if (argc < 2) {
        dprintf(STDERR_FILENO, "usage: keepd-holder KEEPD ARGUMENTS…\n");
        return 64;
    }
    if (prctl(PR_SET_CHILD_SUBREAPER, 1) == -1) fail("become a subreaper");
    block_signals();
    make_memory();
    prepare_daemon(argv + 1, variables);
    while (1) {
        start_if_due();
        tell_daemon();
        wait_for_news();
        take_signals();
        hear_daemon();
        reap();
    }
}
