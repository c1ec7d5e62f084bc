/* Zerodha Kite Connect 3: https://kite.trade/docs/connect/v3/websocket. Binary frames of packets, big-endian, by
 * instrument token; symbols are written NSE:INFY and their tokens are asked for before the connection is made. What
 * comes are states, not trades: the rise of the day's volume is given as one trade, `conflated`. Nothing is confirmed.
 */
#include "stream/decoder.h"

#include "net/url.h"

#include <stdio.h>
#include <stdlib.h>

#define NO_TOKEN UINT32_MAX /* there is no such instrument */

static void spell(char out[static SYMBOL_SIZE], const char *symbol)
{
    if (strchr(symbol, ':') != NULL)
        (void)snprintf(out, SYMBOL_SIZE, "%s", symbol);
}

static int address(struct stream *stream, struct buf *url, struct error *error)
{
    const char *key = secrets_find(stream->secrets, "key"), *token = secrets_find(stream->secrets, "token");
    buf_add_text(url, "/?api_key=");
    url_add_encoded(url, str_of(key == NULL ? "" : key));
    buf_add_text(url, "&access_token=");
    url_add_encoded(url, str_of(token == NULL ? "" : token));
    return buf_check(url, error);
}

static int question(const struct stream *stream, struct stream_question *question, struct error *error)
{
    question->method = "GET";
    buf_add_text(&question->path, "/quote/ltp");
    for (size_t i = 0; i < stream->symbols; i++) {
        buf_add_text(&question->path, i == 0 ? "?i=" : "&i=");
        url_add_encoded(&question->path, str_of(stream->symbol[i].spelling));
    }
    return buf_check(&question->path, error);
}

/* {"data":{"NSE:INFY":{"instrument_token":408065,…}}}: one that is unknown is not there. */
static int answer(struct stream *stream, struct str body, struct error *error)
{
    static const struct str data_name[1] = {JSON_NAME("data")}, token_name[1] = {JSON_NAME("instrument_token")};
    struct json_reader reader = json_reader_of(body);
    struct json data, token;
    int64_t number;
    if (!json_object(&reader, data_name, 1, &data))
        return stream_bad(&reader, error);
    for (uint32_t i = 0; i < stream->symbols; i++) {
        const struct str name[1] = {str_of(stream->symbol[i].spelling)};
        struct json one;
        reader = json_reader_of(data.text);
        if (data.kind != JSON_OBJECT || !json_object(&reader, name, 1, &one))
            return stream_bad(&reader, error);
        reader = json_reader_of(one.text);
        if (one.kind == JSON_OBJECT && json_object(&reader, token_name, 1, &token) && json_integer(&token, &number) &&
            number >= 0 && number <= UINT32_MAX) {
            char text[24];
            const int n = snprintf(text, sizeof text, "%lld", (long long)number);
            if (stream_alias(stream, (struct str){text, (size_t)n}, i, error) < 0)
                return -1;
            stream->symbol[i].token = (uint32_t)number;
            continue;
        }
        stream->symbol[i].token = NO_TOKEN;
        if (stream_tell(stream, STREAM_REFUSED, i, 0, STR("no such instrument"), error) != 0) {
            return -1;
        }
    }
    return 0;
}

static int greet(struct stream *stream, struct error *error)
{
    return stream_tell(stream, STREAM_READY, STREAM_NO_SYMBOL, 0, STR(""), error);
}

