/* What the decoders share: symbols, events, figures. */
#include "stream/decoder.h"

#include "base/list.h"
#include "base/num.h"
#include "market/sale_conditions.h"
#include "record/record.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define LEVELS_MAX 100000 /* of one message */

const struct stream_feed *const stream_table[] = {
    &stream_alpaca, &stream_binance, &stream_coinbase, &stream_kite, &stream_kraken, &stream_massive, &stream_tradier,
};
const int stream_count = (int)(sizeof stream_table / sizeof *stream_table);

const struct stream_feed *stream_feed_find(const char *name)
{
    for (int i = 0; i < stream_count; i++)
        if (strcmp(stream_table[i]->name, name) == 0)
            return stream_table[i];
    return NULL;
}

void stream_init(struct stream *stream, const struct stream_feed *feed, const char *source)
{
    *stream = (struct stream){.feed = feed, .variant = "", .depth = 10};
    (void)snprintf(stream->source, sizeof stream->source, "%s", source);
    names_init(&stream->spellings);
    names_init(&stream->aliases);
    buf_init(&stream->scratch, RECORD_LINE_MAX);
    stream_reset(stream);
}

void stream_clear(struct stream *stream)
{
    names_clear(&stream->spellings);
    names_clear(&stream->aliases);
    buf_clear(&stream->scratch);
    explicit_bzero(stream->session, sizeof stream->session);
    free(stream->alias);
    free(stream->symbol);
    free(stream->level);
    *stream = (struct stream){.sequence = -1};
}

void stream_reset(struct stream *stream)
{
    stream->sequence = -1;
    stream->asked = stream->answered = 0;
    stream->ready = false;
    for (size_t i = 0; i < stream->symbols; i++) {
        stream->symbol[i].sequence = -1;
        stream->symbol[i].asked = false;
    }
}

int64_t stream_symbol(struct stream *stream, const char *name, struct error *error)
{
    char spelling[SYMBOL_SIZE] = "";
    stream->feed->spell(spelling, name);
    if (spelling[0] == '\0')
        return error_set(error, EXIT_INPUT, "%s has no symbol '%s'", stream->feed->title, name);
    const int64_t found = names_find(&stream->spellings, str_of(spelling));
    if (found >= 0)
        return found;
    if (list_grow(&stream->symbol, &stream->capacity, stream->symbols, sizeof *stream->symbol, error) < 0)
        return -1;
    const int64_t index = names_add(&stream->spellings, str_of(spelling), error);
    if (index < 0)
        return -1;
    struct stream_symbol *symbol = &stream->symbol[stream->symbols++];
    *symbol = (struct stream_symbol){.sequence = -1, .total = -1};
    (void)snprintf(symbol->name, sizeof symbol->name, "%s", name);
    (void)snprintf(symbol->spelling, sizeof symbol->spelling, "%s", spelling);
    return index;
}

int stream_subscribe(struct stream *stream, const uint32_t *symbol, size_t count, bool on, struct error *error)
{
    for (size_t i = 0; i < count; i++)
        stream->symbol[symbol[i]].asked = on;
    return count == 0 ? 0 : stream->feed->subscribe(stream, symbol, count, on, error);
}

int stream_subscribe_channels(struct stream *stream, uint32_t symbol, unsigned channels, bool on, struct error *error)
{
    const unsigned all = stream->channels;
    stream->channels &= channels;
    const int result = stream->feed->subscribe(stream, &symbol, 1, on, error);
    stream->channels = all;
    return result;
}

int stream_frame(struct stream *stream, bool binary, struct str frame, int64_t received, struct error *error)
{
    if (stream->level == NULL && /* so that there is a place to count from */
        list_grow(&stream->level, &stream->level_capacity, 0, sizeof *stream->level, error) < 0)
        return -1;
    stream->received = received;
    stream->frames++;
    return stream->feed->frame(stream, binary, frame, error);
}

int stream_bad(const struct json_reader *reader, struct error *error)
{
    return error_set(error, EXIT_INPUT, "%s", reader->wrong == NULL ? "trailing bytes" : reader->wrong);
}

int stream_bad_field(const char *what, struct error *error)
{
    return error_set(error, EXIT_INPUT, "field '%s' is invalid", what);
}

