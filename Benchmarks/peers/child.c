// What the supervisors are given to supervise: it does next to nothing, and says when it begins.
//
//     child NAME wait          sleeps until it is killed
//     child NAME exit          ends at once
//     child NAME stray         leaves a grandchild behind that is hard to get rid of, and sleeps
//     child NAME lines PAUSE   prints the time, in ns, each PAUSE us
//
// Its first act is a datagram "NAME PID NANOSECONDS" to the socket that PEERS_SOCKET names.
//
// The time is that of CLOCK_MONOTONIC, so that it can be compared between processes.
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

static long long nanoseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static void report(const char *name, long long began) {
    char line[128];
    int length = snprintf(line, sizeof line, "%s %d %lld", name, getpid(), began);
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s", getenv("PEERS_SOCKET"));
    // Waits where the queue of the socket is full; the time was taken before.
    sendto(fd, line, (size_t)length, 0, (struct sockaddr *)&address, sizeof address);
    close(fd);
}

static void leave_stray(void) {
    if (fork() != 0) return;
    setsid();
    if (fork() != 0) _exit(0);
    signal(SIGTERM, SIG_IGN);
    signal(SIGINT, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    prctl(PR_SET_NAME, "stray");
    for (;;) pause();
}

static void print_lines(long pause_us) {
    struct timespec pause = {.tv_sec = pause_us / 1000000, .tv_nsec = pause_us % 1000000 * 1000};
    for (;;) {
        char line[32];
        int length = snprintf(line, sizeof line, "%lld\n", nanoseconds());
        if (write(1, line, (size_t)length) < 0) _exit(errno == EPIPE ? 3 : 4);
        nanosleep(&pause, NULL);
    }
}

int main(int argc, char **argv) {
    long long began = nanoseconds();
    if (argc < 3) return 2;
    report(argv[1], began);
    if (strcmp(argv[2], "exit") == 0) return 0;
    if (strcmp(argv[2], "stray") == 0) leave_stray();
    if (strcmp(argv[2], "lines") == 0 && argc > 3) print_lines(atol(argv[3]));
    for (;;) pause();
}
