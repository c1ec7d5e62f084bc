/* tn-report desk: one screen of what an account is worth, holds, waits for and was refused. */
#include "tn-report/sheet.h"

#include "base/time.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define TEXT_MAXIMUM ((size_t)1 << 24)
#define REFUSED_MOST 5

struct desk {
    struct document document;
    const struct zone *zone;
    int64_t today; /* the midnight of the last day that the records know, in the zone */
};

static int64_t midnight_before(int64_t time, const struct zone *zone)
{
    const int64_t local = zone_local(zone, time), day = local / TIME_DAY - (local % TIME_DAY < 0);
    return zone == NULL ? day * TIME_DAY : zone_to_utc(zone, day * TIME_DAY);
}

static int money(struct desk *desk, const char *label, double value, bool sign, bool large, struct error *error)
{
    char text[TICK_TEXT_MAX];
    money_text(text, value, sign);
    const enum tone tone = !sign || !isfinite(value) ? TONE_NONE
                           : value > 0               ? TONE_GOOD
                           : value < 0               ? TONE_BAD
                                                     : TONE_NONE;
    return document_fact(&desk->document, label, text, "", tone, large, error);
}

static int say_nothing(struct desk *desk, const char *text, struct error *error)
{
    struct buf *out = document_text(&desk->document, BLOCK_TEXT, error);
    if (out == NULL)
        return -1;
    buf_add_text(out, text);
    return 0;
}

/* Equity, what today made of it, and how far it is below its peak. */
static int worth(struct desk *desk, const struct account_report *account_report, struct error *error)
{
    if (account_report->points == 0)
        return say_nothing(desk, "No equity point yet: the account has seen no bar.", error);
    const struct equity *last = &account_report->equity[account_report->points - 1];
    double before = dec_to_double(account_report->equity[0].equity), peak = -INFINITY, paid = 0;
    for (size_t i = 0; i < account_report->points; i++) {
        const double value = dec_to_double(account_report->equity[i].equity);
        before = account_report->equity[i].time < desk->today ? value : before;
        peak = fmax(peak, value);
    }
    for (size_t i = 0; i < account_report->payments; i++)
        paid += account_report->payment[i].time >= desk->today &&
                        account_report->payment[i].time > account_report->equity[0].time
                    ? dec_to_double(account_report->payment[i].amount)
                    : 0;
    const double equity = dec_to_double(last->equity);
    char text[TICK_TEXT_MAX];
    if (money(desk, "equity", equity, false, true, error) != 0 ||
        money(desk, "today", equity - before - paid, true, true, error) != 0 ||
        money(desk, "cash", last->cash == DEC_NONE ? NAN : dec_to_double(last->cash), false, false, error) != 0 ||
        money(desk, "exposure", last->exposure == DEC_NONE ? NAN : dec_to_double(last->exposure), false, false,
              error) != 0)
        return -1;
    percent_text(text, peak > 0 ? 1 - equity / peak : NAN, false);
    return document_fact(&desk->document, "below its peak", text, "", TONE_NONE, false, error);
}

