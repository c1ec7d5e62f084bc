/* Coinbase Advanced Trade, its public channels: https://docs.cdp.coinbase.com, of 2026. One channel a message, numbers
 * that count over all channels of a connection, and a heartbeat that keeps quiet channels open. The side of a trade is
 * the maker's. Symbols are written BTC/USD; there BTC-USD. */
#include "stream/decoder.h"

#include "base/list.h"

#include <stdio.h>
#include <stdlib.h>

#define AGO_MAX 1000 /* messages: a number from longer ago is no repetition, they are counted anew */

static void spell(char out[static SYMBOL_SIZE], const char *symbol)
{
    size_t n = 0;
    for (const char *p = symbol; *p != '\0' && n < SYMBOL_SIZE - 1; p++)
        out[n++] = *p == '/' ? '-' : *p >= 'a' && *p <= 'z' ? (char)(*p - 'a' + 'A') : *p;
    out[n] = '\0';
}

static const struct {
    enum stream_channel channel;
    const char *asked, *comes;
} channels[] = {{STREAM_TRADES, "market_trades", "market_trades"},
                {STREAM_QUOTES, "ticker", "ticker"},
                {STREAM_BOOK, "level2", "l2_data"}};
enum { CHANNELS = sizeof channels / sizeof *channels };

static int greet(struct stream *stream, struct error *error)
{
    struct buf text;
    buf_init(&text, 256);
    buf_add_text(&text, "{\"type\":\"subscribe\",\"channel\":\"heartbeats\"}");
    const int result = stream_say(stream, &text, error);
    buf_clear(&text);
    return result != 0 ? result : stream_tell(stream, STREAM_READY, STREAM_NO_SYMBOL, 0, STR(""), error);
}

static int subscribe(struct stream *stream, const uint32_t *symbol, size_t count, bool on, struct error *error)
{
    struct buf text;
    int result = 0;
    buf_init(&text, 1u << 20);
    for (int i = 0; i < CHANNELS && result == 0; i++) {
        if ((stream->channels & channels[i].channel) == 0)
            continue;
        buf_reset(&text);
        buf_printf(&text, "{\"type\":\"%ssubscribe\",\"product_ids\":[", on ? "" : "un");
        stream_add_spellings(stream, &text, symbol, count);
        buf_printf(&text, "],\"channel\":\"%s\"}", channels[i].asked);
        result = stream_say(stream, &text, error);
    }
    buf_clear(&text);
    return result;
}

static int take_trade(struct stream *stream, struct json_reader *reader, bool snapshot, struct error *error)
{
    enum { ID, SYMBOL, PRICE, SIZE, MOMENT, SIDE, NAMES };
    static const struct str name[NAMES] = {JSON_NAME("trade_id"), JSON_NAME("product_id"), JSON_NAME("price"),
                                           JSON_NAME("size"),     JSON_NAME("time"),       JSON_NAME("side")};
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
        return stream_bad_field("time", error);
    if (!stream_dec(stream, &value[PRICE], &trade->price) || trade->price == 0)
        return stream_bad_field("price", error);
    if (!stream_dec(stream, &value[SIZE], &trade->quantity) || trade->quantity == 0)
        return stream_bad_field("size", error);
    if (!json_integer(&value[ID], &event->number) || event->number < 0)
        return stream_bad_field("trade_id", error);
    stream_id(trade->id, event->number);
    trade->side = json_is(&value[SIDE], "BUY") ? SIDE_SELL : json_is(&value[SIDE], "SELL") ? SIDE_BUY : SIDE_NONE;
    return stream_give(stream, error);
}

/* The newest come first: from the last to the first. */
static int take_trades(struct stream *stream, const struct json *list, bool snapshot, struct error *error)
{
    struct json_reader reader = json_reader_of(list->text);
    struct str *part = NULL;
    size_t count = 0, capacity = 0;
    struct json value;
    bool first = true;
    int result = list->kind == JSON_ARRAY && json_array(&reader) ? 0 : stream_bad_field("trades", error);
    while (result == 0 && json_more(&reader, &first)) {
        if (!json_value(&reader, &value))
            break;
        result = list_grow(&part, &capacity, count, sizeof *part, error);
        if (result == 0)
            part[count++] = value.text;
    }
    if (result == 0 && reader.wrong != NULL)
        result = stream_bad(&reader, error);
    while (result == 0 && count > 0) {
        struct json_reader one = json_reader_of(part[--count]);
        result = take_trade(stream, &one, snapshot, error);
    }
    free(part);
    return result;
}

