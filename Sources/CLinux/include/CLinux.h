#ifndef CLINUX_H
#define CLINUX_H

// What Swift cannot say by itself: system calls without a name in glibc, calls whose declarations
// need _GNU_SOURCE, and all that happens between clone and exec. No logic elsewhere, no state, no
// allocation.
//
// This header must neither define _GNU_SOURCE nor include more than the following: the module it
// is part of would otherwise disagree with Swift's own module of glibc ("__fds_bits").

#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/types.h>

// --- spawn.c and child.c

#include "clinux_spawn.h"

// --- keepd-holder

#include "clinux_holder.h"

// --- process.c

/// pidfd_open(2).
int clinux_pidfd_open(pid_t pid);

/// pidfd_send_signal(2).
int clinux_pidfd_send_signal(int pidfd, int signal);

/// How a process ended, and what it has used by then.
struct clinux_ended {
    /// `si_code` and `si_status` of waitid(2).
    int code;
    int status;
    int64_t user_microseconds, system_microseconds;
    long resident_kilobytes_max;
};

/// waitid(2) on a pidfd.
/// Returns 1 if it ended, 0 if it still runs, -1 with errno on failure.
int clinux_pidfd_reap(int pidfd, struct clinux_ended *ended);

/// Which child has ended, without reaping it, waitid(2) with WNOWAIT.
/// Returns its process id, 0 if there is none, -1 with errno on failure.
pid_t clinux_peek_exited(void);

/// Reaps the child `pid`, which has ended; says no more than how. Returns 0, or -1 with errno.
int clinux_reap(pid_t pid, struct clinux_ended *ended);

/// How a process ended that somebody else has reaped: PIDFD_GET_INFO of ioctl(2), with
/// PIDFD_INFO_EXIT, Linux 6.15. Returns 1 with the status as of wait(2), 0 if it has not been reaped
/// yet, -1 with errno where that cannot be known.
int clinux_pidfd_exit_status(int pidfd, int *status);

/// PR_SET_CHILD_SUBREAPER of prctl(2): orphaned descendants become children of this process.
int clinux_become_subreaper(void);

/// The path by which this program was executed, `AT_EXECFN` of getauxval(3); NULL if unknown.
const char *clinux_executed_name(void);

/// Makes every descriptor from 3 on close-on-exec, close_range(2).
void clinux_close_on_exec(void);

/// pthread_setname_np(3); a name of at most 15 bytes.
void clinux_name_thread(pthread_t thread, const char *name);

/// Unmaps the pages of all code, MADV_DONTNEED of madvise(2): they are clean, and what runs again
/// comes back from the page cache by itself.
void clinux_forget_code(void);

// --- signals.c. A set of signals is a word: bit n-1 stands for signal n.

/// Gives every signal its default disposition, signal(7), as a new program expects it.
void clinux_default_signals(void);

/// The signals that this process ignores.
uint64_t clinux_ignored_signals(void);

/// Replaces the calling thread's mask, pthread_sigmask(3). Fills `before` unless it is NULL.
void clinux_set_signal_mask(uint64_t mask, uint64_t *before);

/// signalfd(2), non-blocking and close-on-exec; `fd` is -1 for a new one.
int clinux_signalfd(int fd, uint64_t mask);

// --- socket.c

/// A socket for a stream or for datagrams, non-blocking or not, close-on-exec.
int clinux_unix_socket(int datagrams, int blocking);

/// socketpair(2): two stream sockets that are connected, close-on-exec.
int clinux_unix_pair(int fds[2]);

/// bind(2) and connect(2) on a path, which needs no NUL at its end; one that begins with NUL is an
/// abstract name, unix(7). ENAMETOOLONG over 107 bytes.
int clinux_unix_bind(int fd, const char *path, size_t length);
int clinux_unix_connect(int fd, const char *path, size_t length);

/// socket(2) of the family of `host`, a number of IPv4 or IPv6; non-blocking and close-on-exec.
int clinux_internet_socket(const char *host, int datagrams);

/// bind(2). EADDRNOTAVAIL if `host` is no number.
int clinux_internet_bind(int fd, const char *host, uint16_t port);

/// connect(2). EADDRNOTAVAIL if `host` is no number.
int clinux_internet_connect(int fd, const char *host, uint16_t port);

/// accept4(2), non-blocking and close-on-exec.
int clinux_accept(int fd);

