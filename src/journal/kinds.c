/* Records as events: their kinds, their checks, and the key under which each is there at most once. */
#include "journal/kinds.h"

#include "journal/journal.h"
#include "record/schema.h"

#include <stdio.h>

enum {
    KIND_EVENT = 1,
    KIND_BYTES = 2,   /* without an id: the same bytes are the same event */
    KIND_COMMON = 4,  /* may concern no account */
    KIND_ACCOUNT = 8, /* must say its account */
    KIND_REPEATS = 16 /* the first of an id is kept */
};

static const unsigned char kinds[RECORD_TYPES] = {
    [RECORD_ORDER] = KIND_EVENT | KIND_ACCOUNT,
    [RECORD_ORDER_UPDATE] = KIND_EVENT | KIND_BYTES | KIND_ACCOUNT,
    [RECORD_FILL] = KIND_EVENT | KIND_ACCOUNT,
    [RECORD_CASH] = KIND_EVENT | KIND_ACCOUNT,
    [RECORD_ACTION] = KIND_EVENT | KIND_BYTES | KIND_COMMON,
    [RECORD_INSTRUMENT] = KIND_EVENT | KIND_COMMON,
    [RECORD_NOTE] = KIND_EVENT | KIND_BYTES | KIND_COMMON,
    [RECORD_ADJUSTMENT] = KIND_EVENT | KIND_ACCOUNT,
    [RECORD_MARK] = KIND_EVENT | KIND_ACCOUNT,
    [RECORD_EQUITY] = KIND_EVENT | KIND_BYTES | KIND_ACCOUNT,
    [RECORD_HALT] = KIND_EVENT | KIND_ACCOUNT,
    [RECORD_ALERT] = KIND_EVENT | KIND_BYTES | KIND_COMMON | KIND_REPEATS,
    [RECORD_REFUSAL] = KIND_EVENT | KIND_BYTES,
    [RECORD_CANCEL] = KIND_EVENT | KIND_BYTES,
    [RECORD_REPLACE] = KIND_EVENT | KIND_BYTES,
    [RECORD_SIGNAL] = KIND_EVENT | KIND_BYTES | KIND_COMMON | KIND_REPEATS,
};

bool event_kind(enum record_type type)
{
    return (kinds[type] & KIND_EVENT) != 0;
}

bool event_is_common(const struct event_reader *reader)
{
    return (kinds[reader->type] & KIND_COMMON) != 0 && reader->account[0] == '\0';
}

bool event_repeats(enum record_type type)
{
    return (kinds[type] & KIND_REPEATS) != 0;
}

int event_reader_init(struct event_reader *reader, struct error *error)
{
    *reader = (struct event_reader){.mode = MODE_NONE};
    buf_init(&reader->scratch, (size_t)RECORD_LINE_MAX);
    reader->record.scratch = &reader->scratch;
    reader->sha256 = sha256_new(error);
    return reader->sha256 == NULL ? -1 : 0;
}

void event_reader_clear(struct event_reader *reader)
{
    buf_clear(&reader->scratch);
    sha256_free(reader->sha256);
    reader->sha256 = NULL;
}

/* A text field, decoded; "" when it is not there. */
static int text_of(const struct record *record, const char *name, size_t longest, struct str *text, struct error *error)
{
    const struct field *field = record_field(record, name);
    *text = STR("");
    if (field == NULL || field->kind == VALUE_NULL)
        return 0;
    if (field->kind != VALUE_STRING)
        return error_set(error, EXIT_INPUT, "%s: not a string", name);
    if (record_text(record, field, text, error) != 0)
        return -1;
    return text->n <= longest ? 0 : error_set(error, EXIT_INPUT, "%s: longer than %zu bytes", name, longest);
}

static int key_of_bytes(struct event_reader *reader, struct error *error)
{
    uint8_t digest[SHA256_SIZE];
    char text[SHA256_HEX_SIZE];
    if (sha256_of(reader->sha256, reader->record.line.p, reader->record.line.n, digest, error) != 0)
        return -1;
    hash_hex(text, digest, 16);
    (void)snprintf(reader->key, sizeof reader->key, "%s/#%s", record_type_text(reader->type), text);
    return 0;
}

static int find_key(struct event_reader *reader, struct error *error)
{
    reader->key[0] = '\0';
    if (reader->type == RECORD_MARK) {
        const struct mark *mark = &reader->value.mark;
        char interval[INTERVAL_TEXT_MAX], time[TIME_TEXT_MAX];
        interval_format(interval, mark->interval);
        time_format(time, mark->bar);
        (void)snprintf(reader->key, sizeof reader->key, "mark/%s/%s/%s/%s", mark->account, interval, time,
                       mark->symbol);
        return 0;
    }
    struct str id;
    if (text_of(&reader->record, "id", ID_SIZE - 1, &id, error) != 0)
        return -1;
    /* A corporate action happens to each account by itself, when that account gets to it. */
    if (id.n > 0 && reader->type == RECORD_ACTION && reader->account[0] != '\0')
        (void)snprintf(reader->key, sizeof reader->key, "action/%s/" STR_FMT, reader->account, STR_ARG(id));
    else if (id.n > 0)
        (void)snprintf(reader->key, sizeof reader->key, "%s/" STR_FMT, record_type_text(reader->type), STR_ARG(id));
    else if ((kinds[reader->type] & KIND_BYTES) != 0)
        return key_of_bytes(reader, error);
    return 0;
}

static int find_mode(struct event_reader *reader, struct error *error)
{
    struct str mode;
    if (text_of(&reader->record, "mode", ID_SIZE - 1, &mode, error) != 0)
        return -1;
    reader->mode = MODE_NONE;
    for (enum mode known = MODE_BACKTEST; known <= MODE_LIVE; known++)
        if (str_is(mode, mode_text(known)))
            reader->mode = known;
    if (mode.n > 0 && reader->mode == MODE_NONE)
        return error_set(error, EXIT_INPUT, "mode: '" STR_FMT "' is no mode", STR_ARG(mode));
    return 0;
}

int event_reader_read(struct event_reader *reader, struct str line, struct error *error)
{
    struct record *record = &reader->record;
    if (record_scan(record, line.p, line.n, error) != 0)
        return -1;
    reader->type = record->type;
    if (!event_kind(record->type))
        return error_set(error, EXIT_INPUT, "a record of type '" STR_FMT "' is no event", STR_ARG(record->type_text));
    if (schema_table[record->type].member != NULL && record_decode(record, &reader->value, error) != 0)
        return -1;
    struct str account;
    if (text_of(record, "account", ID_SIZE - 1, &account, error) != 0)
        return -1;
    memcpy(reader->account, account.p, account.n);
    reader->account[account.n] = '\0';
    if (account.n == 0 && (kinds[record->type] & KIND_ACCOUNT) != 0)
        return error_set(error, EXIT_INPUT, "account: missing");
    return find_mode(reader, error) == 0 && find_key(reader, error) == 0 ? 0 : -1;
}
