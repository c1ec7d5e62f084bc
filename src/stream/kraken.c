/* Kraken, WebSocket v2: https://docs.kraken.com/api/docs/websocket-v2, of 2026. One reply per symbol; a heartbeat each
 * second; books bear a checksum over the digits as they are written. */
#include "stream/decoder.h"

#include <stdio.h>

static void spell(char out[static SYMBOL_SIZE], const char *symbol)
{
    (void)snprintf(out, SYMBOL_SIZE, "%s", symbol);
}

static int greet(struct stream *stream, struct error *error)
{
    return stream_tell(stream, STREAM_READY, STREAM_NO_SYMBOL, 0, STR(""), error);
}

static const struct {
    enum stream_channel channel;
    const char *name;
} channels[] = {{STREAM_TRADES, "trade"}, {STREAM_QUOTES, "ticker"}, {STREAM_BOOK, "book"}};

static enum stream_channel channel_of(const struct json *name)
{
    for (size_t i = 0; i < sizeof channels / sizeof *channels; i++)
        if (json_is(name, channels[i].name))
            return channels[i].channel;
    return 0;
}

/* The depths there are. */
static int depth_of(int64_t wanted)
{
    static const int depth[] = {10, 25, 100, 500, 1000};
    for (size_t i = 0; i < sizeof depth / sizeof *depth; i++)
        if (wanted <= depth[i])
            return depth[i];
    return 1000;
}

static int subscribe(struct stream *stream, const uint32_t *symbol, size_t count, bool on, struct error *error)
{
    struct buf text;
    int result = 0;
    buf_init(&text, 1u << 20);
    for (size_t i = 0; i < sizeof channels / sizeof *channels && result == 0; i++) {
        if ((stream->channels & channels[i].channel) == 0)
            continue;
        buf_reset(&text);
        buf_printf(&text, "{\"method\":\"%ssubscribe\",\"params\":{\"channel\":\"%s\",\"symbol\":[", on ? "" : "un",
                   channels[i].name);
        for (size_t j = 0; j < count; j++)
            buf_printf(&text, "%s\"%s\"", j == 0 ? "" : ",", stream->symbol[symbol[j]].spelling);
        buf_add_text(&text, "]");
        if (channels[i].channel == STREAM_BOOK)
            buf_printf(&text, ",\"depth\":%d", depth_of(stream->depth));
        if (channels[i].channel == STREAM_QUOTES)
            buf_add_text(&text, ",\"event_trigger\":\"bbo\"");
        if (channels[i].channel == STREAM_TRADES && on)
            buf_add_text(&text, ",\"snapshot\":true");
        buf_printf(&text, "},\"req_id\":%lld}", (long long)++stream->asked);
        result = stream_say(stream, &text, error);
    }
    buf_clear(&text);
    return result;
}

static int take_trade(struct stream *stream, struct json_reader *reader, bool snapshot, struct error *error)
{
    enum { SYMBOL, SIDE, PRICE, QUANTITY, ORDER, ID, MOMENT, NAMES };
    static const struct str name[NAMES] = {JSON_NAME("symbol"),   JSON_NAME("side"),     JSON_NAME("price"),
                                           JSON_NAME("qty"),      JSON_NAME("ord_type"), JSON_NAME("trade_id"),
                                           JSON_NAME("timestamp")};
    struct json value[NAMES];
    if (!json_object(reader, name, NAMES, value))
        return stream_bad(reader, error);
    const uint32_t symbol = stream_find(stream, &value[SYMBOL]);
    if (symbol == STREAM_NO_SYMBOL)
        return 0;
    struct stream_event *event = stream_event(stream, STREAM_TRADE, symbol);
    struct trade *trade = &event->trade;
    event->replayed = snapshot;
    if (!stream_rfc3339(&value[MOMENT], &trade->time))
        return stream_bad_field("timestamp", error);
    if (!stream_dec(stream, &value[PRICE], &trade->price) || trade->price == 0)
        return stream_bad_field("price", error);
    if (!stream_dec(stream, &value[QUANTITY], &trade->quantity) || trade->quantity == 0)
        return stream_bad_field("qty", error);
    if (!json_integer(&value[ID], &event->number) || event->number < 0)
        return stream_bad_field("trade_id", error);
    stream_id(trade->id, event->number);
    trade->side = json_is(&value[SIDE], "buy") ? SIDE_BUY : json_is(&value[SIDE], "sell") ? SIDE_SELL : SIDE_NONE;
    return stream_give(stream, error);
}

