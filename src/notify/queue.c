/* The queue of messages, a SQLite file. */
#include "notify/queue.h"

#include "base/time.h"

#include <stdlib.h>

static const char *const migrations[] = {
    "CREATE TABLE message(id INTEGER PRIMARY KEY, queued INTEGER NOT NULL, level INTEGER NOT NULL, rule TEXT NOT NULL,"
    " key TEXT NOT NULL, title TEXT NOT NULL, text TEXT NOT NULL, record TEXT NOT NULL, acknowledged INTEGER) STRICT;"
    "CREATE INDEX message_key ON message(rule, key, queued);"
    "CREATE TABLE delivery(message INTEGER NOT NULL REFERENCES message, channel TEXT NOT NULL, state INTEGER NOT NULL,"
    " attempts INTEGER NOT NULL, due INTEGER NOT NULL, sending INTEGER, sent INTEGER, again INTEGER NOT NULL,"
    " error TEXT, PRIMARY KEY(message, channel)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX delivery_waits ON delivery(channel, due, message) WHERE state < 2;"
    "CREATE INDEX delivery_sent ON delivery(channel, sent) WHERE state = 2;"
    "CREATE TABLE state(rule TEXT NOT NULL, key TEXT NOT NULL, holds INTEGER NOT NULL, told INTEGER NOT NULL,"
    " PRIMARY KEY(rule, key)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE place(name TEXT PRIMARY KEY, place INTEGER NOT NULL) STRICT, WITHOUT ROWID;"};

static const struct db_schema schema = {
    .what = "queue of messages",
    .application = 0x544e6e31, /* "TNn1" */
    .migration = migrations,
    .versions = sizeof migrations / sizeof *migrations,
    .missing_hint = "tn-notify test CHANNEL starts one",
    .damaged_hint = "move notify.db away: a new one is begun, and what waited in it is lost",
};

enum {
    FIND_MESSAGE,
    INSERT_MESSAGE,
    FIND_STATE,
    PUT_STATE,
    INSERT_DELIVERY,
    DUE,
    COUNT_DUE,
    COUNT_SENT,
    SENDING,
    SENT,
    ESCALATE,
    REMIND,
    ACKNOWLEDGE,
    AGAIN,
    TRIM_DELIVERIES,
    TRIM_MESSAGES,
    LIST,
    FIND_PLACE,
    PUT_PLACE,
    STATEMENTS
};