static int subscribe(struct stream *stream, const uint32_t *symbol, size_t count, bool on, struct error *error)
{
    struct buf text, list;
    int result = 0;
    buf_init(&text, 1u << 20);
    buf_init(&list, 1u << 20);
    for (size_t i = 0; i < count; i++)
        if (stream->symbol[symbol[i]].token == 0) /* asked for after the question: the next connection knows it */
            result = stream_tell(stream, STREAM_LEAVE, STREAM_NO_SYMBOL, 0, STR("a new instrument"), error);
        else if (stream->symbol[symbol[i]].token != NO_TOKEN)
            buf_printf(&list, "%s%u", list.n == 0 ? "" : ",", (unsigned)stream->symbol[symbol[i]].token);
    if (list.n > 0 && result == 0) {
        buf_printf(&text, "{\"a\":\"%ssubscribe\",\"v\":[" STR_FMT "]}", on ? "" : "un", STR_ARG(buf_str(&list)));
        result = stream_say(stream, &text, error);
        buf_reset(&text);
        buf_printf(&text, "{\"a\":\"mode\",\"v\":[\"full\",[" STR_FMT "]]}", STR_ARG(buf_str(&list)));
        if (result == 0 && on)
            result = stream_say(stream, &text, error);
    }
    buf_clear(&text);
    buf_clear(&list);
    return result;
}

