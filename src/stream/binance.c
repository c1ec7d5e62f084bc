/* Binance, spot and USD-M futures: https://developers.binance.com/docs, of 2026-07. Combined streams, each frame
 * {"stream": NAME, "data": {…}}. A wrong name is accepted without a word, so data alone show that a symbol is there. */
#include "stream/decoder.h"

#include <stdio.h>

enum { BATCH = 200, SNAPSHOT = 1000 }; /* streams of one request; levels of a book's side */

enum {
    E,
    EVENT_TIME,
    TRADE_TIME,
    SYMBOL,
    ID,
    PRICE,
    QUANTITY,
    KIND,
    MAKER,
    U,
    FIRST,
    BEFORE,
    BID,
    BID_SIZE,
    ASK,
    ASK_SIZE,
    DATA_NAMES
};
static const struct str data_name[DATA_NAMES] = {
    JSON_NAME("e"), JSON_NAME("E"), JSON_NAME("T"), JSON_NAME("s"), JSON_NAME("t"), JSON_NAME("p"),
    JSON_NAME("q"), JSON_NAME("X"), JSON_NAME("m"), JSON_NAME("u"), JSON_NAME("U"), JSON_NAME("pu"),
    JSON_NAME("b"), JSON_NAME("B"), JSON_NAME("a"), JSON_NAME("A"),
};

static void spell(char out[static SYMBOL_SIZE], const char *symbol)
{
    size_t n = 0;
    for (const char *p = symbol; *p != '\0' && n < SYMBOL_SIZE - 1; p++)
        if (*p != '/' && *p != '-')
            out[n++] = *p >= 'a' && *p <= 'z' ? (char)(*p - 'a' + 'A') : *p;
    out[n] = '\0';
}

static int greet(struct stream *stream, struct error *error)
{
    return stream_tell(stream, STREAM_READY, STREAM_NO_SYMBOL, 0, STR(""), error);
}

static int ask(struct stream *stream, struct buf *list, bool on, struct error *error)
{
    struct buf text;
    int result = 0;
    if (list->n == 0)
        return 0;
    buf_init(&text, 64 * 1024);
    buf_printf(&text, "{\"method\":\"%sSUBSCRIBE\",\"params\":[", on ? "" : "UN");
    buf_add_str(&text, buf_str(list));
    buf_printf(&text, "],\"id\":%lld}", (long long)++stream->asked);
    result = stream_say(stream, &text, error);
    buf_clear(&text);
    buf_reset(list);
    return result;
}

static int subscribe(struct stream *stream, const uint32_t *symbol, size_t count, bool on, struct error *error)
{
    static const struct {
        enum stream_channel channel;
        const char *name;
    } streams[] = {{STREAM_TRADES, "trade"}, {STREAM_QUOTES, "bookTicker"}, {STREAM_BOOK, "depth@100ms"}};
    struct buf list;
    int result = 0, names = 0;
    buf_init(&list, 64 * 1024);
    for (size_t i = 0; i < count && result == 0; i++) {
        char lower[SYMBOL_SIZE];
        size_t n = 0;
        for (const char *p = stream->symbol[symbol[i]].spelling; *p != '\0'; p++)
            lower[n++] = *p >= 'A' && *p <= 'Z' ? (char)(*p - 'A' + 'a') : *p;
        lower[n] = '\0';
        for (size_t j = 0; j < sizeof streams / sizeof *streams && result == 0; j++) {
            if ((stream->channels & streams[j].channel) == 0)
                continue;
            buf_printf(&list, "%s\"%s@%s\"", list.n == 0 ? "" : ",", lower, streams[j].name);
            if (++names % BATCH == 0)
                result = ask(stream, &list, on, error);
        }
    }
    if (result == 0)
        result = ask(stream, &list, on, error);
    buf_clear(&list);
    return result;
}

