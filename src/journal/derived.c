/* The derived tables that follow from one event each. */
#include "journal/derived.h"

#include "journal/binder.h"

#include <stdio.h>
#include <stdlib.h>

const struct derived_table derived_tables[] = {
    {"accounts", "account"},
    {"orders", "id"},
    {"order_updates", "seq"},
    {"fills", "id"},
    {"positions", "account, strategy, symbol"},
    {"lots", "account, strategy, symbol, n"},
    {"cash", "id"},
    {"equity", "seq"},
    {"notes", "seq"},
};
const int derived_table_count = sizeof derived_tables / sizeof *derived_tables;

enum put { PUT_ORDER, PUT_UPDATE, PUT_STATUS, PUT_FILL, PUT_CASH, PUT_EQUITY, PUT_NOTE, PUTS };

static const char *const put_sql[PUTS] = {
    [PUT_ORDER] = "INSERT INTO orders(id, account, mode, time, symbol, side, quantity, order_type, limit_price,"
                  " stop_price, time_in_force, valid_until, class, role, parent, strategy, signal, status, seq)"
                  " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'pending_new', ?)",
    [PUT_UPDATE] = "INSERT INTO order_updates(order_id, account, mode, time, status, filled_quantity, average_price,"
                   " reason, revision, seq) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    [PUT_STATUS] = "UPDATE orders SET status = ?2, filled_quantity = coalesce(?3, filled_quantity),"
                   " average_price = coalesce(?4, average_price), broker_id = coalesce(?5, broker_id),"
                   " reason = coalesce(?6, reason), updated = ?7, quantity = coalesce(?8, quantity) WHERE id = ?1",
    [PUT_FILL] = "INSERT INTO fills(id, order_id, account, mode, time, symbol, strategy, role, side, quantity, price,"
                 " currency, multiplier, commission, fees, liquidity, venue, corrects, seq)"
                 " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    [PUT_CASH] = "INSERT INTO cash(id, account, mode, time, currency, amount, kind, symbol, strategy, reference, seq)"
                 " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    [PUT_EQUITY] = "INSERT INTO equity(account, mode, time, equity, cash, exposure, seq) VALUES(?, ?, ?, ?, ?, ?, ?)",
    [PUT_NOTE] = "INSERT INTO notes(id, time, symbol, about, tags, text, seq) VALUES(?, ?, ?, ?, ?, ?, ?)",
};

struct derived {
    struct db *db;
    struct statement *put[PUTS];
};

struct derived *derived_new(struct db *db, struct error *error)
{
    struct derived *derived = calloc(1, sizeof *derived);
    if (derived == NULL) {
        error_memory(error);
        return NULL;
    }
    derived->db = db;
    for (int i = 0; i < PUTS; i++)
        if ((derived->put[i] = statement_open(db, put_sql[i], error)) == NULL) {
            derived_free(derived);
            return NULL;
        }
    return derived;
}

void derived_free(struct derived *derived)
{
    if (derived == NULL)
        return;
    for (int i = 0; i < PUTS; i++)
        statement_close(derived->put[i]);
    free(derived);
}

static int put_order(struct statement *statement, const struct event *event, const struct order *order,
                     struct error *error)
{
    struct binder b = binder_of(statement);
    bind_key(&b, order->id);
    bind_text(&b, order->account);
    bind_text(&b, mode_text(event->mode));
    bind_time(&b, order->time);
    bind_text(&b, order->symbol);
    bind_text(&b, side_text(order->side));
    bind_dec(&b, order->quantity);
    bind_text(&b, order_type_text(order->order_type));
    bind_dec(&b, order->limit_price);
    bind_dec(&b, order->stop_price);
    bind_text(&b, time_in_force_text(order->time_in_force));
    bind_time(&b, order->valid_until);
    bind_text(&b, order_class_text(order->order_class));
    bind_text(&b, role_text(order->role));
    bind_text(&b, order->parent);
    bind_text(&b, order->strategy);
    bind_text(&b, order->signal);
    bind_int(&b, event->seq);
    return statement_run(statement, error);
}