static const char *const statement_text[STATEMENTS] = {
    [FIND_MESSAGE] = "SELECT 1 FROM message WHERE rule = ?1 AND key = ?2 AND queued > ?3 LIMIT 1",
    [INSERT_MESSAGE] =
        "INSERT INTO message(queued, level, rule, key, title, text, record) VALUES(?1, ?2, ?3, ?4, ?5, ?6,"
        " ?7) RETURNING id",
    [FIND_STATE] = "SELECT holds, told FROM state WHERE rule = ?1 AND key = ?2",
    [PUT_STATE] = "INSERT INTO state VALUES(?1, ?2, ?3, ?4) ON CONFLICT DO UPDATE SET holds = ?3, told = ?4",
    [INSERT_DELIVERY] =
        "INSERT INTO delivery(message, channel, state, attempts, due, again) VALUES(?1, ?2, 0, 0, ?3, 0)"
        " ON CONFLICT DO NOTHING",
    [DUE] = "SELECT m.id, m.queued, m.level, m.rule, m.key, m.title, m.text, m.record, d.attempts,"
            " d.again OR d.state = 1 FROM delivery d JOIN message m ON m.id = d.message"
            " WHERE d.channel = ?1 AND d.state < 2 AND d.due <= ?2 AND m.level >= ?3 ORDER BY m.id LIMIT ?4",
    [COUNT_DUE] = "SELECT count(*) FROM delivery d JOIN message m ON m.id = d.message"
                  " WHERE d.channel = ?1 AND d.state < 2 AND d.due <= ?2 AND m.level >= ?3",
    [COUNT_SENT] = "SELECT count(DISTINCT sent) FROM delivery WHERE channel = ?1 AND state = 2 AND sent > ?2",
    [SENDING] = "UPDATE delivery SET state = 1, sending = ?6, attempts = attempts + 1 WHERE channel = ?1 AND state < 2"
                " AND due <= ?4 AND message BETWEEN ?2 AND ?3"
                " AND (SELECT level FROM message WHERE id = message) >= ?5",
    [SENT] = "UPDATE delivery SET state = ?2, sent = CASE ?2 WHEN 2 THEN ?3 END, due = ?4, error = ?5,"
             " again = CASE ?2 WHEN 0 THEN again ELSE 0 END WHERE channel = ?1 AND state = 1 AND sending = ?3",
    [ESCALATE] = "INSERT INTO delivery(message, channel, state, attempts, due, again)"
                 " SELECT d.message, ?2, 0, 0, ?4, 0 FROM delivery d JOIN message m ON m.id = d.message"
                 " WHERE d.channel = ?1 AND d.state = 2 AND d.sent < ?3 AND m.level = 3 AND m.acknowledged IS NULL"
                 " ON CONFLICT DO NOTHING RETURNING 1",
    [REMIND] = "UPDATE delivery SET state = 0, due = ?3, again = 1 WHERE channel = ?1 AND state = 2 AND sent < ?2"
               " AND message IN (SELECT id FROM message WHERE level = 3 AND acknowledged IS NULL) RETURNING 1",
    [ACKNOWLEDGE] =
        "UPDATE message SET acknowledged = ?2 WHERE acknowledged IS NULL AND (id = ?1 OR ?1 = 0) RETURNING 1",
    [AGAIN] = "UPDATE delivery SET state = 0, due = ?2 WHERE state = 3 AND (message = ?1 OR ?1 = 0) RETURNING 1",
    [TRIM_DELIVERIES] = "DELETE FROM delivery WHERE state = 2 AND sent < ?1 AND message NOT IN"
                        " (SELECT message FROM delivery WHERE state <> 2)",
    [TRIM_MESSAGES] = "DELETE FROM message WHERE queued < ?1 AND id NOT IN (SELECT message FROM delivery)",
    [LIST] = "SELECT m.id, m.queued, m.level, m.rule, m.key, m.title, m.text, m.record, m.acknowledged, d.channel,"
             " d.state, d.attempts, d.due, d.sent, d.error FROM message m LEFT JOIN delivery d ON d.message = m.id"
             " WHERE ?1 = 0 OR d.state <> 2 OR (m.level = 3 AND m.acknowledged IS NULL) ORDER BY m.id, d.channel",
    [FIND_PLACE] = "SELECT place FROM place WHERE name = ?1",
    [PUT_PLACE] = "INSERT INTO place VALUES(?1, ?2) ON CONFLICT DO UPDATE SET place = ?2",
};

struct queue {
    struct db *db;
    struct statement *statement[STATEMENTS];
};

struct queue *queue_open(const char *path, struct error *error)
{
    struct queue *queue = calloc(1, sizeof *queue);
    if (queue == NULL) {
        error_memory(error);
        return NULL;
    }
    bool good = (queue->db = db_open(path, DB_CREATE, &schema, error)) != NULL;
    for (int i = 0; i < STATEMENTS && good; i++)
        good = (queue->statement[i] = statement_open(queue->db, statement_text[i], error)) != NULL;
    if (good)
        return queue;
    queue_close(queue);
    return NULL;
}

void queue_close(struct queue *queue)
{
    if (queue == NULL)
        return;
    for (int i = 0; i < STATEMENTS; i++)
        statement_close(queue->statement[i]);
    db_close(queue->db);
    free(queue);
}

int queue_begin(struct queue *queue, struct error *error)
{
    return db_begin(queue->db, error);
}

int queue_commit(struct queue *queue, struct error *error)
{
    return db_commit(queue->db, error);
}

void queue_rollback(struct queue *queue)
{
    db_rollback(queue->db);
}

/* Steps through the rows of a RETURNING statement: how many. */
static int64_t count_rows(struct statement *statement, struct error *error)
{
    int64_t count = 0;
    int got;
    while ((got = statement_step(statement, error)) == 1)
        count++;
    return got < 0 ? -1 : count;
}

/* The only number of the only row; `none` when there is no row. */
static int read_number(struct statement *statement, int64_t none, int64_t *number, struct error *error)
{
    const int got = statement_step(statement, error);
    *number = got == 1 ? statement_int(statement, 0) : none;
    statement_reset(statement);
    return got < 0 ? -1 : 0;
}

/* An empty text is no NULL, wherever it comes from. */
static void bind(struct statement *statement, int parameter, struct str text)
{
    statement_bind_text(statement, parameter, text.n == 0 ? STR("") : text);
}

