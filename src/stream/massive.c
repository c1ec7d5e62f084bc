/* Massive (Polygon until 2025-10): https://massive.com/docs, of 2026. A cluster a connection (stocks, options, futures,
 * crypto, forex, indices); arrays of events whose kind is ev; one status a topic. Times are milliseconds, but for what
 * is larger than any millisecond of our days. Crypto is written BTC/USD here and BTC-USD there. */
#include "stream/decoder.h"

#include "record/record.h"

#include <stdio.h>

enum { CHUNK = 300 }; /* topics of one message */

static void spell(char out[static SYMBOL_SIZE], const char *symbol)
{
    (void)snprintf(out, SYMBOL_SIZE, "%s", symbol);
}

static int address(struct stream *stream, struct buf *url, struct error *error)
{
    buf_printf(url, "/%s", stream->variant[0] == '\0' ? "stocks" : stream->variant);
    return buf_check(url, error);
}

static int greet(struct stream *stream, struct error *error)
{
    (void)stream, (void)error;
    return 0; /* the server speaks first */
}

static int say_key(struct stream *stream, struct error *error)
{
    struct buf text;
    const char *key = secrets_find(stream->secrets, "key");
    buf_init(&text, 2 * SECRET_SIZE);
    buf_add_text(&text, "{\"action\":\"auth\",\"params\":");
    json_add_string(&text, str_of(key == NULL ? "" : key));
    buf_add_text(&text, "}");
    const int result = stream_say(stream, &text, error);
    if (text.p != NULL)
        explicit_bzero(text.p, text.n);
    buf_clear(&text);
    return result;
}

/* What a topic is called, by cluster. */
static const struct {
    const char *cluster, *trades, *quotes, *bars;
} clusters[] = {
    {"crypto", "XT", "XQ", "XA"}, {"forex", NULL, "C", "CA"}, {"indices", NULL, NULL, "AM"}, {"", "T", "Q", "AM"}};

static int cluster_of(const struct stream *stream)
{
    int i = 0;
    while (clusters[i].cluster[0] != '\0' && strcmp(clusters[i].cluster, stream->variant) != 0)
        i++;
    return i;
}

static int ask(struct stream *stream, struct buf *topics, bool on, struct error *error)
{
    struct buf text;
    if (topics->n == 0)
        return 0;
    buf_init(&text, 64 * 1024);
    buf_printf(&text, "{\"action\":\"%ssubscribe\",\"params\":\"" STR_FMT "\"}", on ? "" : "un",
               STR_ARG(buf_str(topics)));
    const int result = stream_say(stream, &text, error);
    buf_clear(&text);
    buf_reset(topics);
    return result;
}

static int subscribe(struct stream *stream, const uint32_t *symbol, size_t count, bool on, struct error *error)
{
    const int cluster = cluster_of(stream);
    const char *const topic[] = {clusters[cluster].trades, clusters[cluster].quotes, clusters[cluster].bars};
    static const enum stream_channel channel[] = {STREAM_TRADES, STREAM_QUOTES, STREAM_BARS};
    struct buf topics;
    int result = 0, names = 0;
    buf_init(&topics, 64 * 1024);
    for (size_t i = 0; i < count && result == 0; i++)
        for (int j = 0; j < 3 && result == 0; j++) {
            const char *spelling = stream->symbol[symbol[i]].spelling;
            if ((stream->channels & channel[j]) == 0 || topic[j] == NULL)
                continue;
            buf_printf(&topics, "%s%s.", topics.n == 0 ? "" : ",", topic[j]);
            for (const char *p = spelling; *p != '\0'; p++) /* of the symbol, what would end the topic is left out */
                buf_add_char(&topics, *p == '/' && cluster == 0              ? '-'
                                      : *p == ',' || *p == '"' || *p == '\\' ? '_'
                                                                             : *p);
            if (++names % CHUNK == 0)
                result = ask(stream, &topics, on, error);
        }
    if (result == 0)
        result = ask(stream, &topics, on, error);
    buf_clear(&topics);
    return result;
}

/* ---- data ---- */

enum { EV, SYMBOL, PAIR, MOMENT, COMMON };
#define COMMON_NAMES JSON_NAME("ev"), JSON_NAME("sym"), JSON_NAME("pair"), JSON_NAME("t")