static int take_tickers(struct stream *stream, const struct json *list, int64_t time, struct error *error)
{
    enum { SYMBOL, BID, BID_SIZE, ASK, ASK_SIZE, NAMES };
    static const struct str name[NAMES] = {JSON_NAME("product_id"), JSON_NAME("best_bid"),
                                           JSON_NAME("best_bid_quantity"), JSON_NAME("best_ask"),
                                           JSON_NAME("best_ask_quantity")};
    struct json_reader reader = json_reader_of(list->text);
    struct json value[NAMES];
    bool first = true;
    int result = 0;
    if (list->kind != JSON_ARRAY || !json_array(&reader))
        return stream_bad_field("tickers", error);
    while (result == 0 && json_more(&reader, &first)) {
        if (!json_object(&reader, name, NAMES, value))
            return stream_bad(&reader, error);
        const uint32_t symbol = stream_find(stream, &value[SYMBOL]);
        if (symbol == STREAM_NO_SYMBOL)
            continue;
        struct quote *quote = &stream_event(stream, STREAM_QUOTE, symbol)->quote;
        quote->time = time;
        if (!stream_dec(stream, &value[BID], &quote->bid) || !stream_dec(stream, &value[ASK], &quote->ask))
            continue; /* a product without a book has empty texts here */
        if (!stream_double(&value[BID_SIZE], &quote->bid_size) || !stream_double(&value[ASK_SIZE], &quote->ask_size))
            return stream_bad_field("best_bid_quantity", error);
        result = stream_give(stream, error);
    }
    return result == 0 && reader.wrong != NULL ? stream_bad(&reader, error) : result;
}

/* Updates of both sides are mixed: two passes over the list, bids first. */
static int take_levels(struct stream *stream, const struct json *list, uint32_t symbol, int64_t time, bool snapshot,
                       struct error *error)
{
    enum { SIDE, PRICE, QUANTITY, NAMES };
    static const struct str name[NAMES] = {JSON_NAME("side"), JSON_NAME("price_level"), JSON_NAME("new_quantity")};
    struct json value[NAMES];
    size_t count = 0, bids = 0;
    for (int asks = 0; asks < 2; asks++) {
        struct json_reader reader = json_reader_of(list->text);
        bool first = true;
        if (list->kind != JSON_ARRAY || !json_array(&reader))
            return stream_bad_field("updates", error);
        while (json_more(&reader, &first)) {
            if (!json_object(&reader, name, NAMES, value))
                return stream_bad(&reader, error);
            if (json_is(&value[SIDE], "bid") != (asks == 0))
                continue;
            if (stream_level_add(stream, count++, &value[PRICE], &value[QUANTITY], error) < 0)
                return -1;
        }
        if (reader.wrong != NULL)
            return stream_bad(&reader, error);
        bids = asks == 0 ? count : bids;
    }
    struct stream_event *event = stream_event(stream, STREAM_LEVELS, symbol);
    event->book = (struct book_change){
        .time = time,
        .snapshot = snapshot,
        .bids = stream->level,
        .bid_count = bids,
        .asks = stream->level + bids,
        .ask_count = count - bids,
        .first = -1,
        .last = -1,
        .before = -1,
    };
    return stream_give(stream, error);
}

/* {"subscriptions":{"ticker":["BTC-USD"],…}} */
static int take_subscriptions(struct stream *stream, const struct json *object, struct error *error)
{
    static const struct str name[CHANNELS] = {JSON_NAME("market_trades"), JSON_NAME("ticker"), JSON_NAME("level2")};
    struct json_reader reader = json_reader_of(object->text);
    struct json value[CHANNELS], symbol;
    int result = 0;
    if (!json_object(&reader, name, CHANNELS, value))
        return stream_bad(&reader, error);
    for (int i = 0; i < CHANNELS && result == 0; i++) {
        struct json_reader list = json_reader_of(value[i].text);
        bool first = true;
        if (value[i].kind != JSON_ARRAY || !json_array(&list))
            continue;
        while (result == 0 && json_more(&list, &first) && json_value(&list, &symbol)) {
            const uint32_t index = stream_find(stream, &symbol);
            if (index != STREAM_NO_SYMBOL)
                result = stream_tell(stream, STREAM_CONFIRMED, index, channels[i].channel, STR(""), error);
        }
    }
    return result;
}

