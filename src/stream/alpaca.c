/* Alpaca's data streams: https://docs.alpaca.markets, of 2026-10. Arrays of messages whose kind is T; the server
 * answers each subscription with the whole set, so what is not in it was refused. Sizes of quotes are shares. */
#include "stream/decoder.h"

#include "record/record.h"

#include <stdio.h>
#include <stdlib.h>

enum { CHUNK = 400 }; /* symbols of one message */

static void spell(char out[static SYMBOL_SIZE], const char *symbol)
{
    (void)snprintf(out, SYMBOL_SIZE, "%s", symbol);
}

static int address(struct stream *stream, struct buf *url, struct error *error)
{
    const char *variant = stream->variant[0] == '\0' ? "iex" : stream->variant;
    if (strcmp(variant, "crypto") == 0)
        buf_add_text(url, "/v1beta3/crypto/us");
    else if (strcmp(variant, "news") == 0)
        buf_add_text(url, "/v1beta1/news");
    else if (strcmp(variant, "boats") == 0 || strcmp(variant, "overnight") == 0)
        buf_printf(url, "/v1beta1/%s", variant);
    else
        buf_printf(url, "/v2/%s", variant);
    return buf_check(url, error);
}

static int greet(struct stream *stream, struct error *error)
{
    (void)stream, (void)error;
    return 0; /* the server speaks first */
}

static int say_keys(struct stream *stream, struct error *error)
{
    struct buf text;
    const char *key = secrets_find(stream->secrets, "key"), *secret = secrets_find(stream->secrets, "secret");
    buf_init(&text, 3 * SECRET_SIZE);
    buf_add_text(&text, "{\"action\":\"auth\",\"key\":");
    json_add_string(&text, str_of(key == NULL ? "" : key));
    buf_add_text(&text, ",\"secret\":");
    json_add_string(&text, str_of(secret == NULL ? "" : secret));
    buf_add_text(&text, "}");
    const int result = stream_say(stream, &text, error);
    if (text.p != NULL)
        explicit_bzero(text.p, text.n);
    buf_clear(&text);
    return result;
}

static const struct {
    enum stream_channel channel;
    const char *name;
} channels[] = {{STREAM_TRADES, "trades"},    {STREAM_QUOTES, "quotes"},   {STREAM_BARS, "bars"},
                {STREAM_BARS, "updatedBars"}, {STREAM_BOOK, "orderbooks"}, {STREAM_NEWS, "news"}};
enum { CHANNELS = sizeof channels / sizeof *channels, AMENDED = 3 };

/* A socket for news has nothing else. */
static unsigned wanted_of(const struct stream *stream)
{
    if (strcmp(stream->variant, "news") == 0)
        return STREAM_NEWS;
    const unsigned others = strcmp(stream->variant, "crypto") == 0 ? STREAM_NEWS : STREAM_NEWS | STREAM_BOOK;
    return stream->channels & ~others;
}

static int subscribe(struct stream *stream, const uint32_t *symbol, size_t count, bool on, struct error *error)
{
    struct buf text;
    int result = 0;
    const unsigned wanted = wanted_of(stream);
    buf_init(&text, 1u << 20);
    for (size_t from = 0; from < count && result == 0; from += CHUNK) {
        const size_t to = from + CHUNK < count ? from + CHUNK : count;
        buf_reset(&text);
        buf_printf(&text, "{\"action\":\"%ssubscribe\"", on ? "" : "un");
        for (int i = 0; i < CHANNELS; i++) {
            if ((wanted & channels[i].channel) == 0)
                continue;
            buf_printf(&text, ",\"%s\":[", channels[i].name);
            stream_add_spellings(stream, &text, symbol + from, to - from);
            buf_add_char(&text, ']');
        }
        buf_add_char(&text, '}');
        stream->asked++;
        result = stream_say(stream, &text, error);
    }
    buf_clear(&text);
    return result;
}

/* ---- data ---- */