/* BTC-USD is our BTC/USD. */
static uint32_t find_pair(struct stream *stream, const struct json *pair)
{
    char name[SYMBOL_SIZE];
    if (pair->kind != JSON_STRING || pair->text.n >= sizeof name)
        return stream_find(stream, pair);
    for (size_t i = 0; i < pair->text.n; i++)
        name[i] = pair->text.p[i] == '-' ? '/' : pair->text.p[i];
    const struct json ours = {{name, pair->text.n}, JSON_STRING, false};
    return stream_find(stream, &ours);
}

static uint32_t find_symbol(struct stream *stream, const struct json *value)
{
    return value[PAIR].kind != JSON_ABSENT ? find_pair(stream, &value[PAIR]) : stream_find(stream, &value[SYMBOL]);
}

/* Milliseconds; with 16 digits microseconds, with 19 nanoseconds. */
static bool take_moment(const struct json *value, int64_t *time)
{
    int64_t number;
    if (!json_integer(value, &number) || number < 0)
        return false;
    const int64_t unit = number < INT64_C(10000000000000) ? 1000000 : number < INT64_C(10000000000000000) ? 1000 : 1;
    return !__builtin_mul_overflow(number, unit, time);
}

static bool is_stocks(const char *variant)
{
    return variant[0] == '\0' || strcmp(variant, "stocks") == 0;
}

/* Tapes and exchanges by their numbers: GET /v3/reference/exchanges. */
static void set_effect(struct stream *stream, struct trade *trade, const struct json *tape, const struct json *venue)
{
    static const char letter[] = {[1] = 'A', [10] = 'N', [11] = 'P', [12] = 'Q', [19] = 'Z'};
    int64_t number, exchange;
    if (!json_integer(tape, &number) || number < 1 || number > 3)
        return;
    if (!json_integer(venue, &exchange) || exchange < 0 || exchange >= (int64_t)sizeof letter)
        exchange = 0;
    stream_effect(stream, trade, true, (char)('A' + number - 1), letter[exchange]);
}

static int take_trade(struct stream *stream, struct json_reader *reader, struct error *error)
{
    enum { PRICE = COMMON, SIZE, EXACT_SIZE, ID, CONDITIONS, SEQUENCE, VENUE, TAPE, NAMES };
    static const struct str name[NAMES] = {COMMON_NAMES,    JSON_NAME("p"), JSON_NAME("s"),
                                           JSON_NAME("ds"), JSON_NAME("i"), JSON_NAME("c"),
                                           JSON_NAME("q"),  JSON_NAME("x"), JSON_NAME("z")};
    struct json value[NAMES];
    if (!json_object(reader, name, NAMES, value))
        return stream_bad(reader, error);
    const uint32_t symbol = find_symbol(stream, value);
    if (symbol == STREAM_NO_SYMBOL)
        return 0;
    struct trade *trade = &stream_event(stream, STREAM_TRADE, symbol)->trade;
    const struct json *size = value[EXACT_SIZE].kind == JSON_ABSENT ? &value[SIZE] : &value[EXACT_SIZE];
    const struct json *id = value[ID].kind == JSON_ABSENT ? &value[SEQUENCE] : &value[ID];
    if (!take_moment(&value[MOMENT], &trade->time))
        return stream_bad_field("t", error);
    if (!stream_dec(stream, &value[PRICE], &trade->price) || trade->price == 0)
        return stream_bad_field("p", error);
    if (!stream_dec(stream, size, &trade->quantity) || trade->quantity == 0)
        return stream_bad_field("s", error);
    if ((id->kind == JSON_STRING || id->kind == JSON_NUMBER) && !id->escaped && id->text.n < ID_SIZE)
        memcpy(trade->id, id->text.p, id->text.n);
    trade->conditions = stream_conditions(stream, &value[CONDITIONS]);
    if (is_stocks(stream->variant))
        set_effect(stream, trade, &value[TAPE], &value[VENUE]);
    return stream_give(stream, error);
}

