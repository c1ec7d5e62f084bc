/* The derived tables that follow from one event each: their SQL and their rows, from the tables of the record types. */
#include "journal/derived.h"

#include "journal/binder.h"
#include "record/schema.h"

#include <stdlib.h>

#define SQL_MAX 8192

struct derived {
    struct statement *insert[RECORD_TYPES];
    struct statement *status; /* what an update makes of its order */
};

/* Is it a column? Raw text is in the event; whose money it is says the event. */
static bool is_column(const struct member *member)
{
    switch ((enum member_kind)member->kind) {
    case MEMBER_OBJECT:
    case MEMBER_ARRAY:
        return (member->flags & ROW) != 0;
    case MEMBER_LEGS:
        return false;
    default:
        return strcmp(member->name, "mode") != 0;
    }
}

static bool is_numeric(const struct member *member)
{
    return member->kind == MEMBER_DEC || member->kind == MEMBER_DOUBLE;
}

static bool is_integer(const struct member *member)
{
    return member->kind == MEMBER_INTEGER || member->kind == MEMBER_FLAG;
}

/* Rows are found by the id of their record where it must have one, else by the number of the event. */
static bool has_id(const struct schema *schema)
{
    const int id = schema_member(schema, STR("id"));
    return id >= 0 && (schema->member[id].flags & NEED) != 0;
}

static bool has_mode(const struct schema *schema)
{
    return (schema->traits.event & EVENT_OF_ACCOUNT) != 0;
}

bool derived_table(enum record_type type, struct derived_table *table)
{
    const struct schema *schema = &schema_table[type];
    if (schema->traits.table == NULL)
        return false;
    *table = (struct derived_table){schema->traits.table, has_id(schema) ? "id" : "seq"};
    return true;
}

static void add_table(struct buf *sql, const struct schema *schema)
{
    const bool id = has_id(schema);
    buf_printf(sql, "CREATE TABLE %s(%s", schema->traits.table, id ? "" : "seq INTEGER PRIMARY KEY, ");
    for (int i = 0; i < schema->members; i++) {
        const struct member *member = &schema->member[i];
        if (!is_column(member))
            continue;
        buf_printf(sql, "%s %s%s, ", member->name,
                   is_numeric(member)   ? "NUMERIC"
                   : is_integer(member) ? "INTEGER"
                                        : "TEXT",
                   id && strcmp(member->name, "id") == 0 ? " PRIMARY KEY" : "");
    }
    if (has_mode(schema))
        buf_add_text(sql, "mode TEXT, ");
    if (schema->traits.more != NULL)
        buf_printf(sql, "%s, ", schema->traits.more);
    if (id)
        buf_add_text(sql, "seq INTEGER) WITHOUT ROWID");
    else
        buf_add_text(sql, "CHECK(seq > 0))");
}

static void add_insert(struct buf *sql, const struct schema *schema)
{
    int columns = 1;
    buf_printf(sql, "INSERT INTO %s(", schema->traits.table);
    for (int i = 0; i < schema->members; i++)
        if (is_column(&schema->member[i])) {
            buf_printf(sql, "%s, ", schema->member[i].name);
            columns++;
        }
    if (has_mode(schema)) {
        buf_add_text(sql, "mode, ");
        columns++;
    }
    buf_add_text(sql, "seq) VALUES(?");
    while (--columns > 0)
        buf_add_text(sql, ", ?");
    buf_add_text(sql, ")");
}

static int table_fits(struct statement *definition, const struct schema *schema, struct buf *sql, struct error *error)
{
    buf_reset(sql);
    add_table(sql, schema);
    if (buf_check(sql, error) != 0)
        return -1;
    statement_bind_text(definition, 1, str_of(schema->traits.table));
    const int got = statement_step(definition, error);
    const int fits = got < 0 ? -1 : got == 1 && str_equal(statement_bytes(definition, 0), buf_str(sql));
    statement_reset(definition);
    return fits;
}

int derived_fit(struct db *db, struct error *error)
{
    struct buf sql;
    struct statement *definition =
        statement_open(db, "SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?", error);
    int fits = definition == NULL ? -1 : 1;
    buf_init(&sql, SQL_MAX);
    for (int type = 0; type < RECORD_TYPES && fits == 1; type++)
        if (schema_table[type].traits.table != NULL)
            fits = table_fits(definition, &schema_table[type], &sql, error);
    statement_close(definition);
    buf_clear(&sql);
    return fits;
}

static int make_table(struct db *db, const struct schema *schema, struct buf *sql, struct error *error)
{
    const char *const table = schema->traits.table;
    buf_reset(sql);
    buf_printf(sql, "DROP TABLE IF EXISTS %s;", table);
    add_table(sql, schema);
    struct str index = str_of(schema->traits.index == NULL ? "" : schema->traits.index);
    while (index.n > 0) {
        const char *const space = memchr(index.p, ' ', index.n);
        const int n = (int)(space == NULL ? index.n : (size_t)(space - index.p));
        buf_printf(sql, "; CREATE INDEX %s_%.*s ON %s(%.*s) WHERE %.*s IS NOT NULL", table, n, index.p, table, n,
                   index.p, n, index.p);
        index.p += n + (space != NULL);
        index.n -= (size_t)n + (space != NULL);
    }
    return buf_check(sql, error) == 0 ? db_execute(db, sql->p, error) : -1;
}

