/* A recording: a folder of files of records, compressed, that only ever grow.
 *
 * A file is named by the moment it was begun, NAME.ndjson.zst, and is a row of zstd frames of whole lines, so that any
 * zstd reads it and a cut (a crash, a full disk) costs only the frame that was being written. Beside it stands
 * NAME.index, a line a frame: where it begins, its bytes, the earliest and the latest moment at which a record in it
 * became known (ns, or - for none), how many records. A recorder never opens a file that is there: it begins another.
 */
#ifndef TN_FEED_RECORDER_H
#define TN_FEED_RECORDER_H

#include "base/error.h"
#include "base/str.h"

#include <stdint.h>

struct recorder;

/* One process records into a folder at a time: EXIT_UNAVAILABLE while another does. `file_size` is what a file may have
 * before the next is begun. */
struct recorder *recorder_open(const char *folder, uint64_t file_size, struct error *error);
/* Add a line, LF included, known at a moment (TIME_NONE: none). It is written with the next frame: when a mebibyte is
 * there, or by recorder_flush. */
int recorder_add(struct recorder *recorder, struct str line, int64_t known, struct error *error);
/* Write what is there as a frame, and sync it to the disk. */
int recorder_flush(struct recorder *recorder, struct error *error);
/* Flush, close, free. */
int recorder_close(struct recorder *recorder, struct error *error);

struct recorder_counts {
    uint64_t records, bytes, written, files, frames; /* bytes of lines; bytes of files */
};
void recorder_count(const struct recorder *recorder, struct recorder_counts *counts);

#endif