static int take_quote(struct stream *stream, struct json_reader *reader, struct error *error)
{
    enum { BID = COMMON, BID_SIZE, ASK, ASK_SIZE, BID_TIME, ASK_TIME, FOREX_PAIR, FOREX_BID, FOREX_ASK, NAMES };
    static const struct str name[NAMES] = {COMMON_NAMES,    JSON_NAME("bp"), JSON_NAME("bs"), JSON_NAME("ap"),
                                           JSON_NAME("as"), JSON_NAME("bt"), JSON_NAME("at"), JSON_NAME("p"),
                                           JSON_NAME("b"),  JSON_NAME("a")};
    struct json value[NAMES];
    if (!json_object(reader, name, NAMES, value))
        return stream_bad(reader, error);
    const bool forex = value[FOREX_PAIR].kind == JSON_STRING && value[FOREX_BID].kind != JSON_ABSENT;
    const uint32_t symbol = forex ? stream_find(stream, &value[FOREX_PAIR]) : find_symbol(stream, value);
    if (symbol == STREAM_NO_SYMBOL)
        return 0;
    struct quote *quote = &stream_event(stream, STREAM_QUOTE, symbol)->quote;
    const struct json *bid = forex ? &value[FOREX_BID] : &value[BID],
                      *ask_price = forex ? &value[FOREX_ASK] : &value[ASK];
    if (!take_moment(&value[MOMENT], &quote->time))
        return stream_bad_field("t", error);
    /* a side without orders has no price */
    if ((bid->kind != JSON_ABSENT && !stream_dec(stream, bid, &quote->bid)) ||
        (ask_price->kind != JSON_ABSENT && !stream_dec(stream, ask_price, &quote->ask)))
        return stream_bad_field("bp or ap", error);
    if (!stream_double(&value[BID_SIZE], &quote->bid_size) || !stream_double(&value[ASK_SIZE], &quote->ask_size))
        return stream_bad_field("bs or as", error);
    if (quote->bid == 0)
        quote->bid = DEC_NONE;
    if (quote->ask == 0)
        quote->ask = DEC_NONE;
    return stream_give(stream, error);
}

static int take_bar(struct stream *stream, struct json_reader *reader, struct error *error)
{
    enum { OPEN = COMMON, HIGH, LOW, CLOSE, VOLUME, AVERAGE, COUNT, START, NAMES };
    static const struct str name[NAMES] = {COMMON_NAMES,    JSON_NAME("o"), JSON_NAME("h"),
                                           JSON_NAME("l"),  JSON_NAME("c"), JSON_NAME("v"),
                                           JSON_NAME("vw"), JSON_NAME("n"), JSON_NAME("s")};
    struct json value[NAMES];
    if (!json_object(reader, name, NAMES, value))
        return stream_bad(reader, error);
    const uint32_t symbol = find_symbol(stream, value);
    if (symbol == STREAM_NO_SYMBOL)
        return 0;
    struct bar *bar = &stream_event(stream, STREAM_BAR, symbol)->bar;
    bar->interval = (struct interval){INTERVAL_MINUTE, 1};
    if (!take_moment(&value[START], &bar->time))
        return stream_bad_field("s", error);
    bar->end = interval_end(bar->interval, bar->time);
    if (!stream_dec(stream, &value[OPEN], &bar->open) || !stream_dec(stream, &value[HIGH], &bar->high) ||
        !stream_dec(stream, &value[LOW], &bar->low) || !stream_dec(stream, &value[CLOSE], &bar->close) ||
        !stream_double(&value[VOLUME], &bar->volume) || !stream_double(&value[COUNT], &bar->trades))
        return stream_bad_field("o h l c v n", error);
    if (!stream_dec(stream, &value[AVERAGE], &bar->vwap) || bar->vwap == 0)
        bar->vwap = DEC_NONE;
    return stream_give(stream, error);
}

/* ---- what the server says of itself ---- */

/* The topic that a message ends with: "subscribed to: T.MSFT". */
static uint32_t topic_of(struct stream *stream, struct str message, enum stream_channel *channel)
{
    const char *space = message.n == 0 ? NULL : memrchr(message.p, ' ', message.n);
    const char *word = space == NULL ? message.p : space + 1;
    const size_t n = (size_t)(message.p + message.n - word);
    const char *dot = n == 0 ? NULL : memchr(word, '.', n);
    *channel = 0;
    if (dot == NULL)
        return STREAM_NO_SYMBOL;
    const struct str kind = {word, (size_t)(dot - word)};
    const struct json name = {{dot + 1, n - kind.n - 1}, JSON_STRING, false};
    *channel = str_is(kind, "T") || str_is(kind, "XT")                          ? STREAM_TRADES
               : str_is(kind, "Q") || str_is(kind, "XQ") || str_is(kind, "C")   ? STREAM_QUOTES
               : str_is(kind, "AM") || str_is(kind, "XA") || str_is(kind, "CA") ? STREAM_BARS
                                                                                : 0;
    return kind.n > 0 && kind.p[0] == 'X' ? find_pair(stream, &name) : stream_find(stream, &name);
}