static int take_event(struct stream *stream, struct json_reader *reader, enum stream_channel channel, int64_t time,
                      struct error *error)
{
    enum { TYPE, PRODUCT, TRADES, TICKERS, UPDATES, SUBSCRIPTIONS, NAMES };
    static const struct str name[NAMES] = {JSON_NAME("type"),    JSON_NAME("product_id"), JSON_NAME("trades"),
                                           JSON_NAME("tickers"), JSON_NAME("updates"),    JSON_NAME("subscriptions")};
    struct json value[NAMES];
    if (!json_object(reader, name, NAMES, value))
        return stream_bad(reader, error);
    const bool snapshot = json_is(&value[TYPE], "snapshot");
    if (value[SUBSCRIPTIONS].kind == JSON_OBJECT)
        return take_subscriptions(stream, &value[SUBSCRIPTIONS], error);
    if (channel == STREAM_TRADES)
        return take_trades(stream, &value[TRADES], snapshot, error);
    if (channel == STREAM_QUOTES)
        return take_tickers(stream, &value[TICKERS], time, error);
    if (channel != STREAM_BOOK)
        return 0;
    const uint32_t symbol = stream_find(stream, &value[PRODUCT]);
    return symbol == STREAM_NO_SYMBOL ? 0 : take_levels(stream, &value[UPDATES], symbol, time, snapshot, error);
}

static int take_frame(struct stream *stream, bool binary, struct str frame, struct error *error)
{
    enum { CHANNEL, MOMENT, SEQUENCE, EVENTS, TYPE, MESSAGE, NAMES };
    static const struct str name[NAMES] = {JSON_NAME("channel"), JSON_NAME("timestamp"), JSON_NAME("sequence_num"),
                                           JSON_NAME("events"),  JSON_NAME("type"),      JSON_NAME("message")};
    struct json_reader reader = json_reader_of(frame);
    struct json value[NAMES];
    int64_t number, time = stream->received;
    int result = 0;
    (void)binary;
    if (!json_object(&reader, name, NAMES, value) || !json_done(&reader))
        return stream_bad(&reader, error);
    if (json_is(&value[TYPE], "error"))
        return stream_tell(stream, STREAM_REFUSED, STREAM_NO_SYMBOL, 0,
                           value[MESSAGE].kind == JSON_STRING ? value[MESSAGE].text : STR("an error"), error);
    if (json_integer(&value[SEQUENCE], &number)) {
        if (number <= stream->sequence && stream->sequence - number < AGO_MAX) /* an old change undoes no newer one */
            return stream_tell(stream, STREAM_PULSE, STREAM_NO_SYMBOL, 0, STR(""), error);
        const bool missing = number <= stream->sequence || (stream->sequence >= 0 && number > stream->sequence + 1);
        stream->sequence = number;
        if (missing)
            result = stream_tell(stream, STREAM_MISSING, STREAM_NO_SYMBOL, 0, STR("messages are missing"), error);
    }
    (void)stream_rfc3339(&value[MOMENT], &time);
    enum stream_channel channel = 0;
    for (int i = 0; i < CHANNELS; i++)
        if (json_is(&value[CHANNEL], channels[i].comes))
            channel = channels[i].channel;
    struct json_reader events = json_reader_of(value[EVENTS].text);
    bool first = true;
    if (value[EVENTS].kind != JSON_ARRAY || !json_array(&events))
        return result;
    if (channel == 0 && !json_is(&value[CHANNEL], "subscriptions"))
        return result != 0 ? result : stream_tell(stream, STREAM_PULSE, STREAM_NO_SYMBOL, 0, STR(""), error);
    while (result == 0 && json_more(&events, &first))
        result = take_event(stream, &events, channel, time, error);
    return result == 0 && events.wrong != NULL ? stream_bad(&events, error) : result;
}

const struct stream_feed stream_coinbase = {
    .name = "coinbase",
    .title = "Coinbase",
    .url = "wss://advanced-trade-ws.coinbase.com",
    .credentials = "",
    .calendar = "always",
    .channels = STREAM_TRADES | STREAM_QUOTES | STREAM_BOOK,
    .silence = 5 * TIME_SECOND,
    .confirms = true,
    .numbers_trades = true,
    .spell = spell,
    .greet = greet,
    .subscribe = subscribe,
    .frame = take_frame,
};