static int put_update(struct derived *derived, const struct event *event, const struct order_update *update,
                      struct error *error)
{
    struct binder b = binder_of(derived->put[PUT_UPDATE]);
    bind_text(&b, update->order_id);
    bind_text(&b, update->account);
    bind_text(&b, mode_text(event->mode));
    bind_time(&b, update->time);
    bind_text(&b, order_status_text(update->status));
    bind_dec(&b, update->filled_quantity);
    bind_dec(&b, update->average_price);
    bind_text(&b, update->reason);
    bind_int(&b, update->revision);
    bind_int(&b, event->seq);
    if (statement_run(derived->put[PUT_UPDATE], error) != 0)
        return -1;
    struct binder s = binder_of(derived->put[PUT_STATUS]);
    bind_key(&s, update->order_id);
    bind_text(&s, order_status_text(update->status));
    bind_dec(&s, update->filled_quantity);
    bind_dec(&s, update->average_price);
    bind_text(&s, update->broker_id);
    bind_text(&s, update->quantity > 0 ? "" : update->reason); /* why it has changed, not why it has ended */
    bind_time(&s, update->time);
    bind_dec(&s, update->quantity > 0 ? update->quantity : DEC_NONE);
    return statement_run(derived->put[PUT_STATUS], error);
}

static int put_fill(struct statement *statement, const struct event *event, const struct fill *fill,
                    struct error *error)
{
    struct binder b = binder_of(statement);
    bind_key(&b, fill->id);
    bind_text(&b, fill->order_id);
    bind_text(&b, fill->account);
    bind_text(&b, mode_text(event->mode));
    bind_time(&b, fill->time);
    bind_text(&b, fill->symbol);
    bind_text(&b, fill->strategy);
    bind_text(&b, role_text(fill->role));
    bind_text(&b, side_text(fill->side));
    bind_dec(&b, fill->quantity);
    bind_dec(&b, fill->price);
    bind_text(&b, fill->currency);
    bind_dec(&b, fill->multiplier);
    bind_dec(&b, fill->commission);
    bind_dec(&b, fill->fees);
    bind_text(&b, fill->liquidity);
    bind_text(&b, fill->venue);
    bind_text(&b, fill->corrects);
    bind_int(&b, event->seq);
    return statement_run(statement, error);
}

static int put_cash(struct statement *statement, const struct event *event, const struct cash *cash,
                    struct error *error)
{
    struct binder b = binder_of(statement);
    bind_key(&b, cash->id);
    bind_text(&b, cash->account);
    bind_text(&b, mode_text(event->mode));
    bind_time(&b, cash->time);
    bind_text(&b, cash->currency);
    bind_dec(&b, cash->amount);
    bind_text(&b, cash_kind_text(cash->kind));
    bind_text(&b, cash->symbol);
    bind_text(&b, cash->strategy);
    bind_str(&b, cash->reference);
    bind_int(&b, event->seq);
    return statement_run(statement, error);
}

static int put_equity(struct statement *statement, const struct event *event, const struct equity *equity,
                      struct error *error)
{
    struct binder b = binder_of(statement);
    bind_text(&b, equity->account);
    bind_text(&b, mode_text(event->mode));
    bind_time(&b, equity->time);
    bind_dec(&b, equity->equity);
    bind_dec(&b, equity->cash);
    bind_dec(&b, equity->exposure);
    bind_int(&b, event->seq);
    return statement_run(statement, error);
}

static int put_note(struct statement *statement, const struct event *event, const struct note *note,
                    struct error *error)
{
    struct binder b = binder_of(statement);
    bind_text(&b, note->id);
    bind_time(&b, note->time);
    bind_text(&b, note->symbol);
    bind_text(&b, note->about);
    bind_str(&b, note->tags);
    bind_str(&b, note->text);
    bind_int(&b, event->seq);
    return statement_run(statement, error);
}

int derived_put(struct derived *derived, const struct event *event, const struct event_reader *reader,
                struct error *error)
{
    const union record_value *value = &reader->value;
    switch ((int)reader->type) {
    case RECORD_ORDER:
        return put_order(derived->put[PUT_ORDER], event, &value->order, error);
    case RECORD_ORDER_UPDATE:
        return put_update(derived, event, &value->order_update, error);
    case RECORD_FILL:
        return put_fill(derived->put[PUT_FILL], event, &value->fill, error);
    case RECORD_CASH:
        return put_cash(derived->put[PUT_CASH], event, &value->cash, error);
    case RECORD_EQUITY:
        return put_equity(derived->put[PUT_EQUITY], event, &value->equity, error);
    case RECORD_NOTE:
        return put_note(derived->put[PUT_NOTE], event, &value->note, error);
    default:
        return 0;
    }
}

int derived_empty(struct derived *derived, struct error *error)
{
    for (int i = 0; i < derived_table_count; i++) {
        char sql[64];
        (void)snprintf(sql, sizeof sql, "DELETE FROM %s", derived_tables[i].name);
        if (db_execute(derived->db, sql, error) != 0)
            return -1;
    }
    return 0;
}
