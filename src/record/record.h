/* One line of the wire, scanned: its type and its fields as slices, nothing decoded yet.
 *
 * Strict RFC 8259 and the rules of tn-records(5): one object, unique keys, UTF-8, no NUL, no BOM, depth at most 64.
 * record_scan is the portable path, byte by byte; reader.h has the fast one, which accepts and refuses the same bytes
 * with the same messages. */
#ifndef TN_RECORD_RECORD_H
#define TN_RECORD_RECORD_H

#include "base/buf.h"
#include "record/types.h"

#define RECORD_LINE_MAX  1048576 /* bytes, LF not counted */
#define RECORD_FIELD_MAX 256     /* fields of the outer object */
#define RECORD_DEPTH_MAX 64

enum value_kind { VALUE_STRING, VALUE_NUMBER, VALUE_TRUE, VALUE_FALSE, VALUE_NULL, VALUE_OBJECT, VALUE_ARRAY };

struct field {
    struct str key;   /* between the quotes, escapes not decoded (keys of known fields never have any) */
    struct str value; /* raw JSON text: a string with its quotes */
    enum value_kind kind;
    bool escaped;  /* a string value holds a backslash */
    uint8_t whole; /* the digits before the point of a plain unsigned number of up to 16 bytes; 0: look yourself */
};

struct record {
    struct str line; /* without LF */
    enum record_type type;
    struct str type_text;
    struct field field[RECORD_FIELD_MAX];
    int fields;
    struct buf *scratch;         /* where decoded strings with escapes are kept until the next scan; the reader's */
    const struct layout *layout; /* the layout that this line had, NULL when it was scanned byte by byte */
};

/* Scan one line. `record->scratch` must be set; it is reset. On error the message does not name the line number. */
int record_scan(struct record *record, const char *line, size_t length, struct error *error);
/* The field of a name, or NULL. */
const struct field *record_find(const struct record *record, const char *key, size_t length);
static inline const struct field *record_field(const struct record *record, const char *key)
{
    return record_find(record, key, strlen(key)); /* of a literal, worked out when it is compiled */
}
/* The same, looked for first where it was the last time, *place: lines of one type have their fields in one order. */
static inline const struct field *record_field_near(const struct record *record, const char *key, int *place)
{
    const size_t length = strlen(key);
    if ((unsigned)*place < (unsigned)record->fields && record->field[*place].key.n == length &&
        memcmp(record->field[*place].key.p, key, length) == 0)
        return &record->field[*place];
    const struct field *field = record_find(record, key, length);
    if (field != NULL)
        *place = (int)(field - record->field);
    return field;
}
/* Decode a string value (escapes, surrogates); the text lives in the line or in record->scratch. */
int record_text(const struct record *record, const struct field *field, struct str *text, struct error *error);

/* Walk a raw object or array that a scan has accepted (a reason, the metrics of a result, legs): *rest starts as the
 * raw text and each call takes one member off it. False at its end, or when it is neither. Members of an array have an
 * empty key. record_text decodes their strings. */
bool raw_next(struct str *rest, struct field *member);

/* Decode into the struct of record->type (types.h). Missing required fields, wrong kinds, prices that are not positive
 * where they must be, high < low and the like are errors (EXIT_INPUT) that name the field. Fields the type does not
 * know are ignored here and stay on the line. */
int record_decode(const struct record *record, void *result, struct error *error);
/* Set every field of a type's struct to absent: how a record to be written starts. */
void record_blank(enum record_type type, void *value);
/* Append the record of a type's struct as one line, LF included: known fields in the order of tn-records(5), absent
 * ones left out. */
void record_encode(struct buf *out, enum record_type type, const void *value);
/* When a record became known: a bar or order flow at its end, news at first_seen, trades, quotes and books when they
 * were received, where they say so, everything else at its time; TIME_NONE for records without one (end). */
int record_known(const struct record *record, int64_t *known, struct error *error);
/* Does a record of this type say that bars of before its moment have all come? Bars, corporate actions, signals,
 * heartbeats and syncs do. The rest of a live stream (states, gaps, anomalies, quotes, events) is of the present, which
 * is ahead of bars that wait for late trades, and may stand between the bars of a moment. */
bool record_tells_time(enum record_type type);
/* refusal gap anomaly status alert heartbeat sync: pass every filter. */
bool record_is_control(enum record_type type);
union record_value;
/* Is a record that is only passed on what tn-records(5) says of its type? 0, or EXIT_INPUT: -1. Bars, trades and quotes
 * are taken as they are, for they are too many, and types without a table. `value` is for reading it. */
int record_check_passed(const struct record *record, union record_value *value, struct error *error);
/* bar quote trade book action instrument contract news event: what --pass passes beside unknown types. */
bool record_is_market(enum record_type type);
/* The key of a bar and the like, type/interval/time/symbol. */
void bar_key(char key[static KEY_SIZE], const struct bar *bar);

/* JSON text for whoever writes an object by hand (reason, risk, basis, metrics): a string with quotes and escapes, a
 * double (null when not finite), a dec (null when DEC_NONE), a time in quotes (null when TIME_NONE). */
void json_add_string(struct buf *out, struct str text);
void json_add_double(struct buf *out, double value);
void json_add_dec(struct buf *out, dec value);
void json_add_time(struct buf *out, int64_t time);

#endif