/* The first of them in every table; a message is read by the table of its kind. */
enum { KIND, SYMBOL, MOMENT, COMMON };
#define COMMON_NAMES JSON_NAME("T"), JSON_NAME("S"), JSON_NAME("t")

static int fill_trade(struct stream *stream, const struct json *moment, const struct json *part, struct trade *trade,
                      struct error *error)
{
    int64_t id;
    if (!stream_rfc3339(moment, &trade->time))
        return stream_bad_field("t", error);
    if (!json_integer(&part[0], &id) || id < 0)
        return stream_bad_field("i", error);
    if (!stream_dec(stream, &part[1], &trade->price) || trade->price == 0)
        return stream_bad_field("p", error);
    if (!stream_dec(stream, &part[2], &trade->quantity) || trade->quantity == 0)
        return stream_bad_field("s", error);
    stream_id(trade->id, id);
    return 0;
}

static char letter_of(const struct json *value)
{
    return value->kind == JSON_STRING && value->text.n == 1 ? value->text.p[0] : '\0';
}

/* Crypto has no tape. */
static void set_effect(struct stream *stream, struct trade *trade, const struct json *tape, const struct json *venue)
{
    if (letter_of(tape) >= 'A' && letter_of(tape) <= 'C')
        stream_effect(stream, trade, false, letter_of(tape), letter_of(venue));
}

static int take_trade(struct stream *stream, struct json_reader *reader, struct error *error)
{
    enum { NUMBER = COMMON, PRICE, SIZE, CONDITIONS, VENUE, TAPE, NAMES };
    static const struct str name[NAMES] = {COMMON_NAMES,   JSON_NAME("i"), JSON_NAME("p"), JSON_NAME("s"),
                                           JSON_NAME("c"), JSON_NAME("x"), JSON_NAME("z")};
    struct json value[NAMES];
    if (!json_object(reader, name, NAMES, value))
        return stream_bad(reader, error);
    const uint32_t symbol = stream_find(stream, &value[SYMBOL]);
    if (symbol == STREAM_NO_SYMBOL)
        return 0;
    struct trade *trade = &stream_event(stream, STREAM_TRADE, symbol)->trade;
    if (fill_trade(stream, &value[MOMENT], &value[NUMBER], trade, error) < 0)
        return -1;
    trade->conditions = stream_conditions(stream, &value[CONDITIONS]);
    set_effect(stream, trade, &value[TAPE], &value[VENUE]);
    return stream_give(stream, error);
}

/* One that is taken back. */
static int take_cancel(struct stream *stream, struct json_reader *reader, struct error *error)
{
    enum { NUMBER = COMMON, PRICE, SIZE, NAMES };
    static const struct str name[NAMES] = {COMMON_NAMES, JSON_NAME("i"), JSON_NAME("p"), JSON_NAME("s")};
    struct json value[NAMES];
    if (!json_object(reader, name, NAMES, value))
        return stream_bad(reader, error);
    const uint32_t symbol = stream_find(stream, &value[SYMBOL]);
    if (symbol == STREAM_NO_SYMBOL)
        return 0;
    struct trade *trade = &stream_event(stream, STREAM_TRADE, symbol)->trade;
    if (fill_trade(stream, &value[MOMENT], &value[NUMBER], trade, error) < 0)
        return -1;
    trade->canceled = 1;
    return stream_give(stream, error);
}

