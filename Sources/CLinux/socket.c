#define _GNU_SOURCE
#include "CLinux.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

// Returns the size of the address, 0 with errno if there is none. An abstract name is as long as
// its address says, NULs and all; that of a file ends at its first NUL.
static socklen_t address_of(const char *path, size_t length, struct sockaddr_un *address) {
    *address = (struct sockaddr_un){.sun_family = AF_UNIX};
    if (length >= sizeof address->sun_path) {
        errno = ENAMETOOLONG;
        return 0;
    }
    memcpy(address->sun_path, path, length);
    if (length == 0 || path[0] != 0) return sizeof *address;
    return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
}

int clinux_unix_socket(int datagrams, int blocking) {
    int type = datagrams ? SOCK_DGRAM : SOCK_STREAM;
    return socket(AF_UNIX, type | SOCK_CLOEXEC | (blocking ? 0 : SOCK_NONBLOCK), 0);
}

int clinux_unix_pair(int fds[2]) {
    return socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds);
}

int clinux_unix_bind(int fd, const char *path, size_t length) {
    struct sockaddr_un address;
    socklen_t size = address_of(path, length, &address);
    return size == 0 ? -1 : bind(fd, (struct sockaddr *)&address, size);
}

int clinux_unix_connect(int fd, const char *path, size_t length) {
    struct sockaddr_un address;
    socklen_t size = address_of(path, length, &address);
    return size == 0 ? -1 : connect(fd, (struct sockaddr *)&address, size);
}

// Returns the size of the address, 0 with errno if `host` is no number.
static socklen_t internet_address_of(
    const char *host, uint16_t port, struct sockaddr_storage *address
) {
    struct sockaddr_in *four = (struct sockaddr_in *)address;
    struct sockaddr_in6 *six = (struct sockaddr_in6 *)address;
    *address = (struct sockaddr_storage){0};
    if (inet_pton(AF_INET, host, &four->sin_addr) == 1) {
        four->sin_family = AF_INET;
        four->sin_port = htons(port);
        return sizeof *four;
    }
    if (inet_pton(AF_INET6, host, &six->sin6_addr) == 1) {
        six->sin6_family = AF_INET6;
        six->sin6_port = htons(port);
        return sizeof *six;
    }
    errno = EADDRNOTAVAIL;
    return 0;
}

int clinux_internet_socket(const char *host, int datagrams) {
    struct sockaddr_storage address;
    if (internet_address_of(host, 0, &address) == 0) return -1;
    int type = datagrams ? SOCK_DGRAM : SOCK_STREAM;
    return socket(address.ss_family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
}

int clinux_internet_bind(int fd, const char *host, uint16_t port) {
    struct sockaddr_storage address;
    socklen_t size = internet_address_of(host, port, &address);
    return size == 0 ? -1 : bind(fd, (struct sockaddr *)&address, size);
}

int clinux_internet_connect(int fd, const char *host, uint16_t port) {
    struct sockaddr_storage address;
    socklen_t size = internet_address_of(host, port, &address);
    return size == 0 ? -1 : connect(fd, (struct sockaddr *)&address, size);
}

int clinux_accept(int fd) {
    return accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
}

int clinux_peer_credentials(int fd, pid_t *pid, uid_t *uid, gid_t *gid) {
    struct ucred peer;
    socklen_t size = sizeof peer;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == -1) return -1;
    *pid = peer.pid;
    *uid = peer.uid;
    *gid = peer.gid;
    return 0;
}

#ifndef SO_PEERGROUPS
#define SO_PEERGROUPS 59
#endif

int clinux_peer_groups(int fd, gid_t *groups, size_t *count) {
    socklen_t size = (socklen_t)(*count * sizeof *groups);
    int result = getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, groups, &size);
    *count = size / sizeof *groups;
    return result;
}

ssize_t clinux_send(int fd, const void *bytes, size_t count) {
    return send(fd, bytes, count, MSG_NOSIGNAL);
}

int clinux_set_send_patience(int fd, int64_t microseconds) {
    struct timeval patience = {microseconds / 1000000, microseconds % 1000000};
    return setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
}

ssize_t clinux_send_descriptors(
    int fd, const void *bytes, size_t count, const int *descriptors, size_t descriptor_count
) {
    union {
        char bytes[CMSG_SPACE(CLINUX_DESCRIPTORS_MAX * sizeof(int))];
        struct cmsghdr aligned;
    } control;
    struct iovec part = {.iov_base = (void *)bytes, .iov_len = count};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    if (descriptor_count > CLINUX_DESCRIPTORS_MAX) {
        errno = EINVAL;
        return -1;
    }
    if (descriptor_count > 0) {
        size_t size = descriptor_count * sizeof(int);
        message.msg_control = control.bytes;
        message.msg_controllen = CMSG_SPACE(size);
        memset(control.bytes, 0, message.msg_controllen);
        struct cmsghdr *header = CMSG_FIRSTHDR(&message);
        *header = (struct cmsghdr){
            .cmsg_len = CMSG_LEN(size), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS};
        memcpy(CMSG_DATA(header), descriptors, size);
    }
    return sendmsg(fd, &message, MSG_NOSIGNAL);
}

ssize_t clinux_receive(int fd, void *buffer, size_t count, struct clinux_received *received) {
    union {
        char bytes[CMSG_SPACE(CLINUX_DESCRIPTORS_MAX * sizeof(int))
                   + CMSG_SPACE(sizeof(struct ucred))];
        struct cmsghdr aligned;
    } control;
    struct iovec part = {.iov_base = buffer, .iov_len = count};
    struct msghdr message = {
        .msg_iov = &part,
        .msg_iovlen = 1,
        .msg_control = control.bytes,
        .msg_controllen = sizeof control.bytes,
    };
    received->descriptor_count = 0;
    received->pid = 0;
    ssize_t result = recvmsg(fd, &message, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
    if (result == -1) return -1;
    received->is_truncated = (message.msg_flags & MSG_TRUNC) != 0;
    received->lost_descriptors = (message.msg_flags & MSG_CTRUNC) != 0;
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    for (; header; header = CMSG_NXTHDR(&message, header)) {
        size_t size = header->cmsg_len - CMSG_LEN(0);
        if (header->cmsg_level != SOL_SOCKET) continue;
        if (header->cmsg_type == SCM_RIGHTS) {
            memcpy(received->descriptors, CMSG_DATA(header), size);
            received->descriptor_count = size / sizeof(int);
        } else if (header->cmsg_type == SCM_CREDENTIALS) {
            struct ucred sender;
            memcpy(&sender, CMSG_DATA(header), sizeof sender);
            received->pid = sender.pid;
            received->uid = sender.uid;
            received->gid = sender.gid;
        }
    }
    return result;
}