int queue_add(struct queue *queue, const struct message *message, int64_t repeat, int64_t *id, struct error *error)
{
    struct statement *find = queue->statement[FIND_MESSAGE], *insert = queue->statement[INSERT_MESSAGE];
    int64_t there;
    statement_bind_text(find, 1, str_of(message->rule));
    bind(find, 2, message->key);
    statement_bind_int(find, 3, repeat == 0 ? INT64_MIN : message->queued - repeat);
    if (read_number(find, 0, &there, error) != 0)
        return -1;
    if (there != 0)
        return 0;
    statement_bind_int(insert, 1, message->queued);
    statement_bind_int(insert, 2, message->level);
    statement_bind_text(insert, 3, str_of(message->rule));
    bind(insert, 4, message->key);
    bind(insert, 5, message->title);
    bind(insert, 6, message->text);
    bind(insert, 7, message->record);
    return read_number(insert, 0, id, error) == 0 ? 1 : -1;
}

int queue_state(struct queue *queue, const char *rule, struct str key, bool holds, int64_t now, int64_t repeat,
                struct error *error)
{
    struct statement *find = queue->statement[FIND_STATE], *put = queue->statement[PUT_STATE];
    statement_bind_text(find, 1, str_of(rule));
    bind(find, 2, key);
    const int got = statement_step(find, error);
    const bool held = got == 1 && statement_int(find, 0) != 0;
    const int64_t told = got == 1 ? statement_int(find, 1) : 0;
    statement_reset(find);
    if (got < 0)
        return -1;
    const bool tell = holds && (!held || (repeat > 0 && now - told >= repeat));
    if (holds == held && !tell)
        return 0;
    statement_bind_text(put, 1, str_of(rule));
    bind(put, 2, key);
    statement_bind_int(put, 3, holds);
    statement_bind_int(put, 4, tell ? now : told);
    return statement_run(put, error) == 0 ? tell : -1;
}

int queue_deliver_to(struct queue *queue, int64_t message, const char *channel, int64_t due, struct error *error)
{
    struct statement *insert = queue->statement[INSERT_DELIVERY];
    statement_bind_int(insert, 1, message);
    statement_bind_text(insert, 2, str_of(channel));
    statement_bind_int(insert, 3, due);
    return statement_run(insert, error);
}

/* The first eight columns of a row. `rule` gets a copy with its NUL. */
static void read_message(struct statement *row, struct message *message, char rule[static 65])
{
    const struct str name = statement_bytes(row, 3);
    const size_t n = name.n < 64 ? name.n : 64;
    memcpy(rule, name.p, n);
    rule[n] = '\0';
    *message = (struct message){.id = statement_int(row, 0),
                                .queued = statement_int(row, 1),
                                .level = (enum alert_level)statement_int(row, 2),
                                .rule = rule,
                                .key = statement_bytes(row, 4),
                                .title = statement_bytes(row, 5),
                                .text = statement_bytes(row, 6),
                                .record = statement_bytes(row, 7)};
}

static void bind_due(struct statement *statement, const char *channel, int64_t now, enum alert_level least)
{
    statement_bind_text(statement, 1, str_of(channel));
    statement_bind_int(statement, 2, now);
    statement_bind_int(statement, 3, least);
}

int queue_due(struct queue *queue, const char *channel, int64_t now, enum alert_level least, int most,
              queue_visit *visit, void *context, struct error *error)
{
    struct statement *due = queue->statement[DUE];
    int got;
    bind_due(due, channel, now, least);
    statement_bind_int(due, 4, most);
    while ((got = statement_step(due, error)) == 1) {
        struct message message;
        char rule[65];
        read_message(due, &message, rule);
        if (visit(context, &message, (int)statement_int(due, 8), statement_int(due, 9) != 0, error) != 0) {
            statement_reset(due);
            return -1;
        }
    }
    return got;
}

int64_t queue_count_due(struct queue *queue, const char *channel, int64_t now, enum alert_level least,
                        struct error *error)
{
    int64_t count;
    bind_due(queue->statement[COUNT_DUE], channel, now, least);
    return read_number(queue->statement[COUNT_DUE], 0, &count, error) == 0 ? count : -1;
}

int64_t queue_count_sent(struct queue *queue, const char *channel, int64_t since, struct error *error)
{
    int64_t count;
    statement_bind_text(queue->statement[COUNT_SENT], 1, str_of(channel));
    statement_bind_int(queue->statement[COUNT_SENT], 2, since);
    return read_number(queue->statement[COUNT_SENT], 0, &count, error) == 0 ? count : -1;
}

/* A change that must be on the disk before we go on. */
static int run_durably(struct queue *queue, struct statement *statement, struct error *error)
{
    if (db_begin(queue->db, error) != 0)
        return -1;
    if (statement_run(statement, error) == 0 && db_commit(queue->db, error) == 0)
        return 0;
    db_rollback(queue->db);
    return -1;
}