static int take_trade(struct stream *stream, const struct json *data, uint32_t symbol, struct error *error)
{
    struct stream_event *event = stream_event(stream, STREAM_TRADE, symbol);
    struct trade *trade = &event->trade;
    if (data[KIND].kind == JSON_STRING && !json_is(&data[KIND], "MARKET"))
        return 0; /* futures: of the insurance fund, at no market price */
    if (!stream_milliseconds(&data[TRADE_TIME], &trade->time))
        return stream_bad_field("T", error);
    if (!stream_dec(stream, &data[PRICE], &trade->price) || trade->price == 0)
        return stream_bad_field("p", error);
    if (!stream_dec(stream, &data[QUANTITY], &trade->quantity) || trade->quantity == 0)
        return stream_bad_field("q", error);
    if (!json_integer(&data[ID], &event->number) || event->number < 0)
        return stream_bad_field("t", error);
    memcpy(trade->id, data[ID].text.p, data[ID].text.n < ID_SIZE ? data[ID].text.n : ID_SIZE - 1);
    if (data[MAKER].kind == JSON_TRUE || data[MAKER].kind == JSON_FALSE) /* the buyer's order waited */
        trade->side = data[MAKER].kind == JSON_TRUE ? SIDE_SELL : SIDE_BUY;
    return stream_give(stream, error);
}

static int take_quote(struct stream *stream, const struct json *data, uint32_t symbol, struct error *error)
{
    struct quote *quote = &stream_event(stream, STREAM_QUOTE, symbol)->quote;
    if (!stream_milliseconds(&data[TRADE_TIME], &quote->time)) /* spot has no time here */
        quote->time = stream->received;
    if (!stream_dec(stream, &data[BID], &quote->bid) || !stream_dec(stream, &data[ASK], &quote->ask))
        return stream_bad_field("b or a", error);
    if (!stream_double(&data[BID_SIZE], &quote->bid_size) || !stream_double(&data[ASK_SIZE], &quote->ask_size))
        return stream_bad_field("B or A", error);
    return stream_give(stream, error);
}

static int take_depth(struct stream *stream, const struct json *data, uint32_t symbol, struct error *error)
{
    struct stream_event *event = stream_event(stream, STREAM_LEVELS, symbol);
    struct book_change *book = &event->book;
    *book = (struct book_change){.before = -1};
    if (!stream_milliseconds(&data[EVENT_TIME], &book->time))
        return stream_bad_field("E", error);
    if (!json_integer(&data[FIRST], &book->first) || !json_integer(&data[U], &book->last) || book->first < 0 ||
        book->last < book->first ||
        (data[BEFORE].kind != JSON_ABSENT && (!json_integer(&data[BEFORE], &book->before) || book->before < 0)))
        return stream_bad_field("U or u", error);
    const int64_t bids = stream_levels(stream, &data[BID], NULL, 0, error);
    const int64_t asks = bids < 0 ? -1 : stream_levels(stream, &data[ASK], NULL, (size_t)bids, error);
    if (asks < 0)
        return -1;
    book->bids = stream->level;
    book->bid_count = (size_t)bids;
    book->asks = stream->level + bids;
    book->ask_count = (size_t)asks;
    return stream_give(stream, error);
}

/* The most levels that cost little: the best are what is wanted, and the market moves. */
static int book_question(const struct stream *stream, uint32_t symbol, struct stream_question *question,
                         struct error *error)
{
    question->method = "GET";
    buf_printf(&question->path, "%s/depth?symbol=%s&limit=%d",
               strcmp(stream->variant, "futures") == 0 ? "/fapi/v1" : "/api/v3", stream->symbol[symbol].spelling,
               SNAPSHOT);
    return buf_check(&question->path, error);
}

static int book_answer(struct stream *stream, uint32_t symbol, struct str body, struct error *error)
{
    enum { NUMBER, BIDS, ASKS, NAMES };
    static const struct str name[NAMES] = {JSON_NAME("lastUpdateId"), JSON_NAME("bids"), JSON_NAME("asks")};
    struct json_reader reader = json_reader_of(body);
    struct json value[NAMES];
    int64_t number;
    if (!json_object(&reader, name, NAMES, value) || !json_done(&reader))
        return stream_bad(&reader, error);
    if (!json_integer(&value[NUMBER], &number) || number < 0)
        return stream_bad_field("lastUpdateId", error);
    const int64_t bids = stream_levels(stream, &value[BIDS], NULL, 0, error);
    const int64_t asks = bids < 0 ? -1 : stream_levels(stream, &value[ASKS], NULL, (size_t)bids, error);
    if (asks < 0)
        return -1;
    struct stream_event *event = stream_event(stream, STREAM_LEVELS, symbol);
    event->book = (struct book_change){
        .time = stream->received,
        .snapshot = true,
        .bids = stream->level,
        .bid_count = (size_t)bids,
        .asks = stream->level + bids,
        .ask_count = (size_t)asks,
        .first = -1,
        .last = number,
        .before = -1,
        .partial = true,
    };
    return stream_give(stream, error);
}