/// SO_PEERCRED of unix(7).
int clinux_peer_credentials(int fd, pid_t *pid, uid_t *uid, gid_t *gid);

/// SO_PEERGROUPS of unix(7), Linux 4.13: the supplementary groups. `count` is the capacity, and then
/// how many there are. ERANGE if they do not fit.
int clinux_peer_groups(int fd, gid_t *groups, size_t *count);

/// send(2) with MSG_NOSIGNAL.
ssize_t clinux_send(int fd, const void *bytes, size_t count);

/// SO_SNDTIMEO of socket(7): EAGAIN for what a blocking socket has not taken by then.
int clinux_set_send_patience(int fd, int64_t microseconds);

/// SCM_MAX_FD of unix(7): the descriptors that go with one message.
enum { CLINUX_DESCRIPTORS_MAX = 253 };

/// sendmsg(2) with SCM_RIGHTS and MSG_NOSIGNAL. EINVAL for too many descriptors.
ssize_t clinux_send_descriptors(
    int fd, const void *bytes, size_t count, const int *descriptors, size_t descriptor_count
);

/// What came with a message besides its bytes.
struct clinux_received {
    /// Owned by the caller, close-on-exec.
    int descriptors[CLINUX_DESCRIPTORS_MAX];
    size_t descriptor_count;
    int lost_descriptors;
    int is_truncated;
    /// SCM_CREDENTIALS; 0 where there are none.
    pid_t pid;
    uid_t uid;
    gid_t gid;
};

/// recvmsg(2), without waiting. Returns how many bytes came, -1 with errno on failure.
ssize_t clinux_receive(int fd, void *buffer, size_t count, struct clinux_received *received);

// --- terminal.c

/// A pseudo-terminal, close-on-exec: `fds[0]` is the master, `fds[1]` the terminal itself. pts(4);
/// TIOCGPTPEER of ioctl_tty(2), Linux 4.13.
int clinux_open_terminal(int fds[2]);

/// The terminal of a master, close-on-exec: TIOCGPTPEER.
int clinux_terminal_of(int master);

/// TIOCGWINSZ and TIOCSWINSZ of ioctl_tty(2).
int clinux_window_size(int fd, unsigned short *rows, unsigned short *columns);
int clinux_set_window_size(int fd, unsigned short rows, unsigned short columns);

/// How a terminal behaves, to be brought back.
struct clinux_terminal_mode {
    unsigned char bytes[64];
};

/// tcgetattr(3), then the modes of cfmakeraw(3). Fills `before`.
int clinux_make_raw(int fd, struct clinux_terminal_mode *before);

/// tcsetattr(3), once all has been written.
int clinux_set_terminal_mode(int fd, const struct clinux_terminal_mode *mode);

/// From now on, a signal that a bug raises (SEGV, BUS, ILL, TRAP, FPE, ABRT) first gives the terminal
/// its mode back, and writes `text` of at most 63 bytes to it.
void clinux_restore_at_crash(int fd, const struct clinux_terminal_mode *mode, const char *text);

// --- file.c

/// mremap(2) of a shared mapping, which may move. MAP_FAILED with errno on failure.
void *clinux_remap(void *start, size_t old_size, size_t new_size);

/// openat2(2), with RESOLVE_BENEATH and without magic links.
int clinux_open_beneath(int directory, const char *path, int flags);

/// memfd_create(2), close-on-exec, that can be sealed.
int clinux_memory_file(const char *name);

/// Forbids every change of a memory file for ever, F_ADD_SEALS of fcntl(2).
int clinux_seal(int fd);

/// pipe2(2), close-on-exec.
int clinux_pipe(int fds[2]);

/// O_NONBLOCK on or off.
int clinux_set_nonblocking(int fd, int on);

/// F_SETPIPE_SZ of fcntl(2). Returns the size, -1 with errno on failure.
int clinux_set_pipe_size(int fd, int size);

/// FIONREAD of ioctl(2): bytes that wait in a pipe.
int clinux_bytes_waiting(int fd, int *count);

/// A timer that is due on CLOCK_REALTIME at the end of time, and cancelled when that clock is set:
/// timerfd_create(2), non-blocking and close-on-exec.
int clinux_clock_watch(void);

/// epoll_pwait2(2), Linux 5.11, with a timeout in nanoseconds; less than 0 for none.
int clinux_epoll_wait(int epoll, struct epoll_event *events, int capacity, int64_t timeout);

#endif