/* A correction: one that is taken back, and what it should have been. */
static int take_correction(struct stream *stream, struct json_reader *reader, struct error *error)
{
    enum { OLD = COMMON, OLD_PRICE, OLD_SIZE, NEW, NEW_PRICE, NEW_SIZE, CONDITIONS, VENUE, TAPE, NAMES };
    static const struct str name[NAMES] = {COMMON_NAMES,    JSON_NAME("oi"), JSON_NAME("op"), JSON_NAME("os"),
                                           JSON_NAME("ci"), JSON_NAME("cp"), JSON_NAME("cs"), JSON_NAME("cc"),
                                           JSON_NAME("x"),  JSON_NAME("z")};
    struct json value[NAMES];
    if (!json_object(reader, name, NAMES, value))
        return stream_bad(reader, error);
    const uint32_t symbol = stream_find(stream, &value[SYMBOL]);
    if (symbol == STREAM_NO_SYMBOL)
        return 0;
    struct trade *trade = &stream_event(stream, STREAM_TRADE, symbol)->trade;
    if (fill_trade(stream, &value[MOMENT], &value[OLD], trade, error) < 0)
        return -1;
    trade->canceled = 1;
    const int result = stream_give(stream, error);
    if (result != 0)
        return result;
    trade = &stream_event(stream, STREAM_TRADE, symbol)->trade;
    if (fill_trade(stream, &value[MOMENT], &value[NEW], trade, error) < 0)
        return -1;
    trade->conditions = stream_conditions(stream, &value[CONDITIONS]);
    set_effect(stream, trade, &value[TAPE], &value[VENUE]);
    return stream_give(stream, error);
}

static int take_quote(struct stream *stream, struct json_reader *reader, struct error *error)
{
    enum { BID = COMMON, BID_SIZE, ASK, ASK_SIZE, NAMES };
    static const struct str name[NAMES] = {COMMON_NAMES, JSON_NAME("bp"), JSON_NAME("bs"), JSON_NAME("ap"),
                                           JSON_NAME("as")};
    struct json value[NAMES];
    if (!json_object(reader, name, NAMES, value))
        return stream_bad(reader, error);
    const uint32_t symbol = stream_find(stream, &value[SYMBOL]);
    if (symbol == STREAM_NO_SYMBOL)
        return 0;
    struct quote *quote = &stream_event(stream, STREAM_QUOTE, symbol)->quote;
    if (!stream_rfc3339(&value[MOMENT], &quote->time))
        return stream_bad_field("t", error);
    if (!stream_dec(stream, &value[BID], &quote->bid) || !stream_dec(stream, &value[ASK], &quote->ask))
        return stream_bad_field("bp or ap", error);
    if (!stream_double(&value[BID_SIZE], &quote->bid_size) || !stream_double(&value[ASK_SIZE], &quote->ask_size))
        return stream_bad_field("bs or as", error);
    if (quote->bid == 0) /* nobody is there */
        quote->bid = DEC_NONE;
    if (quote->ask == 0)
        quote->ask = DEC_NONE;
    return stream_give(stream, error);
}

static int take_bar(struct stream *stream, struct json_reader *reader, bool amended, struct error *error)
{
    enum { OPEN = COMMON, HIGH, LOW, CLOSE, VOLUME, COUNT, AVERAGE, NAMES };
    static const struct str name[NAMES] = {COMMON_NAMES,   JSON_NAME("o"), JSON_NAME("h"), JSON_NAME("l"),
                                           JSON_NAME("c"), JSON_NAME("v"), JSON_NAME("n"), JSON_NAME("vw")};
    struct json value[NAMES];
    if (!json_object(reader, name, NAMES, value))
        return stream_bad(reader, error);
    const uint32_t symbol = stream_find(stream, &value[SYMBOL]);
    if (symbol == STREAM_NO_SYMBOL)
        return 0;
    struct bar *bar = &stream_event(stream, STREAM_BAR, symbol)->bar;
    stream->event.amended = amended;
    bar->interval = (struct interval){INTERVAL_MINUTE, 1};
    if (!stream_rfc3339(&value[MOMENT], &bar->time))
        return stream_bad_field("t", error);
    bar->end = interval_end(bar->interval, bar->time);
    if (!stream_dec(stream, &value[OPEN], &bar->open) || !stream_dec(stream, &value[HIGH], &bar->high) ||
        !stream_dec(stream, &value[LOW], &bar->low) || !stream_dec(stream, &value[CLOSE], &bar->close) ||
        !stream_double(&value[VOLUME], &bar->volume) || !stream_double(&value[COUNT], &bar->trades))
        return stream_bad_field("o h l c v n", error);
    if (!stream_dec(stream, &value[AVERAGE], &bar->vwap))
        bar->vwap = DEC_NONE;
    return stream_give(stream, error);
}

