/* The head of an event log, kept beside it in PATH-head: how far rows were acknowledged, and whether the disk is
 * trusted.
 *
 * It is written after each commit and not synced, so it never says more than the log held when it was written; a log
 * that ends before its head has lost rows (its write-ahead file is gone, or its tail was cut off). A failed fsync is
 * noted here, in a file that needs no new block for it. The file has room for two heads, HEAD_STRIDE bytes apart and so
 * in different sectors; they are written in turn, and the one that says more counts. A power cut that tears one leaves
 * the other. Each is a line of text, always of the same length, and a line with a checksum of it:
 *
 *     00000000000000000130 4bf5…(64 hex digits) sure
 *     c0ffee…(16 hex digits)
 *
 * Version 0.1.0 wrote the first line of the first alone. */
#ifndef TN_DB_HEAD_H
#define TN_DB_HEAD_H

#include "base/hash.h"

#include <stdbool.h>
#include <stdint.h>

#define HEAD_STRIDE 4096

enum head_state {
    HEAD_THERE,
    HEAD_MISSING,
    HEAD_EMPTY,   /* without bytes, or zeros only */
    HEAD_DAMAGED, /* neither line is one */
};

struct head {
    int64_t seq; /* 0: no event yet */
    unsigned char hash[SHA256_SIZE];
    bool doubtful; /* a write failed in the disk: nothing more may be written before the log was verified */
};

/* Reads the head of the log at `path`. Without one it is {0}, and `state` says why. */
int head_read(const char *path, struct head *head, enum head_state *state, struct error *error);
/* Opens the head for writing; the descriptor, or -1. One that is not there or empty is made, saying 0, and synced with
 * its folder: from then on no power cut takes it away. */
int head_open(const char *path, struct error *error);
/* Replaces the head that says less. 0, or -1 with errno: what the file says is then older, which is no harm. */
int head_write(int descriptor, const struct head *head);
/* Replaces both, and syncs them: what either said before counts no more. 0, or -1 with errno. */
int head_reset(int descriptor, const struct head *head);

#endif