int queue_sending(struct queue *queue, const char *channel, int64_t first, int64_t last, int64_t now,
                  enum alert_level least, int64_t moment, struct error *error)
{
    struct statement *sending = queue->statement[SENDING];
    statement_bind_text(sending, 1, str_of(channel));
    statement_bind_int(sending, 2, first);
    statement_bind_int(sending, 3, last);
    statement_bind_int(sending, 4, now);
    statement_bind_int(sending, 5, least);
    statement_bind_int(sending, 6, moment);
    return run_durably(queue, sending, error);
}

int queue_sent(struct queue *queue, const char *channel, enum delivery_state state, int64_t moment, int64_t due,
               const char *why, struct error *error)
{
    struct statement *sent = queue->statement[SENT];
    statement_bind_text(sent, 1, str_of(channel));
    statement_bind_int(sent, 2, state);
    statement_bind_int(sent, 3, moment);
    statement_bind_int(sent, 4, due);
    if (why == NULL)
        statement_bind_null(sent, 5);
    else
        statement_bind_text(sent, 5, str_of(why));
    return run_durably(queue, sent, error);
}

int64_t queue_escalate(struct queue *queue, const char *channel, const char *to, int64_t before, int64_t now,
                       struct error *error)
{
    struct statement *statement;
    if (strcmp(channel, to) == 0) {
        statement = queue->statement[REMIND];
        statement_bind_int(statement, 2, before);
        statement_bind_int(statement, 3, now);
    } else {
        statement = queue->statement[ESCALATE];
        statement_bind_text(statement, 2, str_of(to));
        statement_bind_int(statement, 3, before);
        statement_bind_int(statement, 4, now);
    }
    statement_bind_text(statement, 1, str_of(channel));
    return count_rows(statement, error);
}

int64_t queue_acknowledge(struct queue *queue, int64_t id, int64_t now, struct error *error)
{
    statement_bind_int(queue->statement[ACKNOWLEDGE], 1, id);
    statement_bind_int(queue->statement[ACKNOWLEDGE], 2, now);
    return count_rows(queue->statement[ACKNOWLEDGE], error);
}

int64_t queue_again(struct queue *queue, int64_t id, int64_t now, struct error *error)
{
    statement_bind_int(queue->statement[AGAIN], 1, id);
    statement_bind_int(queue->statement[AGAIN], 2, now);
    return count_rows(queue->statement[AGAIN], error);
}

int queue_trim(struct queue *queue, int64_t before, struct error *error)
{
    statement_bind_int(queue->statement[TRIM_DELIVERIES], 1, before);
    statement_bind_int(queue->statement[TRIM_MESSAGES], 1, before);
    return statement_run(queue->statement[TRIM_DELIVERIES], error) == 0 &&
                   statement_run(queue->statement[TRIM_MESSAGES], error) == 0
               ? db_checkpoint(queue->db, error)
               : -1;
}

static int64_t time_column(struct statement *row, int column)
{
    return statement_kind(row, column) == SQL_NULL ? TIME_NONE : statement_int(row, column);
}

int queue_list(struct queue *queue, bool open, queue_list_visit *visit, void *context, struct error *error)
{
    struct statement *list = queue->statement[LIST];
    int got;
    statement_bind_int(list, 1, open);
    while ((got = statement_step(list, error)) == 1) {
        char rule[65], channel[65];
        struct delivery delivery;
        read_message(list, &delivery.message, rule);
        const struct str name = statement_bytes(list, 9);
        const size_t n = name.n < sizeof channel ? name.n : sizeof channel - 1;
        memcpy(channel, name.p, n);
        channel[n] = '\0';
        delivery.acknowledged = time_column(list, 8);
        delivery.channel = statement_kind(list, 9) == SQL_NULL ? NULL : channel;
        delivery.state = (enum delivery_state)statement_int(list, 10);
        delivery.attempts = (int)statement_int(list, 11);
        delivery.due = time_column(list, 12);
        delivery.sent = time_column(list, 13);
        delivery.error = statement_bytes(list, 14);
        if (visit(context, &delivery, error) != 0) {
            statement_reset(list);
            return -1;
        }
    }
    return got;
}

int queue_place(struct queue *queue, const char *name, int64_t *place, struct error *error)
{
    statement_bind_text(queue->statement[FIND_PLACE], 1, str_of(name));
    return read_number(queue->statement[FIND_PLACE], 0, place, error);
}

int queue_set_place(struct queue *queue, const char *name, int64_t place, struct error *error)
{
    statement_bind_text(queue->statement[PUT_PLACE], 1, str_of(name));
    statement_bind_int(queue->statement[PUT_PLACE], 2, place);
    return statement_run(queue->statement[PUT_PLACE], error);
}
