// What valgrind of Debian 12 (3.19) does not know, by what it does; for LD_PRELOAD.

#define _GNU_SOURCE
#include <stddef.h>
#include <sys/epoll.h>
#include <time.h>

// The rest of a millisecond is waited for, too: who wakes too early would only wait again.
int epoll_pwait2(
    int epoll, struct epoll_event *events, int capacity, const struct timespec *limit,
    const sigset_t *mask
) {
    int milliseconds = -1;
    if (limit != NULL)
        milliseconds = (int)(limit->tv_sec * 1000 + (limit->tv_nsec + 999999) / 1000000);
    return epoll_pwait(epoll, events, capacity, milliseconds, mask);
}
