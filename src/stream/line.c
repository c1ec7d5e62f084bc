/* Events as records. */
#include "stream/line.h"

#include "record/record.h"

#include <stdio.h>

void stream_levels_add(struct buf *out, const struct stream_level *level, size_t count, size_t most)
{
    char *p = buf_reserve(out, (count < most ? count : most) * (2 * DEC_TEXT_MAX + 4) + 3);
    if (p == NULL)
        return;
    char *const start = p;
    *p++ = '[';
    for (size_t i = 0; i < count && i < most; i++) {
        if (i > 0)
            *p++ = ',';
        *p++ = '[';
        p += dec_format(p, level[i].price);
        *p++ = ',';
        p += dec_format(p, level[i].quantity);
        *p++ = ']';
    }
    *p++ = ']';
    out->n += (size_t)(p - start);
    out->p[out->n] = '\0';
}

static void add_book(struct buf *out, const struct stream *stream, const struct stream_event *event)
{
    const struct stream_book *book = &event->book;
    buf_add_text(out, "{\"type\":\"book\",\"time\":");
    json_add_time(out, book->time);
    buf_add_text(out, ",\"symbol\":");
    json_add_string(out, str_of(stream->symbol[event->symbol].name));
    buf_add_text(out, ",\"bids\":");
    stream_levels_add(out, book->bids, book->bid_count, SIZE_MAX);
    buf_add_text(out, ",\"asks\":");
    stream_levels_add(out, book->asks, book->ask_count, SIZE_MAX);
    buf_printf(out, ",\"snapshot\":%s,\"source\":", book->snapshot ? "true" : "false");
    json_add_string(out, str_of(stream->source));
    buf_add_text(out, ",\"received\":");
    json_add_time(out, stream->received);
    buf_add_text(out, "}\n");
}

enum record_type stream_line_add(struct buf *out, const struct stream *stream, const struct stream_event *event)
{
    switch (event->kind) {
    case STREAM_TRADE:
        record_encode(out, RECORD_TRADE, &event->trade);
        return RECORD_TRADE;
    case STREAM_QUOTE:
        record_encode(out, RECORD_QUOTE, &event->quote);
        return RECORD_QUOTE;
    case STREAM_BAR:
        record_encode(out, RECORD_BAR, &event->bar);
        return RECORD_BAR;
    case STREAM_LEVELS:
        add_book(out, stream, event);
        return RECORD_BOOK;
    case STREAM_NEWS_ITEM:
        buf_add_str(out, event->text);
        buf_add_char(out, '\n');
        return RECORD_NEWS;
    default:
        return RECORD_UNKNOWN;
    }
}
