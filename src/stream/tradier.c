/* Tradier: https://docs.tradier.com. A session is asked for before each connection and is good for one list of symbols;
 * lines of JSON whose figures are text or numbers. Sizes of quotes are in hundreds. */
#include "stream/decoder.h"

#include <stdio.h>

static void spell(char out[static SYMBOL_SIZE], const char *symbol)
{
    (void)snprintf(out, SYMBOL_SIZE, "%s", symbol);
}

static int address(struct stream *stream, struct buf *url, struct error *error)
{
    (void)stream;
    buf_add_text(url, "/v1/markets/events");
    return buf_check(url, error);
}

static int question(const struct stream *stream, struct stream_question *question, struct error *error)
{
    (void)stream;
    question->method = "POST";
    buf_add_text(&question->path, "/v1/markets/events/session");
    return buf_check(&question->path, error);
}

static int answer(struct stream *stream, struct str body, struct error *error)
{
    static const struct str outer[1] = {JSON_NAME("stream")}, inner[1] = {JSON_NAME("sessionid")};
    struct json_reader reader = json_reader_of(body);
    struct json value;
    if (!json_object(&reader, outer, 1, &value))
        return stream_bad(&reader, error);
    reader = json_reader_of(value.text);
    if (value.kind != JSON_OBJECT || !json_object(&reader, inner, 1, &value) || value.kind != JSON_STRING ||
        value.escaped || value.text.n == 0 || value.text.n >= sizeof stream->session)
        return stream_bad_field("sessionid", error);
    memcpy(stream->session, value.text.p, value.text.n);
    stream->session[value.text.n] = '\0';
    return 0;
}

static int greet(struct stream *stream, struct error *error)
{
    return stream_tell(stream, STREAM_READY, STREAM_NO_SYMBOL, 0, STR(""), error);
}

static int subscribe(struct stream *stream, const uint32_t *symbol, size_t count, bool on, struct error *error)
{
    struct buf text;
    if (stream->asked++ > 0 || !on) /* another list is another session */
        return stream_tell(stream, STREAM_LEAVE, STREAM_NO_SYMBOL, 0, STR("the list of symbols has changed"), error);
    buf_init(&text, 1u << 20);
    buf_add_text(&text, "{\"symbols\":[");
    stream_add_spellings(stream, &text, symbol, count);
    buf_printf(&text, "],\"sessionid\":\"%s\",\"filter\":[%s%s%s],\"linebreak\":true,\"validOnly\":true}",
               stream->session, (stream->channels & STREAM_TRADES) != 0 ? "\"timesale\"" : "",
               (stream->channels & (STREAM_TRADES | STREAM_QUOTES)) == (STREAM_TRADES | STREAM_QUOTES) ? "," : "",
               (stream->channels & STREAM_QUOTES) != 0 ? "\"quote\"" : "");
    const int result = stream_say(stream, &text, error);
    if (text.p != NULL)
        explicit_bzero(text.p, text.n);
    buf_clear(&text);
    return result;
}

enum {
    TYPE,
    SYMBOL,
    PRICE,
    SIZE,
    MOMENT,
    SEQUENCE,
    FLAG,
    CANCEL,
    BID,
    BID_SIZE,
    BID_TIME,
    ASK,
    ASK_SIZE,
    ASK_TIME,
    PROBLEM,
    NAMES
};
static const struct str name[NAMES] = {
    JSON_NAME("type"),    JSON_NAME("symbol"), JSON_NAME("last"),   JSON_NAME("size"),    JSON_NAME("date"),
    JSON_NAME("seq"),     JSON_NAME("flag"),   JSON_NAME("cancel"), JSON_NAME("bid"),     JSON_NAME("bidsz"),
    JSON_NAME("biddate"), JSON_NAME("ask"),    JSON_NAME("asksz"),  JSON_NAME("askdate"), JSON_NAME("error"),
};

