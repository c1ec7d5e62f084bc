/* Records as events: their kinds, their checks, and the key under which each is there at most once. */
#include "journal/kinds.h"

#include "journal/journal.h"
#include "record/schema.h"

#include <stdio.h>

static unsigned rules(enum record_type type)
{
    return schema_table[type].traits.event;
}

bool event_kind(enum record_type type)
{
    return (rules(type) & EVENT) != 0;
}

bool event_needs_ledger(enum record_type type)
{
    return (rules(type) & EVENT_NEEDS_LEDGER) != 0;
}

bool event_is_common(const struct event_reader *reader)
{
    return (rules(reader->type) & EVENT_COMMON) != 0 && reader->account[0] == '\0';
}

bool event_repeats(enum record_type type)
{
    return (rules(type) & EVENT_REPEATS) != 0;
}

int event_reader_init(struct event_reader *reader, struct error *error)
{
    *reader = (struct event_reader){.mode = MODE_NONE};
    buf_init(&reader->scratch, (size_t)RECORD_LINE_MAX);
    buf_init(&reader->key_text, (size_t)RECORD_LINE_MAX);
    reader->record.scratch = &reader->scratch;
    reader->sha256 = sha256_new(error);
    return reader->sha256 == NULL ? -1 : 0;
}

void event_reader_clear(struct event_reader *reader)
{
    buf_clear(&reader->scratch);
    buf_clear(&reader->key_text);
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

/* Append "/TEXT" for a member; `there` says whether there was any. Members of a type with a struct are spelled as we
 * spell them, so that two ways to write a time are one key. */
static int add_key_part(struct event_reader *reader, struct buf *key, struct str name, bool *there, struct error *error)
{
    const struct schema *schema = &schema_table[reader->type];
    const int index = schema_member(schema, name);
    const size_t before = key->n;
    buf_add_char(key, '/');
    if (index >= 0) {
        member_add_text(key, &schema->member[index], &reader->value);
    } else {
        char field[ID_SIZE];
        struct str text;
        (void)snprintf(field, sizeof field, STR_FMT, STR_ARG(name));
        if (text_of(&reader->record, field, ID_SIZE - 1, &text, error) != 0)
            return -1;
        buf_add_str(key, text);
    }
    *there = key->n > before + 1;
    if (!*there)
        key->n = before;
    return buf_check(key, error);
}

/* type/part/part: what is absent is left out, but without its last part there is no such key. */
static int find_key(struct event_reader *reader, struct error *error)
{
    const struct schema *schema = &schema_table[reader->type];
    struct str names = str_of(schema->traits.key == NULL ? "id" : schema->traits.key);
    struct buf *key = &reader->key_text;
    bool there = false;
    buf_reset(key);
    buf_add_text(key, schema->name);
    while (names.n > 0) {
        const char *const space = memchr(names.p, ' ', names.n);
        const struct str name = {names.p, space == NULL ? names.n : (size_t)(space - names.p)};
        names.p += name.n + (space != NULL);
        names.n -= name.n + (space != NULL);
        if (add_key_part(reader, key, name, &there, error) != 0)
            return -1;
    }
    reader->key[0] = '\0';
    if (there)
        (void)snprintf(reader->key, sizeof reader->key, STR_FMT, STR_ARG(buf_str(key)));
    else if ((rules(reader->type) & EVENT_BYTES) != 0)
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
        return error_set(error, EXIT_INPUT, "mode: '" STR_FMT "' is not a mode", STR_ARG(mode));
    return 0;
}

/* A text member of the struct that was taken; "" where the type has none. */
static const char *member_text(const struct event_reader *reader, struct str name)
{
    const struct schema *schema = &schema_table[reader->type];
    const int index = schema_member(schema, name);
    return index < 0 ? "" : (const char *)&reader->value + schema->member[index].offset;
}

int event_reader_take(struct event_reader *reader, enum record_type type, const void *value, struct str line,
                      struct error *error)
{
    const struct schema *schema = &schema_table[type];
    const int mode = schema_member(schema, STR("mode"));
    require(event_kind(type) && schema->member != NULL);
    reader->type = reader->record.type = type;
    reader->record.line = line;
    reader->record.fields = 0;
    memcpy(&reader->value, value, schema->size);
    (void)snprintf(reader->account, sizeof reader->account, "%s", member_text(reader, STR("account")));
    reader->mode = MODE_NONE;
    if (mode >= 0)
        memcpy(&reader->mode, (const char *)value + schema->member[mode].offset, sizeof reader->mode);
    require(reader->account[0] != '\0' || (rules(type) & EVENT_OF_ACCOUNT) == 0);
    return find_key(reader, error);
}

int event_reader_read(struct event_reader *reader, struct str line, struct error *error)
{
    struct record *record = &reader->record;
    if (record_scan(record, line.p, line.n, error) != 0)
        return -1;
    reader->type = record->type;
    if (!event_kind(record->type))
        return error_set(error, EXIT_INPUT, "a record of type '" STR_FMT "' is not an event",
                         STR_ARG(record->type_text));
    const bool as_it_came = (rules(record->type) & EVENT_AS_IT_CAME) != 0;
    struct error ignored = {0};
    if (as_it_came ? record_decode(record, &reader->value, &ignored) != 0
                   : schema_table[record->type].member != NULL && record_decode(record, &reader->value, error) != 0) {
        if (!as_it_came)
            return -1;
        record_blank(record->type, &reader->value);
    }
    struct str account;
    if (text_of(record, "account", ID_SIZE - 1, &account, error) != 0)
        return -1;
    memcpy(reader->account, account.p, account.n);
    reader->account[account.n] = '\0';
    if (account.n == 0 && (rules(record->type) & EVENT_OF_ACCOUNT) != 0)
        return error_set(error, EXIT_INPUT, "account: missing");
    return find_mode(reader, error) == 0 && find_key(reader, error) == 0 ? 0 : -1;
}
