// Writes a number of MiB to its standard output, in blocks of 64 KiB, as fast as they are taken.

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BLOCK = 64 * 1024 };

int main(int argc, char **argv) {
    static char block[BLOCK];
    if (argc != 2) return 100;
    memset(block, 'x', sizeof block);
    for (long long left = atoll(argv[1]) << 20; left > 0;) {
        ssize_t count = write(STDOUT_FILENO, block, left < BLOCK ? (size_t)left : BLOCK);
        if (count < 0) return 111;
        left -= count;
    }
    return 0;
}