static int take_data(struct stream *stream, struct json_reader *reader, struct error *error)
{
    struct json data[DATA_NAMES];
    if (!json_object(reader, data_name, DATA_NAMES, data))
        return stream_bad(reader, error);
    if (json_is(&data[E], "serverShutdown"))
        return stream_tell(stream, STREAM_LEAVE, STREAM_NO_SYMBOL, 0, STR("the server is about to close"), error);
    const uint32_t symbol = stream_find(stream, &data[SYMBOL]);
    if (symbol == STREAM_NO_SYMBOL)
        return 0;
    if (json_is(&data[E], "trade"))
        return take_trade(stream, data, symbol, error);
    if (json_is(&data[E], "depthUpdate"))
        return take_depth(stream, data, symbol, error);
    if (json_is(&data[E], "bookTicker") || (data[E].kind == JSON_ABSENT && data[BID].kind == JSON_STRING))
        return take_quote(stream, data, symbol, error);
    stream->unknown++;
    return 0;
}

/* An answer to a request, or an error; data too, written otherwise than usual. */
static int take_other(struct stream *stream, struct str frame, struct error *error)
{
    enum { RESULT, REQUEST, CODE, MESSAGE, INNER, DATA, NAMES };
    static const struct str name[NAMES] = {JSON_NAME("result"), JSON_NAME("id"),    JSON_NAME("code"),
                                           JSON_NAME("msg"),    JSON_NAME("error"), JSON_NAME("data")};
    struct json_reader reader = json_reader_of(frame);
    struct json value[NAMES];
    if (!json_object(&reader, name, NAMES, value) || !json_done(&reader))
        return stream_bad(&reader, error);
    if (value[DATA].kind == JSON_OBJECT) {
        reader = json_reader_of(value[DATA].text);
        return take_data(stream, &reader, error);
    }
    if (value[CODE].kind != JSON_ABSENT || value[INNER].kind == JSON_OBJECT)
        return stream_tell(stream, STREAM_REFUSED, STREAM_NO_SYMBOL, 0,
                           value[MESSAGE].kind == JSON_STRING ? value[MESSAGE].text : value[INNER].text, error);
    if (value[REQUEST].kind == JSON_ABSENT)
        stream->unknown++;
    return stream_tell(stream, STREAM_PULSE, STREAM_NO_SYMBOL, 0, STR(""), error);
}

static int take_frame(struct stream *stream, bool binary, struct str frame, struct error *error)
{
    static const char lead[] = "{\"stream\":\"", middle[] = ",\"data\":";
    struct json_reader reader = json_reader_of(frame);
    (void)binary;
    if (frame.n < sizeof lead || memcmp(frame.p, lead, sizeof lead - 1) != 0)
        return take_other(stream, frame, error);
    const char *quote = memchr(frame.p + sizeof lead - 1, '"', frame.n - sizeof lead + 1);
    const size_t left = quote == NULL ? 0 : (size_t)(frame.p + frame.n - quote) - 1;
    if (left < sizeof middle || memcmp(quote + 1, middle, sizeof middle - 1) != 0)
        return take_other(stream, frame, error);
    reader.p = quote + sizeof middle;
    const int result = take_data(stream, &reader, error);
    if (result != 0)
        return result;
    if (json_peek(&reader) != '}')
        return stream_bad(&reader, error);
    reader.p++;
    return json_done(&reader) ? 0 : stream_bad(&reader, error);
}

static int address(struct stream *stream, struct buf *url, struct error *error)
{
    buf_add_text(url, "/stream");
    (void)stream;
    return buf_check(url, error);
}

const struct stream_feed stream_binance = {
    .name = "binance",
    .title = "Binance",
    .url = "wss://stream.binance.com:443",
    .credentials = "",
    .calendar = "always",
    .channels = STREAM_TRADES | STREAM_QUOTES | STREAM_BOOK,
    .silence = 60 * TIME_SECOND,
    .numbers_trades = true,
    .say_every = TIME_SECOND / 4, /* five messages a second, pings and pongs counted */
    .most = 1024,
    .address = address,
    .spell = spell,
    .greet = greet,
    .subscribe = subscribe,
    .frame = take_frame,
    .book_question = book_question,
    .book_answer = book_answer,
};