static int take_sale(struct stream *stream, const struct json *value, uint32_t symbol, struct error *error)
{
    struct trade *trade = &stream_event(stream, STREAM_TRADE, symbol)->trade;
    if (!stream_milliseconds(&value[MOMENT], &trade->time))
        return stream_bad_field("date", error);
    if (!stream_dec(stream, &value[PRICE], &trade->price) || trade->price == 0)
        return stream_bad_field("last", error);
    if (!stream_dec(stream, &value[SIZE], &trade->quantity))
        return stream_bad_field("size", error);
    if (trade->quantity == 0) /* has been seen: nothing was traded */
        return 0;
    if ((value[SEQUENCE].kind == JSON_NUMBER || value[SEQUENCE].kind == JSON_STRING) &&
        value[SEQUENCE].text.n < ID_SIZE)
        memcpy(trade->id, value[SEQUENCE].text.p, value[SEQUENCE].text.n);
    if (value[FLAG].kind == JSON_STRING && !value[FLAG].escaped)
        trade->conditions = value[FLAG].text;
    if (value[CANCEL].kind == JSON_TRUE || json_is(&value[CANCEL], "true"))
        trade->canceled = 1;
    return stream_give(stream, error);
}

static int take_quote(struct stream *stream, const struct json *value, uint32_t symbol, struct error *error)
{
    struct quote *quote = &stream_event(stream, STREAM_QUOTE, symbol)->quote;
    int64_t bid_time, ask_time;
    if (!stream_milliseconds(&value[BID_TIME], &bid_time) || !stream_milliseconds(&value[ASK_TIME], &ask_time))
        return stream_bad_field("biddate or askdate", error);
    quote->time = bid_time > ask_time ? bid_time : ask_time;
    if (!stream_dec(stream, &value[BID], &quote->bid) || !stream_dec(stream, &value[ASK], &quote->ask))
        return stream_bad_field("bid or ask", error);
    if (!stream_double(&value[BID_SIZE], &quote->bid_size) || !stream_double(&value[ASK_SIZE], &quote->ask_size))
        return stream_bad_field("bidsz or asksz", error);
    quote->bid_size *= 100;
    quote->ask_size *= 100;
    if (quote->bid == 0)
        quote->bid = DEC_NONE;
    if (quote->ask == 0)
        quote->ask = DEC_NONE;
    return stream_give(stream, error);
}

static int take_line(struct stream *stream, struct json_reader *reader, struct error *error)
{
    struct json value[NAMES];
    if (!json_object(reader, name, NAMES, value))
        return stream_bad(reader, error);
    if (value[PROBLEM].kind == JSON_STRING)
        return stream_tell(stream, STREAM_LEAVE, STREAM_NO_SYMBOL, 0, value[PROBLEM].text, error);
    const bool sale = json_is(&value[TYPE], "timesale"), quote = json_is(&value[TYPE], "quote");
    if (!sale && !quote) {
        stream->unknown++;
        return 0;
    }
    const uint32_t symbol = stream_find(stream, &value[SYMBOL]);
    if (symbol == STREAM_NO_SYMBOL)
        return 0;
    return sale ? take_sale(stream, value, symbol, error) : take_quote(stream, value, symbol, error);
}

static int take_frame(struct stream *stream, bool binary, struct str frame, struct error *error)
{
    struct json_reader reader = json_reader_of(frame);
    int result = 0;
    (void)binary;
    while (result == 0 && !json_done(&reader))
        result = take_line(stream, &reader, error);
    return result;
}

const struct stream_feed stream_tradier = {
    .name = "tradier",
    .title = "Tradier",
    .url = "wss://ws.tradier.com",
    .credentials = "token",
    .calendar = "nyse",
    .channels = STREAM_TRADES | STREAM_QUOTES,
    .address = address,
    .question = question,
    .answer = answer,
    .spell = spell,
    .greet = greet,
    .subscribe = subscribe,
    .frame = take_frame,
};