static int take_ticker(struct stream *stream, struct json_reader *reader, struct error *error)
{
    enum { SYMBOL, BID, BID_SIZE, ASK, ASK_SIZE, MOMENT, NAMES };
    static const struct str name[NAMES] = {JSON_NAME("symbol"), JSON_NAME("bid"),     JSON_NAME("bid_qty"),
                                           JSON_NAME("ask"),    JSON_NAME("ask_qty"), JSON_NAME("timestamp")};
    struct json value[NAMES];
    if (!json_object(reader, name, NAMES, value))
        return stream_bad(reader, error);
    const uint32_t symbol = stream_find(stream, &value[SYMBOL]);
    if (symbol == STREAM_NO_SYMBOL)
        return 0;
    struct quote *quote = &stream_event(stream, STREAM_QUOTE, symbol)->quote;
    if (!stream_rfc3339(&value[MOMENT], &quote->time))
        quote->time = stream->received;
    if (!stream_dec(stream, &value[BID], &quote->bid) || !stream_dec(stream, &value[ASK], &quote->ask))
        return stream_bad_field("bid or ask", error);
    if (!stream_double(&value[BID_SIZE], &quote->bid_size) || !stream_double(&value[ASK_SIZE], &quote->ask_size))
        return stream_bad_field("bid_qty or ask_qty", error);
    return stream_give(stream, error);
}

static int take_book(struct stream *stream, struct json_reader *reader, bool snapshot, struct error *error)
{
    enum { SYMBOL, BIDS, ASKS, CHECKSUM, MOMENT, NAMES };
    static const struct str name[NAMES] = {JSON_NAME("symbol"), JSON_NAME("bids"), JSON_NAME("asks"),
                                           JSON_NAME("checksum"), JSON_NAME("timestamp")};
    static const struct str level[2] = {JSON_NAME("price"), JSON_NAME("qty")};
    struct json value[NAMES];
    int64_t checksum, bids = 0, asks = 0;
    if (!json_object(reader, name, NAMES, value))
        return stream_bad(reader, error);
    const uint32_t symbol = stream_find(stream, &value[SYMBOL]);
    if (symbol == STREAM_NO_SYMBOL)
        return 0;
    struct stream_event *event = stream_event(stream, STREAM_LEVELS, symbol);
    if (!json_integer(&value[CHECKSUM], &checksum) || checksum < 0 || checksum > UINT32_MAX)
        return stream_bad_field("checksum", error);
    event->book = (struct book_change){
        .snapshot = snapshot,
        .first = -1,
        .last = -1,
        .before = -1,
        .has_checksum = true,
        .checksum = (uint32_t)checksum,
        .depth = (size_t)depth_of(stream->depth),
    };
    if (!stream_rfc3339(&value[MOMENT], &event->book.time))
        event->book.time = stream->received;
    if (value[BIDS].kind != JSON_ABSENT && (bids = stream_levels(stream, &value[BIDS], level, 0, error)) < 0)
        return -1;
    if (value[ASKS].kind != JSON_ABSENT && (asks = stream_levels(stream, &value[ASKS], level, (size_t)bids, error)) < 0)
        return -1;
    event->book.bids = stream->level;
    event->book.bid_count = (size_t)bids;
    event->book.asks = stream->level + bids;
    event->book.ask_count = (size_t)asks;
    return stream_give(stream, error);
}

