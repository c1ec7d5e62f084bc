/* Events as records. */
#include "stream/line.h"

#include "record/record.h"

#include <stdio.h>

void stream_levels_add(struct buf *out, const struct book_level *best, int step, size_t count)
{
    char *p = buf_reserve(out, count * (2 * DEC_TEXT_MAX + 4) + 3);
    if (p == NULL)
        return;
    char *const start = p;
    *p++ = '[';
    for (size_t i = 0; i < count; i++, best += step) {
        if (i > 0)
            *p++ = ',';
        *p++ = '[';
        p += dec_format(p, best->price);
        *p++ = ',';
        p += dec_format(p, best->quantity);
        *p++ = ']';
    }
    *p++ = ']';
    out->n += (size_t)(p - start);
    out->p[out->n] = '\0';
}

void stream_book_begin(struct buf *out, const struct stream *stream, uint32_t symbol, int64_t time)
{
    buf_add_text(out, "{\"type\":\"book\",\"time\":");
    json_add_time(out, time);
    buf_add_text(out, ",\"symbol\":");
    json_add_string(out, str_of(stream->symbol[symbol].name));
}

void stream_book_end(struct buf *out, const struct stream *stream, bool snapshot, int64_t received)
{
    buf_printf(out, ",\"snapshot\":%s,\"source\":", snapshot ? "true" : "false");
    json_add_string(out, str_of(stream->source));
    buf_add_text(out, ",\"received\":");
    json_add_time(out, received);
    buf_add_text(out, "}\n");
}

static void add_book(struct buf *out, const struct stream *stream, const struct stream_event *event)
{
    const struct book_change *book = &event->book;
    stream_book_begin(out, stream, event->symbol, book->time);
    buf_add_text(out, ",\"bids\":");
    stream_levels_add(out, book->bids, 1, book->bid_count);
    buf_add_text(out, ",\"asks\":");
    stream_levels_add(out, book->asks, 1, book->ask_count);
    stream_book_end(out, stream, book->snapshot, stream->received);
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

int64_t stream_levels_read(struct str text, struct book_level *level, size_t most, struct error *error)
{
    struct json_reader reader = json_reader_of(text);
    struct json value[2];
    size_t count = 0;
    bool first = true;
    if (text.n == 0)
        return 0;
    if (!json_array(&reader))
        return error_set(error, EXIT_INPUT, "the levels of a book must be an array");
    while (json_more(&reader, &first)) {
        bool inner = true;
        if (count >= most || !json_array(&reader) || !json_more(&reader, &inner) || !json_value(&reader, &value[0]) ||
            !json_more(&reader, &inner) || !json_value(&reader, &value[1]) ||
            !json_dec(&value[0], &level[count].price, NULL, NULL) || level[count].price <= 0 ||
            !json_dec(&value[1], &level[count].quantity, NULL, NULL) || level[count].quantity < 0)
            return error_set(error, EXIT_INPUT, "level %zu of a book is invalid", count + 1);
        while (json_more(&reader, &inner) && json_value(&reader, &value[0])) {
        }
        count++;
    }
    return reader.wrong != NULL ? error_set(error, EXIT_INPUT, "levels of a book: %s", reader.wrong) : (int64_t)count;
}
