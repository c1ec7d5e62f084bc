/* Frames of live feeds: the first byte chooses the feed, the second whether the frame is binary. What comes of one is
 * records that the scanner takes. */
#include "stream/decoder.h"
#include "stream/line.h"

#include "record/record.h"

#include <stdlib.h>

static struct book book;

static int on_event(void *context, const struct stream_event *event, struct error *error)
{
    const struct stream *stream = context;
    struct buf line, scratch;
    struct error ignored;
    (void)error;
    buf_init(&line, RECORD_LINE_MAX + 1);
    buf_init(&scratch, RECORD_LINE_MAX);
    struct record record = {.scratch = &scratch};
    error_clear(&ignored);
    enum book_fate fate;
    if (event->kind == STREAM_LEVELS && book_apply(&book, &event->book, &fate, &ignored) == 0)
        for (int side = 0; side < BOOK_SIDES; side++)
            for (size_t i = 1; i < book.count[side]; i++) /* best first, no price twice */
                require((book_level(&book, side, i - 1)->price > book_level(&book, side, i)->price) ==
                            (side == BOOK_BIDS) &&
                        book_level(&book, side, i - 1)->price != book_level(&book, side, i)->price);
    const enum record_type type = stream_line_add(&line, stream, event);
    /* Text is UTF-8 before it comes here (net/websocket.h); the fuzzer's need not be. */
    bool ascii = true;
    for (size_t i = 0; i < line.n; i++)
        ascii &= (unsigned char)line.p[i] < 0x80 && line.p[i] != '\0';
    if (type != RECORD_UNKNOWN && type != RECORD_NEWS && ascii && !line.failed)
        require(record_scan(&record, line.p, line.n - 1, &ignored) == 0);
    buf_clear(&line);
    buf_clear(&scratch);
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const symbol[] = {"BTC/USD", "AAPL", "BTCUSDT", "MSFT", "SPY", "NSE:INFY"};
    struct stream stream;
    struct secrets secrets;
    struct error error;
    if (size < 2)
        return 0;
    char *copy = malloc(size - 1); /* its end is the end of the memory */
    if (copy == NULL)
        return 0;
    memcpy(copy, data + 2, size - 2);
    stream_init(&stream, stream_table[data[0] % stream_count], "fuzz");
    stream.channels = 31;
    stream.take = on_event;
    stream.context = &stream;
    book_init(&book);
    secrets_init(&secrets);
    stream.secrets = &secrets;
    for (size_t i = 0; i < sizeof symbol / sizeof *symbol; i++) {
        error_clear(&error);
        (void)stream_symbol(&stream, symbol[i], &error);
    }
    (void)stream_alias(&stream, STR("408065"), 0, &error);
    error_clear(&error);
    (void)stream_frame(&stream, data[1] % 2 == 1, (struct str){copy, size - 2}, 1, &error);
    if (stream.feed->answer != NULL && data[1] % 3 == 2) {
        error_clear(&error);
        (void)stream.feed->answer(&stream, (struct str){copy, size - 2}, &error);
    }
    if (stream.feed->book_answer != NULL && data[1] % 3 == 1) {
        error_clear(&error);
        (void)stream.feed->book_answer(&stream, 0, (struct str){copy, size - 2}, &error);
    }
    book_clear(&book);
    stream_clear(&stream);
    secrets_clear(&secrets);
    free(copy);
    return 0;
}
