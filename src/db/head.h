/* The head of an event log, kept beside it in PATH-head: how far rows were acknowledged, and whether the disk is
 * trusted.
 *
 * It is written after each commit and not synced, so it never says more than the log held when it was written; a log
 * that ends before its head has lost rows (its write-ahead file is gone, or its tail was cut off). A failed fsync is
 * noted here, in a file that needs no new block for it. One line of text, always the same length:
 *
 *     00000000000000000130 4bf5…(64 hex digits) sure */
#ifndef TN_DB_HEAD_H
#define TN_DB_HEAD_H

#include "base/hash.h"

#include <stdbool.h>
#include <stdint.h>

struct head {
    int64_t seq; /* 0: no event yet */
    unsigned char hash[SHA256_SIZE];
    bool doubtful; /* a write failed in the disk: nothing more may be written before the log was verified */
};

/* Reads the head of the log at `path`; one that is not there or was never written is {0}. A line that is no head is
 * EXIT_STATE. */
int head_read(const char *path, struct head *head, struct error *error);
/* Opens the head for writing, made when it is not there; the descriptor, or -1. */
int head_open(const char *path, struct error *error);
/* Replaces the line in place. 0, or -1 with errno: what it says is then older, which is no harm. */
int head_write(int descriptor, const struct head *head);

#endif
