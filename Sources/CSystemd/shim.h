#include <stddef.h>
#include <stdlib.h>
#include <sys/uio.h>
// Whoever reads the journal wants to know of the program, not of this file.
#define SD_JOURNAL_SUPPRESS_LOCATION
#include <systemd/sd-daemon.h>
#include <systemd/sd-journal.h>

/// sd_journal_sendv(3) of one field after the other, each `NAME=value` and of that length.
static inline int csystemd_journal_send(const char *bytes, const size_t *lengths, int count) {
    struct iovec fields[16];
    if (count > 16) return -1;
    for (int i = 0; i < count; i++) {
        fields[i].iov_base = (void *)bytes;
        fields[i].iov_len = lengths[i];
        bytes += lengths[i];
    }
    return sd_journal_sendv(fields, count);
}