static int take_book(struct stream *stream, struct json_reader *reader, struct error *error)
{
    enum { BIDS = COMMON, ASKS, RESET, NAMES };
    static const struct str name[NAMES] = {COMMON_NAMES, JSON_NAME("b"), JSON_NAME("a"), JSON_NAME("r")};
    static const struct str level[2] = {JSON_NAME("p"), JSON_NAME("s")};
    struct json value[NAMES];
    if (!json_object(reader, name, NAMES, value))
        return stream_bad(reader, error);
    const uint32_t symbol = stream_find(stream, &value[SYMBOL]);
    if (symbol == STREAM_NO_SYMBOL)
        return 0;
    struct stream_event *event = stream_event(stream, STREAM_LEVELS, symbol);
    event->book =
        (struct book_change){.snapshot = value[RESET].kind == JSON_TRUE, .first = -1, .last = -1, .before = -1};
    if (!stream_rfc3339(&value[MOMENT], &event->book.time))
        return stream_bad_field("t", error);
    const int64_t bids = stream_levels(stream, &value[BIDS], level, 0, error);
    const int64_t asks = bids < 0 ? -1 : stream_levels(stream, &value[ASKS], level, (size_t)bids, error);
    if (asks < 0)
        return -1;
    event->book.bids = stream->level;
    event->book.bid_count = (size_t)bids;
    event->book.asks = stream->level + bids;
    event->book.ask_count = (size_t)asks;
    return stream_give(stream, error);
}

/* Member by member: white space between them may be a line's end, which would cut the record in two. */
static int add_symbols(struct buf *line, const struct json *array)
{
    struct json_reader reader = json_reader_of(array->text);
    struct json symbol;
    bool first = true;
    int count = 0;
    if (!json_array(&reader))
        return -1;
    while (json_more(&reader, &first)) {
        if (!json_value(&reader, &symbol) || symbol.kind != JSON_STRING)
            return -1;
        buf_printf(line, "%s\"" STR_FMT "\"", count++ == 0 ? "" : ",", STR_ARG(symbol.text));
    }
    return reader.wrong != NULL ? -1 : 0;
}

static int take_news(struct stream *stream, struct json_reader *reader, struct error *error)
{
    enum { NUMBER, HEADLINE, SUMMARY, CREATED, UPDATED, LINK, SYMBOLS, NAMES };
    static const struct str name[NAMES] = {JSON_NAME("id"),         JSON_NAME("headline"),   JSON_NAME("summary"),
                                           JSON_NAME("created_at"), JSON_NAME("updated_at"), JSON_NAME("url"),
                                           JSON_NAME("symbols")};
    static const char *const wire[NAMES] = {NULL, "headline", "summary", NULL, NULL, "url", NULL};
    struct json value[NAMES];
    int64_t created, updated, number;
    if (!json_object(reader, name, NAMES, value))
        return stream_bad(reader, error);
    if (!json_integer(&value[NUMBER], &number) || !stream_rfc3339(&value[CREATED], &created) ||
        value[HEADLINE].kind != JSON_STRING || value[SYMBOLS].kind != JSON_ARRAY)
        return stream_bad_field("id, created_at, headline or symbols", error);
    if (!stream_rfc3339(&value[UPDATED], &updated))
        updated = created;
    struct buf *line = &stream->scratch;
    buf_reset(line);
    buf_add_text(line, "{\"type\":\"news\",\"time\":");
    json_add_time(line, updated);
    buf_printf(line, ",\"id\":\"%lld\",\"source\":", (long long)number);
    json_add_string(line, str_of(stream->source));
    buf_add_text(line, ",\"published\":");
    json_add_time(line, created);
    buf_add_text(line, ",\"first_seen\":");
    json_add_time(line, stream->received);
    for (int i = 0; i < NAMES; i++)
        if (wire[i] != NULL && value[i].kind == JSON_STRING && value[i].text.n > 0)
            buf_printf(line, ",\"%s\":\"" STR_FMT "\"", wire[i], STR_ARG(value[i].text));
    buf_add_text(line, ",\"symbols\":[");
    if (add_symbols(line, &value[SYMBOLS]) < 0)
        return stream_bad_field("symbols", error);
    buf_add_text(line, "]}");
    if (buf_check(line, error) < 0)
        return -1;
    return stream_tell(stream, STREAM_NEWS_ITEM, STREAM_NO_SYMBOL, STREAM_NEWS, buf_str(line), error);
}