int table_held(struct document *document, const struct account_report *account_report, const char *caption,
               struct error *error)
{
    static const struct column columns[] = {
        {.key = "symbol", .kind = COLUMN_TEXT},
        {.key = "quantity", .kind = COLUMN_DEC},
        {.key = "average", .kind = COLUMN_DEC, .digits = 2, .rank = 3},
        {.key = "market", .kind = COLUMN_DEC, .digits = 2, .optional = true, .rank = 2},
        {.key = "unrealized", .kind = COLUMN_DEC, .digits = 2, .sign = true, .optional = true},
        {.key = "opened", .kind = COLUMN_TIME, .rank = 4},
        {.key = "strategy", .kind = COLUMN_TEXT, .optional = true, .rank = 9},
    };
    const struct ledger *ledger = &account_report->ledger;
    struct table *table = NULL;
    for (size_t i = 0; i < ledger->holdings; i++) {
        struct position position;
        if (ledger->holding[i].quantity == 0)
            continue;
        if (table == NULL && (table = document_table(document, columns, 7, caption, 0, error)) == NULL)
            return -1;
        if (ledger_position(ledger, &ledger->holding[i], &position, error) != 0)
            return -1;
        table_text(table, position.symbol);
        table_dec(table, position.quantity);
        table_dec(table, position.average_price);
        table_dec(table, position.market_price);
        const bool own = strcmp(position.currency, ledger->terms.currency) == 0;
        table_dec(table, own ? position.unrealized : position.account_unrealized);
        table_time(table, position.opened);
        table_text(table, position.strategy);
    }
    if (table != NULL)
        return 0;
    struct buf *out = document_text(document, BLOCK_TEXT, error);
    if (out != NULL)
        buf_add_text(out, "No positions.");
    return out == NULL ? -1 : 0;
}

static bool is_working(const struct order_line *line)
{
    switch (line->status) {
    case STATUS_ACCEPTED:
    case STATUS_PARTIALLY_FILLED:
    case STATUS_PENDING_NEW:
    case STATUS_PENDING_CANCEL:
    case STATUS_PENDING_REPLACE:
    case STATUS_UNKNOWN:
        return !line->refused;
    default:
        return false;
    }
}

static int working(struct desk *desk, const struct account_report *account_report, struct error *error)
{
    static const struct column columns[] = {
        {.key = "symbol", .kind = COLUMN_TEXT},
        {.key = "side", .kind = COLUMN_TEXT},
        {.key = "quantity", .kind = COLUMN_DEC},
        {.key = "type", .kind = COLUMN_TEXT, .rank = 3},
        {.key = "price", .kind = COLUMN_DEC, .digits = 2, .optional = true},
        {.key = "role", .kind = COLUMN_TEXT, .optional = true},
        {.key = "status", .kind = COLUMN_TEXT, .rank = 2},
        {.key = "id", .kind = COLUMN_TEXT, .rank = 4},
    };
    size_t count = 0;
    for (size_t i = 0; i < account_report->orders; i++)
        count += is_working(&account_report->order[i]);
    if (count == 0)
        return say_nothing(desk, "No working orders.", error);
    struct table *table = document_table(&desk->document, columns, 8, "working orders", 0, error);
    if (table == NULL)
        return -1;
    for (size_t i = 0; i < account_report->orders; i++) {
        const struct order_line *line = &account_report->order[i];
        if (!is_working(line))
            continue;
        table_text(table, line->order.symbol);
        table_text(table, side_text(line->order.side));
        table_dec(table, line->order.quantity);
        table_text(table, order_type_text(line->order.order_type));
        table_dec(table, line->order.limit_price != DEC_NONE ? line->order.limit_price : line->order.stop_price);
        table_text(table, role_text(line->order.role));
        table_text(table, order_status_text(line->status));
        table_text(table, line->order.id);
    }
    return 0;
}

/* The last refusals of today, and how many there were. */
static int refused(struct desk *desk, const struct account_report *account_report, struct error *error)
{
    static const struct column columns[] = {
        {.key = "time", .kind = COLUMN_TIME, .rank = 1},
        {.key = "symbol", .kind = COLUMN_TEXT},
        {.key = "why", .kind = COLUMN_TEXT, .fold = true},
    };
    size_t count = 0;
    for (size_t i = 0; i < account_report->orders; i++)
        count += account_report->order[i].refused && account_report->order[i].time >= desk->today;
    if (count == 0)
        return 0;
    char caption[64];
    (void)snprintf(caption, sizeof caption, "%zu refused today%s", count, count > REFUSED_MOST ? ", the last" : "");
    struct table *table = document_table(&desk->document, columns, 3, caption, 0, error);
    size_t skip = count > REFUSED_MOST ? count - REFUSED_MOST : 0;
    for (size_t i = 0; table != NULL && i < account_report->orders; i++) {
        const struct order_line *line = &account_report->order[i];
        if (!line->refused || line->time < desk->today || (skip > 0 && skip-- > 0))
            continue;
        char why[sizeof line->code + sizeof line->text + 2];
        (void)snprintf(why, sizeof why, "%s%s%s", line->code, line->text[0] != '\0' ? ": " : "", line->text);
        table_time(table, line->time);
        table_text(table, line->order.symbol);
        table_text(table, why);
    }
    return table == NULL ? -1 : 0;
}

