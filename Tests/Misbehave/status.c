#define _GNU_SOURCE
#include "misbehave.h"

#include <dirent.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static void print_groups(void) {
    gid_t groups[NGROUPS_MAX];
    int count = getgroups(NGROUPS_MAX, groups);
    if (count == -1) fail("read", "groups");
    printf("groups");
    for (int i = 0; i < count; i++) printf(" %u", groups[i]);
    printf("\n");
}

static void print_umask(void) {
    mode_t mask = umask(0);
    umask(mask);
    printf("umask %03o\n", mask);
}

static void print_directory(void) {
    char path[PATH_MAX];
    if (!getcwd(path, sizeof path)) fail("read", "working directory");
    printf("cwd %s\n", path);
}

static int is_number(const struct dirent *entry) {
    return entry->d_name[0] != '.';
}

static void print_descriptors(void) {
    struct dirent **entries;
    // One that is only open for reading the list is closed again before it can be looked at.
    int count = scandir("/proc/self/fd", &entries, is_number, versionsort);
    if (count == -1) fail("read", "/proc/self/fd");
    printf("descriptors");
    for (int i = 0; i < count; i++) {
        int fd = atoi(entries[i]->d_name);
        struct stat ignored;
        if (fstat(fd, &ignored) == 0) printf(" %d", fd);
        free(entries[i]);
    }
    printf("\n");
    free(entries);
}

static void print_blocked(void) {
    sigset_t set;
    if (sigprocmask(SIG_BLOCK, NULL, &set) == -1) fail("read", "signal mask");
    printf("blocked");
    for (int number = 1; number < NSIG; number++) {
        if (sigismember(&set, number) == 1) printf(" %s", signal_name(number));
    }
    printf("\n");
}

static void print_ignored(void) {
    printf("ignored");
    for (int number = 1; number < NSIG; number++) {
        struct sigaction action;
        // Two numbers are glibc's own, and cannot be asked for.
        if (sigaction(number, NULL, &action) == -1) continue;
        if (action.sa_handler == SIG_IGN) printf(" %s", signal_name(number));
    }
    printf("\n");
}

void print_status(void) {
    printf("pid %d\nppid %d\npgid %d\nsid %d\n", getpid(), getppid(), getpgrp(), getsid(0));
    printf("uid %u\ngid %u\n", getuid(), getgid());
    print_groups();
    print_umask();
    print_directory();
    print_descriptors();
    print_blocked();
    print_ignored();
}
