#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

_Static_assert(sizeof(struct termios) <= sizeof(struct clinux_terminal_mode), "room for a mode");

#ifndef TIOCGPTPEER
#define TIOCGPTPEER _IO('T', 0x41)
#endif

int clinux_terminal_of(int master) {
    return ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
}

int clinux_open_terminal(int fds[2]) {
    int unlocked = 0;
    int master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (master == -1) return -1;
    int terminal = -1;
    if (ioctl(master, TIOCSPTLCK, &unlocked) == 0) terminal = clinux_terminal_of(master);
    if (terminal == -1) {
        int error = errno;
        close(master);
        errno = error;
        return -1;
    }
    fds[0] = master;
    fds[1] = terminal;
    return 0;
}

int clinux_window_size(int fd, unsigned short *rows, unsigned short *columns) {
    struct winsize size = {0};
    if (ioctl(fd, TIOCGWINSZ, &size) == -1) return -1;
    *rows = size.ws_row;
    *columns = size.ws_col;
    return 0;
}

int clinux_set_window_size(int fd, unsigned short rows, unsigned short columns) {
    struct winsize size = {.ws_row = rows, .ws_col = columns};
    return ioctl(fd, TIOCSWINSZ, &size);
}

int clinux_make_raw(int fd, struct clinux_terminal_mode *before) {
    struct termios mode;
    if (tcgetattr(fd, &mode) == -1) return -1;
    memcpy(before->bytes, &mode, sizeof mode);
    cfmakeraw(&mode);
    return tcsetattr(fd, TCSADRAIN, &mode);
}

int clinux_set_terminal_mode(int fd, const struct clinux_terminal_mode *mode) {
    struct termios wanted;
    memcpy(&wanted, mode->bytes, sizeof wanted);
    return tcsetattr(fd, TCSADRAIN, &wanted);
}

// What the handler needs, which can be given nothing; written before it is installed.
static struct {
    int fd;
    struct clinux_terminal_mode mode;
    char text[64];
} crash;

// tcsetattr, write and raise are safe in a handler, signal-safety(7).
static void restore(int signal) {
    clinux_set_terminal_mode(crash.fd, &crash.mode);
    if (write(crash.fd, crash.text, strlen(crash.text)) == -1) {
        // Nobody is left who could be told.
    }
    raise(signal);
}

void clinux_restore_at_crash(int fd, const struct clinux_terminal_mode *mode, const char *text) {
    static const int signals[] = {SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE, SIGABRT};
    crash.fd = fd;
    crash.mode = *mode;
    strncpy(crash.text, text, sizeof crash.text - 1);
    // Once: the second time the signal does what it always does.
    struct sigaction action = {.sa_handler = restore, .sa_flags = SA_RESETHAND | SA_NODEFER};
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
        sigaction(signals[i], &action, NULL);
}