/* {"method":"subscribe","success":…}: one for each symbol. */
static int take_reply(struct stream *stream, const struct json *success, const struct json *result,
                      const struct json *problem, const struct json *symbol_text, struct error *error)
{
    static const struct str name[2] = {JSON_NAME("channel"), JSON_NAME("symbol")};
    struct json value[2] = {{.kind = JSON_ABSENT}, *symbol_text};
    if (result->kind == JSON_OBJECT) {
        struct json_reader reader = json_reader_of(result->text);
        if (!json_object(&reader, name, 2, value))
            return stream_bad(&reader, error);
    }
    const uint32_t symbol = value[1].kind == JSON_STRING ? stream_find(stream, &value[1]) : STREAM_NO_SYMBOL;
    if (success->kind == JSON_TRUE)
        return stream_tell(stream, STREAM_CONFIRMED, symbol, channel_of(&value[0]), STR(""), error);
    return stream_tell(stream, STREAM_REFUSED, symbol, 0, problem->kind == JSON_STRING ? problem->text : STR("refused"),
                       error);
}

static int take_frame(struct stream *stream, bool binary, struct str frame, struct error *error)
{
    enum { CHANNEL, TYPE, DATA, METHOD, SUCCESS, RESULT, PROBLEM, SYMBOL, NAMES };
    static const struct str name[NAMES] = {JSON_NAME("channel"), JSON_NAME("type"),    JSON_NAME("data"),
                                           JSON_NAME("method"),  JSON_NAME("success"), JSON_NAME("result"),
                                           JSON_NAME("error"),   JSON_NAME("symbol")};
    struct json_reader reader = json_reader_of(frame);
    struct json value[NAMES];
    (void)binary;
    if (!json_object(&reader, name, NAMES, value) || !json_done(&reader))
        return stream_bad(&reader, error);
    if (value[METHOD].kind == JSON_STRING)
        return json_is(&value[METHOD], "subscribe")
                   ? take_reply(stream, &value[SUCCESS], &value[RESULT], &value[PROBLEM], &value[SYMBOL], error)
                   : stream_tell(stream, STREAM_PULSE, STREAM_NO_SYMBOL, 0, STR(""), error);
    const enum stream_channel channel = channel_of(&value[CHANNEL]);
    if (channel == 0) /* heartbeat, status */
        return stream_tell(stream, STREAM_PULSE, STREAM_NO_SYMBOL, 0, STR(""), error);
    const bool snapshot = json_is(&value[TYPE], "snapshot");
    struct json_reader data = json_reader_of(value[DATA].text);
    bool first = true;
    int result = 0;
    if (value[DATA].kind != JSON_ARRAY || !json_array(&data))
        return stream_bad_field("data", error);
    while (result == 0 && json_more(&data, &first))
        result = channel == STREAM_TRADES   ? take_trade(stream, &data, snapshot, error)
                 : channel == STREAM_QUOTES ? take_ticker(stream, &data, error)
                                            : take_book(stream, &data, snapshot, error);
    return result == 0 && data.wrong != NULL ? stream_bad(&data, error) : result;
}

static int address(struct stream *stream, struct buf *url, struct error *error)
{
    (void)stream;
    buf_add_text(url, "/v2");
    return buf_check(url, error);
}

const struct stream_feed stream_kraken = {
    .name = "kraken",
    .title = "Kraken",
    .url = "wss://ws.kraken.com",
    .credentials = "",
    .calendar = "always",
    .channels = STREAM_TRADES | STREAM_QUOTES | STREAM_BOOK,
    .silence = 5 * TIME_SECOND,
    .confirms = true,
    .numbers_trades = true,
    .address = address,
    .spell = spell,
    .greet = greet,
    .subscribe = subscribe,
    .frame = take_frame,
};