int derived_make(struct db *db, struct error *error)
{
    struct buf sql;
    int result = 0;
    buf_init(&sql, SQL_MAX);
    for (int type = 0; type < RECORD_TYPES && result == 0; type++)
        if (schema_table[type].traits.table != NULL)
            result = make_table(db, &schema_table[type], &sql, error);
    buf_clear(&sql);
    return result;
}

static int prepare(struct derived *derived, struct db *db, struct error *error)
{
    struct buf sql;
    int result = 0;
    buf_init(&sql, SQL_MAX);
    for (int type = 0; type < RECORD_TYPES && result == 0; type++) {
        if (schema_table[type].traits.table == NULL)
            continue;
        buf_reset(&sql);
        add_insert(&sql, &schema_table[type]);
        if (buf_check(&sql, error) != 0 || (derived->insert[type] = statement_open(db, sql.p, error)) == NULL)
            result = -1;
    }
    buf_clear(&sql);
    if (result == 0)
        derived->status = statement_open(
            db,
            "UPDATE orders SET status = ?2, filled_quantity = coalesce(?3, filled_quantity),"
            " average_price = coalesce(?4, average_price), broker_id = coalesce(?5, broker_id),"
            " reason = coalesce(?6, reason), updated = ?7, quantity = coalesce(?8, quantity) WHERE id = ?1",
            error);
    return derived->status == NULL ? -1 : 0;
}

struct derived *derived_new(struct db *db, struct error *error)
{
    struct derived *derived = calloc(1, sizeof *derived);
    if (derived == NULL) {
        error_memory(error);
        return NULL;
    }
    if (prepare(derived, db, error) == 0)
        return derived;
    derived_free(derived);
    return NULL;
}

void derived_free(struct derived *derived)
{
    if (derived == NULL)
        return;
    for (int type = 0; type < RECORD_TYPES; type++)
        statement_close(derived->insert[type]);
    statement_close(derived->status);
    free(derived);
}

static void bind_member(struct binder *b, const struct member *member, const void *value)
{
    const char *const at = (const char *)value + member->offset;
    char text[INTERVAL_TEXT_MAX];
    struct interval interval;
    struct str str;
    int64_t whole = 0;
    double real;
    int choice;
    switch ((enum member_kind)member->kind) {
    case MEMBER_SYMBOL:
    case MEMBER_TEXT:
        if ((member->flags & NEED) != 0 && strcmp(member->name, "id") == 0)
            bind_key(b, at);
        else
            bind_text(b, at);
        break;
    case MEMBER_STR:
    case MEMBER_DATE:
    case MEMBER_OBJECT:
    case MEMBER_ARRAY:
        memcpy(&str, at, sizeof str);
        bind_str(b, str);
        break;
    case MEMBER_DEC:
        memcpy(&whole, at, sizeof whole);
        bind_dec(b, whole);
        break;
    case MEMBER_DOUBLE:
        memcpy(&real, at, sizeof real);
        statement_bind_real(b->statement, ++b->at, real);
        break;
    case MEMBER_INTEGER:
        memcpy(&whole, at, sizeof whole);
        bind_int(b, whole);
        break;
    case MEMBER_TIME:
        memcpy(&whole, at, sizeof whole);
        bind_time(b, whole);
        break;
    case MEMBER_DAY:
        memcpy(&whole, at, sizeof whole);
        bind_day(b, whole);
        break;
    case MEMBER_INTERVAL:
        memcpy(&interval, at, sizeof interval);
        bind_copy(b, text, interval.unit == INTERVAL_NONE ? 0 : interval_format(text, interval));
        break;
    case MEMBER_WORD:
        memcpy(&choice, at, sizeof choice);
        bind_text(b, member->words->word[choice]);
        break;
    case MEMBER_FLAG:
        memcpy(&choice, at, sizeof choice);
        if (choice < 0)
            statement_bind_null(b->statement, ++b->at);
        else
            bind_int(b, choice);
        break;
    case MEMBER_LEGS:
        break;
    }
}

static int put_status(struct derived *derived, const struct order_update *update, struct error *error)
{
    struct binder b = binder_of(derived->status);
    const bool changes = update->quantity > 0 && update->status != STATUS_PENDING_REPLACE; /* which only asks */
    bind_key(&b, update->order_id);
    bind_text(&b, order_status_text(update->status));
    bind_dec(&b, update->filled_quantity);
    bind_dec(&b, update->average_price);
    bind_text(&b, update->broker_id);
    bind_text(&b, changes ? "" : update->reason); /* why it has changed, not why it has ended */
    bind_time(&b, update->time);
    bind_dec(&b, changes ? update->quantity : DEC_NONE);
    return statement_run(derived->status, error);
}

int derived_put(struct derived *derived, const struct event *event, const struct event_reader *reader,
                struct error *error)
{
    const struct schema *schema = &schema_table[reader->type];
    struct statement *insert = derived->insert[reader->type];
    if (insert == NULL)
        return 0;
    struct binder b = binder_of(insert);
    for (int i = 0; i < schema->members; i++)
        if (is_column(&schema->member[i]))
            bind_member(&b, &schema->member[i], &reader->value);
    if (has_mode(schema))
        bind_text(&b, mode_text(event->mode));
    bind_int(&b, event->seq);
    if (statement_run(insert, error) != 0)
        return -1;
    return reader->type == RECORD_ORDER_UPDATE ? put_status(derived, &reader->value.order_update, error) : 0;
}