static int account(struct desk *desk, const struct account_report *account_report, struct error *error)
{
    char title[STRATEGY_SIZE + 64];
    (void)snprintf(title, sizeof title, "%s %s%s%s", account_report_mode(account_report), account_report->name,
                   account_report->currency[0] != '\0' ? ", " : "", account_report->currency);
    if (document_card(&desk->document, "account", title, true, error) != 0)
        return -1;
    if (account_report->halted) {
        struct buf *out = document_text(&desk->document, BLOCK_WARNING, error);
        if (out == NULL)
            return -1;
        buf_add_text(out, "halted: entries are refused until tn-order resume");
    }
    return worth(desk, account_report, error) != 0 || table_held(&desk->document, account_report, "held", error) != 0 ||
                   working(desk, account_report, error) != 0 || refused(desk, account_report, error) != 0
               ? -1
               : 0;
}

static int build(struct desk *desk, const struct view *view, struct error *error)
{
    int64_t last = TIME_NONE;
    for (size_t i = 0; i < view->report.books; i++) {
        const struct account_report *account_report = view->report.account_report[i];
        last = account_report->last > last ? account_report->last : last;
        for (size_t k = 0; k < account_report->orders; k++)
            last = account_report->order[k].time > last ? account_report->order[k].time : last;
    }
    buf_add_text(&desk->document.title, last == TIME_NONE ? "Nothing on the desk" : "Desk");
    if (last != TIME_NONE) {
        desk->today = midnight_before(last, desk->zone);
        buf_add_text(&desk->document.subtitle, "as of ");
        style_add_date(&desk->document.subtitle, last, desk->zone);
        const int64_t local = zone_local(desk->zone, last);
        const int64_t minutes = (local % TIME_DAY + TIME_DAY) % TIME_DAY / TIME_MINUTE;
        buf_printf(&desk->document.subtitle, " %02d:%02d, times of %s", (int)(minutes / 60), (int)(minutes % 60),
                   desk->zone == NULL ? "UTC" : zone_name(desk->zone));
    }
    for (size_t i = 0; i < view->report.books; i++)
        if (account(desk, view->report.account_report[i], error) != 0)
            return -1;
    return document_check(&desk->document, error);
}

enum exit_code report_desk(struct invocation *invocation, struct error *error)
{
    struct view view;
    struct desk desk = {.today = 0};
    struct buf out;
    document_init(&desk.document);
    buf_init(&out, TEXT_MAXIMUM);
    int result = view_open(&view, invocation, invocation_operand_list(invocation), NULL, error);
    if (result == 0 && option_given(invocation, "output") && view.style.format != FORMAT_TABLE) {
        result = error_set(error, EXIT_USAGE, "the desk has no data format");
        error_hint(error, "tn-order account, positions and orders have it as data");
    }
    if (result == 0)
        result = view_read(&view, error);
    desk.zone = view.style.zone;
    if (result == 0)
        result = build(&desk, &view, error);
    if (result == 0)
        result = document_to_text(&desk.document, &view.style, &out, error);
    if (result == 0)
        result = style_write(&out, error);
    const enum exit_code code = result == 0 ? view.report.status : exit_worst(view.report.status, error->code);
    buf_clear(&out);
    document_clear(&desk.document);
    view_close(&view);
    return code;
}
