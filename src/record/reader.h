/* Records from one file, recording or standard input, one after the other, in constant memory (about 2 MiB).
 *
 * flow.h is made of it; programs that read several inputs at once (replay) use it directly. It reads in large pieces
 * and never makes a descriptor non-blocking. */
#ifndef TN_RECORD_READER_H
#define TN_RECORD_READER_H

#include "record/record.h"

struct reader;

/* Called before a read that would wait for input on the descriptor, to flush what is due; it may wait itself. -1 ends
 * the reading with its error, 1 without one, as if the input were over. */
typedef int reader_wait(void *context, int descriptor, struct error *error);

/* Open a file; "-" is standard input; a folder of tn-stream record, or a file of one (*.zst), is unpacked on the way. A
 * missing file, or another folder, is EXIT_USAGE. `wait` may be NULL. */
struct reader *reader_open(const char *file, reader_wait *wait, void *context, struct error *error);
/* The same; of a recording at least what became known in from <= moment < to (TIME_NONE: no bound). */
struct reader *reader_open_part(const char *file, int64_t from, int64_t to, reader_wait *wait, void *context,
                                struct error *error);
/* The same of a descriptor, which it closes; `file` is for messages. */
struct reader *reader_open_descriptor(int fd, const char *file, reader_wait *wait, void *context, struct error *error);
void reader_close(struct reader *reader); /* NULL is allowed */
/* For tests and benchmarks: 0 scans byte by byte, 1 with SSE2, 2 with AVX2 (enum scan_path); a path the machine has not
 * is left alone. */
void reader_path(struct reader *reader, int path);
/* 1: *record is the next one, valid until the next call. 0: end of input. -1: when the error's code is EXIT_INPUT this
 * line is bad (the message says "FILE: line N: …") and the next call goes on behind it; any other code is final.
 * A damaged recording ends with such a line. */
int reader_next(struct reader *reader, const struct record **record, struct error *error);
/* At the end of input: what is worth knowing of it, NULL for nothing. */
const char *reader_note(const struct reader *reader);
/* Put "FILE: line N: " before an error that the current line caused. */
void reader_prefix(const struct reader *reader, struct error *error);
const char *reader_file(const struct reader *reader);
uint64_t reader_line_number(const struct reader *reader);

#endif