static int take_status(struct stream *stream, struct json_reader *reader, struct error *error)
{
    enum { STATUS, MESSAGE, NAMES };
    static const struct str name[NAMES] = {JSON_NAME("status"), JSON_NAME("message")};
    struct json value[NAMES];
    if (!json_object(reader, name, NAMES, value))
        return stream_bad(reader, error);
    const struct str message = value[MESSAGE].kind == JSON_STRING ? value[MESSAGE].text : STR("");
    if (json_is(&value[STATUS], "connected"))
        return say_key(stream, error);
    if (json_is(&value[STATUS], "auth_success"))
        return stream_tell(stream, STREAM_READY, STREAM_NO_SYMBOL, 0, STR(""), error);
    struct stream_event *event;
    if (json_is(&value[STATUS], "auth_failed")) {
        event = stream_event(stream, STREAM_STOP, STREAM_NO_SYMBOL);
        event->code = EXIT_CREDENTIALS;
        event->text = message;
        return stream_give(stream, error);
    }
    if (json_is(&value[STATUS], "max_connections")) { /* whoever connects last lives: two would cut each other off */
        event = stream_event(stream, STREAM_LEAVE, STREAM_NO_SYMBOL);
        event->wait = TIME_MINUTE;
        event->text = STR("another program uses the same key");
        return stream_give(stream, error);
    }
    enum stream_channel channel;
    if (json_is(&value[STATUS], "success")) {
        static const char lead[] = "subscribed to";
        if (message.n < sizeof lead || memcmp(message.p, lead, sizeof lead - 1) != 0)
            return 0;
        const uint32_t symbol = topic_of(stream, message, &channel);
        return symbol == STREAM_NO_SYMBOL ? 0 : stream_tell(stream, STREAM_CONFIRMED, symbol, channel, STR(""), error);
    }
    if (json_is(&value[STATUS], "error") || json_is(&value[STATUS], "not_authorized")) {
        const uint32_t symbol = topic_of(stream, message, &channel);
        return stream_tell(stream, STREAM_REFUSED, symbol, channel, message, error);
    }
    return stream_tell(stream, STREAM_PULSE, STREAM_NO_SYMBOL, 0, STR(""), error);
}

static int take_message(struct stream *stream, struct json_reader *reader, struct error *error)
{
    static const struct str name[1] = {JSON_NAME("ev")};
    struct json_reader ahead;
    struct json kind;
    (void)json_peek(reader);
    ahead = *reader;
    const char *quote;
    if (reader->end - reader->p > 12 && memcmp(reader->p, "{\"ev\":\"", 7) == 0 &&
        (quote = memchr(reader->p + 7, '"', (size_t)(reader->end - reader->p - 7))) != NULL)
        kind = (struct json){{reader->p + 7, (size_t)(quote - reader->p - 7)}, JSON_STRING, false};
    else if (!json_object(&ahead, name, 1, &kind))
        return stream_bad(&ahead, error);
    if (json_is(&kind, "T") || json_is(&kind, "XT"))
        return take_trade(stream, reader, error);
    if (json_is(&kind, "Q") || json_is(&kind, "XQ") || json_is(&kind, "C"))
        return take_quote(stream, reader, error);
    if (json_is(&kind, "AM") || json_is(&kind, "XA") || json_is(&kind, "CA"))
        return take_bar(stream, reader, error);
    if (json_is(&kind, "status"))
        return take_status(stream, reader, error);
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
        while (result == 0 && json_more(&reader, &first))
            result = take_message(stream, &reader, error);
    } while (result == 0 && !json_done(&reader));
    return result == 0 && reader.wrong != NULL ? stream_bad(&reader, error) : result;
}

const struct stream_feed stream_massive = {
    .name = "massive",
    .title = "Massive",
    .url = "wss://socket.massive.com",
    .credentials = "key",
    .calendar = "nyse",
    .channels = STREAM_TRADES | STREAM_QUOTES | STREAM_BARS,
    .ping = 12 * TIME_SECOND,
    .confirms = true,
    .official = is_stocks,
    .address = address,
    .spell = spell,
    .greet = greet,
    .subscribe = subscribe,
    .frame = take_frame,
};