/* ---- what the server says of itself ---- */

static int take_error(struct stream *stream, int64_t code, struct str text, struct error *error)
{
    struct stream_event *event = stream_event(stream, STREAM_LEAVE, STREAM_NO_SYMBOL);
    event->text = text;
    switch (code) {
    case 402: /* authentication failed */
    case 409: /* the plan does not have it */
        event->code = EXIT_CREDENTIALS;
        event->kind = STREAM_STOP;
        break;
    case 408: /* no such stream any more */
    case 410: /* what was asked is not of this stream */
        event->kind = STREAM_STOP;
        break;
    case 405: /* more symbols than the plan has: the rest goes on */
        event->kind = STREAM_REFUSED;
        break;
    case 403: /* authenticated already */
        return 0;
    case 406: /* the only connection is taken, maybe by one that is dead: it takes a minute to notice */
        event->wait = 30 * TIME_SECOND;
        break;
    default:
        break;
    }
    return stream_give(stream, error);
}

/* Which of ours are in the set of one channel. */
static int take_set(struct stream *stream, const struct json *set, enum stream_channel channel, bool *listed,
                    struct error *error)
{
    struct json_reader reader = json_reader_of(set->text);
    struct json symbol;
    bool first = true;
    memset(listed, 0, stream->symbols * sizeof *listed);
    if (set->kind == JSON_ARRAY && json_array(&reader))
        while (json_more(&reader, &first) && json_value(&reader, &symbol)) {
            const int64_t index = symbol.kind == JSON_STRING ? names_find(&stream->spellings, symbol.text) : -1;
            for (size_t i = 0; json_is(&symbol, "*") && i < stream->symbols; i++)
                listed[i] = true;
            if (index >= 0)
                listed[index] = true;
        }
    if (reader.wrong != NULL && set->kind == JSON_ARRAY)
        return stream_bad(&reader, error);
    int result = 0;
    for (uint32_t i = 0; i < stream->symbols && result == 0; i++)
        if (listed[i])
            result = stream_tell(stream, STREAM_CONFIRMED, i, channel, STR(""), error);
        else if (stream->symbol[i].asked)
            result = stream_tell(stream, STREAM_REFUSED, i, channel, STR("unknown to the server"), error);
    return result;
}

static int take_subscription(struct stream *stream, struct json_reader *reader, struct error *error)
{
    static const struct str name[CHANNELS] = {JSON_NAME("trades"),      JSON_NAME("quotes"),     JSON_NAME("bars"),
                                              JSON_NAME("updatedBars"), JSON_NAME("orderbooks"), JSON_NAME("news")};
    struct json value[CHANNELS];
    int result = 0;
    if (!json_object(reader, name, CHANNELS, value))
        return stream_bad(reader, error);
    if (++stream->answered < stream->asked) /* the answers to the rest have more */
        return 0;
    bool *listed = calloc(stream->symbols + 1, sizeof *listed);
    if (listed == NULL)
        return error_memory(error);
    const unsigned wanted = wanted_of(stream);
    for (int i = 0; i < CHANNELS && result == 0; i++)
        if ((wanted & channels[i].channel) != 0 && i != AMENDED)
            result = take_set(stream, &value[i], channels[i].channel, listed, error);
    free(listed);
    return result;
}