int stream_alias(struct stream *stream, struct str spelling, uint32_t symbol, struct error *error)
{
    if (list_grow(&stream->alias, &stream->alias_capacity, stream->aliases.count, sizeof *stream->alias, error) < 0)
        return -1;
    const int64_t index = names_add(&stream->aliases, spelling, error);
    if (index < 0)
        return -1;
    stream->alias[index] = symbol;
    return 0;
}

uint32_t stream_find(struct stream *stream, const struct json *spelling)
{
    if (spelling->kind == JSON_STRING && !spelling->escaped) {
        int64_t index = names_find(&stream->spellings, spelling->text);
        if (index >= 0)
            return (uint32_t)index;
        if (stream->aliases.count > 0 && (index = names_find(&stream->aliases, spelling->text)) >= 0)
            return stream->alias[index];
    }
    stream->unknown++;
    return STREAM_NO_SYMBOL;
}

static const enum record_type type_of[] = {RECORD_TRADE, RECORD_QUOTE, RECORD_BAR};

struct stream_event *stream_event(struct stream *stream, enum stream_kind kind, uint32_t symbol)
{
    struct stream_event *event = &stream->event;
    event->kind = kind;
    event->symbol = symbol;
    event->number = -1;
    event->wait = 0;
    event->replayed = event->amended = false;
    event->code = EXIT_UNAVAILABLE;
    event->text = STR("");
    if (kind > STREAM_BAR)
        return event;
    record_blank(type_of[kind], &event->trade);
    const char *name = stream->symbol[symbol].name;
    char *const to = kind == STREAM_TRADE   ? event->trade.symbol
                     : kind == STREAM_QUOTE ? event->quote.symbol
                                            : event->bar.symbol;
    memcpy(to, name, SYMBOL_SIZE);
    char *const source = kind == STREAM_TRADE   ? event->trade.source
                         : kind == STREAM_QUOTE ? event->quote.source
                                                : event->bar.source;
    memcpy(source, stream->source, ID_SIZE);
    if (kind == STREAM_TRADE)
        event->trade.received = stream->received;
    if (kind == STREAM_QUOTE)
        event->quote.received = stream->received;
    return event;
}

void stream_id(char id[static ID_SIZE], int64_t number)
{
    char digits[24];
    size_t n = 0;
    for (uint64_t rest = number < 0 ? 0 : (uint64_t)number; rest > 0 || n == 0; rest /= 10)
        digits[n++] = (char)('0' + rest % 10);
    for (size_t i = 0; i < n; i++)
        id[i] = digits[n - 1 - i];
    id[n] = '\0';
}

int stream_give(struct stream *stream, struct error *error)
{
    return stream->take(stream->context, &stream->event, error);
}

int stream_say(struct stream *stream, struct buf *text, struct error *error)
{
    if (buf_check(text, error) < 0)
        return -1;
    return stream_tell(stream, STREAM_SAY, STREAM_NO_SYMBOL, 0, buf_str(text), error);
}

int stream_tell(struct stream *stream, enum stream_kind kind, uint32_t symbol, enum stream_channel channel,
                struct str text, struct error *error)
{
    struct stream_event *event = stream_event(stream, kind, symbol);
    event->channel = channel;
    event->text = text;
    if (kind == STREAM_READY)
        stream->ready = true;
    return stream->take(stream->context, event, error);
}

bool stream_dec(struct stream *stream, const struct json *value, dec *result)
{
    bool rounded = false;
    if (!json_dec(value, result, NULL, &rounded) || *result < 0)
        return false;
    stream->rounded += rounded;
    return true;
}

bool stream_double(const struct json *value, double *result)
{
    *result = NAN;
    if (value->kind == JSON_ABSENT || value->kind == JSON_NULL)
        return true;
    if ((value->kind != JSON_STRING && value->kind != JSON_NUMBER) || value->escaped)
        return false;
    dec exact;
    if (json_dec(value, &exact, NULL, NULL)) {
        *result = dec_to_double(exact);
        if (value->text.n <= 19)
            return true;
    }
    struct error ignored = {0};
    return num_parse(result, value->text.p, value->text.n, &ignored) == 0;
}