static uint32_t u32(const char *p)
{
    const unsigned char *b = (const unsigned char *)p;
    return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

static unsigned u16(const char *p)
{
    const unsigned char *b = (const unsigned char *)p;
    return (unsigned)b[0] << 8 | b[1];
}

/* Counts of 1e-8 in the last place of a price: the lowest byte of the token is the segment. */
static dec unit_of(uint32_t token)
{
    switch (token & 0xff) {
    case 3: /* CDS */
        return DEC_ONE / 10000000;
    case 6: /* BCD */
        return DEC_ONE / 10000;
    default:
        return DEC_ONE / 100;
    }
}

static dec price_at(const char *packet, size_t at, dec unit)
{
    return (int32_t)u32(packet + at) * unit;
}

/* The day's volume has risen: so much was traded, the last of it at this price. */
static int take_volume(struct stream *stream, uint32_t symbol, const char *packet, int64_t time, dec unit,
                       struct error *error)
{
    struct stream_symbol *known = &stream->symbol[symbol];
    const double total = u32(packet + 16), before = known->total;
    const dec price = price_at(packet, 4, unit);
    known->total = total;
    if (before < 0 || total <= before || price <= 0) /* the first; nothing new; a new day */
        return 0;
    struct trade *trade = &stream_event(stream, STREAM_TRADE, symbol)->trade;
    trade->time = time;
    trade->price = price;
    trade->quantity = (dec)(total - before) * DEC_ONE;
    trade->conditions = STR("conflated");
    return stream_give(stream, error);
}

/* Ten rows: five bids, five asks. */
static int take_depth(struct stream *stream, uint32_t symbol, const char *packet, int64_t time, dec unit,
                      struct error *error)
{
    size_t count[2] = {0, 0}, at = 0;
    for (size_t side = 0; side < 2; side++)
        for (size_t i = 0; i < 5; i++) {
            const char *row = packet + 64 + (side * 5 + i) * 12;
            const dec price = (int32_t)u32(row + 4) * unit;
            if (price <= 0 || u32(row) == 0)
                continue;
            const struct json zero = {STR("1"), JSON_NUMBER, false}; /* makes room */
            if (stream_level_add(stream, at, &zero, &zero, error) < 0)
                return -1;
            stream->level[at++] = (struct book_level){price, (dec)u32(row) * DEC_ONE, 2, 0};
            count[side]++;
        }
    if ((stream->channels & STREAM_QUOTES) != 0) {
        struct quote *quote = &stream_event(stream, STREAM_QUOTE, symbol)->quote;
        quote->time = time;
        if (count[0] > 0) {
            quote->bid = stream->level[0].price;
            quote->bid_size = dec_to_double(stream->level[0].quantity);
        }
        if (count[1] > 0) {
            quote->ask = stream->level[count[0]].price;
            quote->ask_size = dec_to_double(stream->level[count[0]].quantity);
        }
        const int result = stream_give(stream, error);
        if (result != 0)
            return result;
    }
    if ((stream->channels & STREAM_BOOK) == 0)
        return 0;
    struct stream_event *event = stream_event(stream, STREAM_LEVELS, symbol);
    event->book = (struct book_change){
        .time = time,
        .snapshot = true,
        .bids = stream->level,
        .bid_count = count[0],
        .asks = stream->level + count[0],
        .ask_count = count[1],
        .first = -1,
        .last = -1,
        .before = -1,
        .depth = 5,
    };
    return stream_give(stream, error);
}

static int take_packet(struct stream *stream, struct str packet, struct error *error)
{
    char text[16];
    const uint32_t token = u32(packet.p);
    const struct json spelling = {
        {text, (size_t)snprintf(text, sizeof text, "%u", (unsigned)token)}, JSON_STRING, false};
    const uint32_t symbol = stream_find(stream, &spelling);
    const dec unit = unit_of(token);
    int64_t time = stream->received;
    if (symbol == STREAM_NO_SYMBOL)
        return 0;
    if (packet.n != 44 && packet.n != 184) { /* an index has no volume, a price alone neither */
        stream->unknown += packet.n != 8 && packet.n != 28 && packet.n != 32;
        return 0;
    }
    if (packet.n == 184 && u32(packet.p + 60) != 0)
        time = (int64_t)u32(packet.p + 60) * TIME_SECOND;
    int result = 0;
    if ((stream->channels & STREAM_TRADES) != 0)
        result = take_volume(stream, symbol, packet.p, time, unit, error);
    if (result == 0 && packet.n == 184 && (stream->channels & (STREAM_QUOTES | STREAM_BOOK)) != 0)
        result = take_depth(stream, symbol, packet.p, time, unit, error);
    return result;
}

static int take_text(struct stream *stream, struct str frame, struct error *error)
{
    static const struct str name[2] = {JSON_NAME("type"), JSON_NAME("data")};
    struct json_reader reader = json_reader_of(frame);
    struct json value[2];
    if (!json_object(&reader, name, 2, value) || !json_done(&reader))
        return stream_bad(&reader, error);
    if (json_is(&value[0], "error"))
        return stream_tell(stream, STREAM_REFUSED, STREAM_NO_SYMBOL, 0,
                           value[1].kind == JSON_STRING ? value[1].text : STR("an error"), error);
    return stream_tell(stream, STREAM_PULSE, STREAM_NO_SYMBOL, 0, STR(""), error);
}

static int take_frame(struct stream *stream, bool binary, struct str frame, struct error *error)
{
    if (!binary)
        return take_text(stream, frame, error);
    if (frame.n < 2) /* the heartbeat */
        return stream_tell(stream, STREAM_PULSE, STREAM_NO_SYMBOL, 0, STR(""), error);
    const unsigned count = u16(frame.p);
    size_t at = 2;
    /* a frame whose packets do not fit is dropped whole: nothing in it can be trusted */
    for (unsigned i = 0; i < count; i++) {
        if (frame.n - at < 2 || frame.n - at - 2 < u16(frame.p + at) || u16(frame.p + at) < 4)
            return error_set(error, EXIT_INPUT, "packet %u of %u is cut", i + 1, count);
        at += 2 + u16(frame.p + at);
    }
    if (at != frame.n)
        return error_set(error, EXIT_INPUT, "trailing bytes after its %u packets", count);
    int result = 0;
    at = 2;
    for (unsigned i = 0; i < count && result == 0; i++) {
        result = take_packet(stream, (struct str){frame.p + at + 2, u16(frame.p + at)}, error);
        at += 2 + u16(frame.p + at);
    }
    return result;
}

const struct stream_feed stream_kite = {
    .name = "kite",
    .title = "Kite",
    .url = "wss://ws.kite.trade",
    .credentials = "key token",
    .calendar = "always",
    .channels = STREAM_TRADES | STREAM_QUOTES | STREAM_BOOK,
    .ping = 5 * TIME_SECOND / 2,
    .silence = 5 * TIME_SECOND,
    .most = 3000 * 3,
    .address = address,
    .question = question,
    .answer = answer,
    .spell = spell,
    .whole_books = true,
    .greet = greet,
    .subscribe = subscribe,
    .frame = take_frame,
};
