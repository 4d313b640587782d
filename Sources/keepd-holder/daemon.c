#define _GNU_SOURCE
#include "holder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ENVIRONMENT_MAX = 4096 };

struct daemon daemon_now = {.socket = -1};

static char **arguments;
static char *environment[ENVIRONMENT_MAX + 2];
static char own_variable[64];
// What keepd may have open, and its programs; this process may have more.
static struct rlimit descriptors_max;

void prepare_daemon(char **argv, char **variables) {
    arguments = argv;
    size_t count = 0;
    environment[count++] = own_variable;
    for (; *variables; variables++) {
        if (strncmp(*variables, "KEEPD_HOLDER=", strlen("KEEPD_HOLDER=")) == 0) continue;
        errno = E2BIG;
        if (count > ENVIRONMENT_MAX) fail("hand on the environment");
        environment[count++] = *variables;
    }
    getrlimit(RLIMIT_NOFILE, &descriptors_max);
    struct rlimit more = {descriptors_max.rlim_max, descriptors_max.rlim_max};
    setrlimit(RLIMIT_NOFILE, &more);
}

static _Noreturn void become_daemon(int socket) {
    fcntl(socket, F_SETFD, 0);
    snprintf(own_variable, sizeof own_variable, "KEEPD_HOLDER=%d:%d:%d", getppid(), socket, memory);
    setrlimit(RLIMIT_NOFILE, &descriptors_max);
    execve(arguments[0], arguments, environment);
    dprintf(STDERR_FILENO, "keepd-holder: cannot execute %s: %s\n", arguments[0], strerror(errno));
    _exit(71);
}

void start_daemon(const siginfo_t *last) {
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) == -1) fail("make a socket");
    record_start(last);
    pid_t pid = fork();
    if (pid == -1) fail("fork");
    if (pid == 0) become_daemon(pair[1]);
    close(pair[1]);
    daemon_now = (struct daemon){.pid = pid, .socket = pair[0], .started_at = now()};
}

// Returns 0 when there is nothing more to hear.
static int hear_once(void) {
    struct clinux_holder_request request;
    union {
        char bytes[CMSG_SPACE(sizeof(int))];
        struct cmsghdr aligned;
    } control;
    struct iovec part = {.iov_base = &request, .iov_len = sizeof request};
    struct msghdr message = {
        .msg_iov = &part,
        .msg_iovlen = 1,
        .msg_control = control.bytes,
        .msg_controllen = sizeof control.bytes,
    };
    // Not close-on-exec: whatever is kept is for the next keepd.
    ssize_t count = recvmsg(daemon_now.socket, &message, MSG_DONTWAIT);
    if (count == -1 && errno == EINTR) return 1;
    if (count == -1 && errno == EAGAIN) return 0;
    if (count <= 0) {
        close(daemon_now.socket);
        daemon_now.socket = -1;
        return 0;
    }
    int descriptor = -1;
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    if (header && header->cmsg_type == SCM_RIGHTS) {
        memcpy(&descriptor, CMSG_DATA(header), sizeof descriptor);
    }
    if (count == sizeof request) obey(&request, descriptor);
    else if (descriptor >= 0) close(descriptor);
    return 1;
}

void hear_daemon(void) {
    while (daemon_now.socket >= 0 && hear_once()) {}
}

void ring_daemon(void) {
    // If it does not fit, there are others that have not been heard yet, and say the same.
    if (daemon_now.socket >= 0) send(daemon_now.socket, "", 1, MSG_DONTWAIT | MSG_NOSIGNAL);
}
