/* Events as records: lines of the wire. */
#ifndef TN_STREAM_LINE_H
#define TN_STREAM_LINE_H

#include "stream/decoder.h"

/* Append the record of a trade, quote, bar, news or of levels as they came, LF included; its type, RECORD_UNKNOWN for
 * an event that is none. */
enum record_type stream_line_add(struct buf *out, const struct stream *stream, const struct stream_event *event);
/* Append [[price,quantity],…], at most `most` of them. */
void stream_levels_add(struct buf *out, const struct stream_level *level, size_t count, size_t most);

#endif
