// A program to be supervised while all sorts of things happen: victim STATE VIOLATIONS RATE
//
// It holds a lock on STATE for as long as it lives, so that a second copy is found out by the copy
// itself. It prints RATE numbered lines a second, and goes on where the run before it stopped: the
// number lies in STATE. Killed between a line and its number, it prints that line once more.
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t is_told_to_end;

static void end(int signal) {
    (void)signal;
    is_told_to_end = 1;
}

static void violate(const char *path, const char *what) {
    char line[256];
    int length = snprintf(line, sizeof line, "%d: %s\n", getpid(), what);
    int file = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
    if (file < 0 || write(file, line, (size_t)length) != length) abort();
    exit(99);
}

// Fletcher's, so that a line that was cut or mixed with another is seen.
static unsigned checksum(uint64_t number) {
    unsigned low = 1, high = 0;
    for (int byte = 0; byte < 8; byte++) {
        low = (low + (number >> 8 * byte & 0xff)) % 65521;
        high = (high + low) % 65521;
    }
    return high << 16 | low;
}

int main(int count, char **words) {
    if (count != 4) return 64;
    struct sigaction action = {.sa_handler = end};
    sigaction(SIGTERM, &action, NULL);

    int state = open(words[1], O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (state < 0 || ftruncate(state, sizeof(uint64_t)) != 0) violate(words[2], "no state");
    if (flock(state, LOCK_EX | LOCK_NB) != 0) violate(words[2], "a second copy");
    volatile uint64_t *next =
        mmap(NULL, sizeof(uint64_t), PROT_READ | PROT_WRITE, MAP_SHARED, state, 0);
    if (next == MAP_FAILED) violate(words[2], "no state");

    // One that does nothing, and has to be gone with its parent; it does not hold the lock.
    if (fork() == 0) execlp("sleep", "victim-child", "1000000", (char *)NULL);

    struct timespec pause = {.tv_nsec = 1000000000L / atol(words[3])};
    while (!is_told_to_end) {
        char line[64];
        int length =
            snprintf(line, sizeof line, "%lu %08x\n", (unsigned long)*next, checksum(*next));
        // Either all of it or nothing: it is shorter than PIPE_BUF.
        ssize_t written = write(STDOUT_FILENO, line, (size_t)length);
        if (written == length) *next += 1;
        else if (written >= 0 || errno != EINTR) violate(words[2], "a line was not written");
        nanosleep(&pause, NULL);
    }
    return 0;
}