bool stream_milliseconds(const struct json *value, int64_t *time)
{
    int64_t whole;
    if (!json_integer(value, &whole) || whole < 0 || whole > INT64_MAX / 1000000)
        return false;
    *time = whole * 1000000;
    return true;
}

bool stream_rfc3339(const struct json *value, int64_t *time)
{
    struct error ignored = {0};
    return value->kind == JSON_STRING && !value->escaped &&
           time_parse(time, value->text.p, value->text.n, &ignored) == 0;
}

void stream_effect(struct stream *stream, struct trade *trade, bool numbers, char tape, char exchange)
{
    struct stream_symbol *symbol = &stream->symbol[stream->event.symbol];
    const struct sale sale = {trade->conditions, numbers, tape, exchange, symbol->auction};
    trade->effect = sale_effect(&sale);
    if (trade->effect == EFFECT_AUCTION)
        symbol->auction = exchange;
}

struct str stream_conditions(struct stream *stream, const struct json *array)
{
    struct json_reader reader = json_reader_of(array->text);
    struct json code;
    bool first = true;
    buf_reset(&stream->scratch);
    if (array->kind != JSON_ARRAY || !json_array(&reader))
        return STR("");
    while (json_more(&reader, &first) && json_value(&reader, &code)) {
        if ((code.kind != JSON_STRING && code.kind != JSON_NUMBER) || code.escaped || code.text.n == 0)
            continue;
        if (stream->scratch.n > 0)
            buf_add_char(&stream->scratch, ' ');
        buf_add_str(&stream->scratch, code.text);
    }
    return stream->scratch.n == 0 ? STR("") : buf_str(&stream->scratch);
}

void stream_add_spellings(const struct stream *stream, struct buf *out, const uint32_t *symbol, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            buf_add_char(out, ',');
        json_add_string(out, str_of(stream->symbol[symbol[i]].spelling));
    }
}

int stream_level_add(struct stream *stream, size_t at, const struct json *price, const struct json *quantity,
                     struct error *error)
{
    int price_places, quantity_places;
    if (at >= LEVELS_MAX)
        return error_set(error, EXIT_INPUT, "more than %d levels", LEVELS_MAX);
    if (list_grow(&stream->level, &stream->level_capacity, at, sizeof *stream->level, error) < 0)
        return -1;
    struct book_level *level = &stream->level[at];
    bool rounded = false;
    if (!json_dec(price, &level->price, &price_places, &rounded) || level->price <= 0 ||
        !json_dec(quantity, &level->quantity, &quantity_places, NULL) || level->quantity < 0)
        return stream_bad_field("price or quantity of a level", error);
    if (rounded) /* two levels would become one, and no checksum could tell */
        return error_set(error, EXIT_INPUT, "a price of a level has more than 8 decimals");
    level->price_places = (uint8_t)(price_places > 255 ? 255 : price_places);
    level->quantity_places = (uint8_t)(quantity_places > 255 ? 255 : quantity_places);
    return 0;
}

int64_t stream_levels(struct stream *stream, const struct json *array, const struct str *names, size_t from,
                      struct error *error)
{
    struct json_reader reader = json_reader_of(array->text);
    struct json part[2];
    bool first = true;
    size_t count = 0;
    if (array->kind != JSON_ARRAY || !json_array(&reader))
        return stream_bad_field("levels", error);
    while (json_more(&reader, &first)) {
        if (names != NULL) {
            if (!json_object(&reader, names, 2, part))
                return stream_bad(&reader, error);
        } else {
            bool inner = true;
            if (!json_array(&reader) || !json_more(&reader, &inner) || !json_value(&reader, &part[0]) ||
                !json_more(&reader, &inner) || !json_value(&reader, &part[1]))
                return stream_bad_field("levels", error);
            struct json more;
            while (json_more(&reader, &inner)) /* an array may have grown a third member */
                if (!json_value(&reader, &more))
                    return stream_bad(&reader, error);
        }
        if (stream_level_add(stream, from + count, &part[0], &part[1], error) < 0)
            return -1;
        count++;
    }
    return reader.wrong != NULL ? stream_bad(&reader, error) : (int64_t)count;
}
