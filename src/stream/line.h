/* Events as records: lines of the wire. */
#ifndef TN_STREAM_LINE_H
#define TN_STREAM_LINE_H

#include "stream/decoder.h"

/* Append the record of a trade, quote, bar, news or of levels as they came, LF included; its type, RECORD_UNKNOWN for
 * an event that is none. */
enum record_type stream_line_add(struct buf *out, const struct stream *stream, const struct stream_event *event);
/* The parts of a `book`: its head; [[price,quantity],…], from the best in steps of 1 or -1; its tail. */
void stream_book_begin(struct buf *out, const struct stream *stream, uint32_t symbol, int64_t time);
void stream_levels_add(struct buf *out, const struct book_level *best, int step, size_t count);
void stream_book_end(struct buf *out, const struct stream *stream, bool snapshot, int64_t received);

/* The levels of a record: [[price, quantity], …] into `level`, which has room for `most`; "" has none. How many, or -1
 * (EXIT_INPUT). */
int64_t stream_levels_read(struct str text, struct book_level *level, size_t most, struct error *error);

#endif