static int take_word(struct stream *stream, struct json_reader *reader, struct error *error)
{
    enum { WORD_KIND, MESSAGE, CODE, NAMES };
    static const struct str name[NAMES] = {JSON_NAME("T"), JSON_NAME("msg"), JSON_NAME("code")};
    struct json value[NAMES];
    int64_t code = 0;
    if (!json_object(reader, name, NAMES, value))
        return stream_bad(reader, error);
    if (json_is(&value[WORD_KIND], "error")) {
        (void)json_integer(&value[CODE], &code);
        return take_error(stream, code, value[MESSAGE].kind == JSON_STRING ? value[MESSAGE].text : STR("an error"),
                          error);
    }
    if (json_is(&value[MESSAGE], "connected"))
        return say_keys(stream, error);
    if (json_is(&value[MESSAGE], "authenticated"))
        return stream_tell(stream, STREAM_READY, STREAM_NO_SYMBOL, 0, STR(""), error);
    return 0;
}

static int take_message(struct stream *stream, struct json_reader *reader, struct error *error)
{
    static const struct str name[1] = {JSON_NAME("T")};
    struct json_reader ahead = *reader;
    struct json kind;
    /* T comes first in all that the server sends; anything else is looked for. */
    if (reader->end - reader->p > 8 && memcmp(reader->p, "{\"T\":\"", 6) == 0 && reader->p[7] == '"')
        kind = (struct json){{reader->p + 6, 1}, JSON_STRING, false};
    else if (!json_object(&ahead, name, 1, &kind))
        return stream_bad(&ahead, error);
    if (kind.kind == JSON_STRING && kind.text.n == 1)
        switch (kind.text.p[0]) {
        case 't':
            return take_trade(stream, reader, error);
        case 'q':
            return take_quote(stream, reader, error);
        case 'b':
        case 'u':
            return take_bar(stream, reader, kind.text.p[0] == 'u', error);
        case 'c':
            return take_correction(stream, reader, error);
        case 'x':
            return take_cancel(stream, reader, error);
        case 'o':
            return take_book(stream, reader, error);
        case 'n':
            return take_news(stream, reader, error);
        default:
            break;
        }
    if (json_is(&kind, "subscription"))
        return take_subscription(stream, reader, error);
    if (json_is(&kind, "success") || json_is(&kind, "error"))
        return take_word(stream, reader, error);
    stream->unknown++;
    return json_value(reader, &kind) ? 0 : stream_bad(reader, error);
}

static int take_frame(struct stream *stream, bool binary, struct str frame, struct error *error)
{
    struct json_reader reader = json_reader_of(frame);
    int result = 0;
    (void)binary;
    do {
        bool first = true;
        if (!json_array(&reader))
            return stream_bad(&reader, error);
        while (result == 0 && json_more(&reader, &first)) {
            (void)json_peek(&reader);
            result = take_message(stream, &reader, error);
        }
    } while (result == 0 && !json_done(&reader)); /* two arrays in a frame have been seen */
    return result == 0 && reader.wrong != NULL ? stream_bad(&reader, error) : result;
}

static bool is_consolidated(const char *variant)
{
    return strcmp(variant, "sip") == 0 || strcmp(variant, "delayed_sip") == 0;
}

const struct stream_feed stream_alpaca = {
    .name = "alpaca",
    .title = "Alpaca",
    .url = "wss://stream.data.alpaca.markets",
    .credentials = "key secret",
    .calendar = "nyse",
    .channels = STREAM_TRADES | STREAM_QUOTES | STREAM_BARS | STREAM_BOOK | STREAM_NEWS,
    .ping = 10 * TIME_SECOND,
    .binary_json = true,
    .confirms = true,
    .official = is_consolidated,
    .address = address,
    .spell = spell,
    .greet = greet,
    .subscribe = subscribe,
    .frame = take_frame,
};
