/* tn-report plan: the orders that are to work, for a person to read before the open: Markdown, and a file of the day.
 */
#include "tn-report/commands.h"

#include "base/file.h"
#include "base/time.h"

#include <stdio.h>
#include <string.h>

#define PLAN_MAX ((size_t)1 << 24)

/* Working, and no leg of a position: what would still change it. */
static bool is_planned(const struct order_line *line)
{
    const enum order_status status = line->status;
    return !line->refused && line->order.quantity != DEC_NONE && line->order.parent[0] == '\0' &&
           line->order.role != ROLE_STOP && line->order.role != ROLE_TARGET &&
           (status == STATUS_NONE || status == STATUS_PENDING_NEW || status == STATUS_ACCEPTED ||
            status == STATUS_PARTIALLY_FILLED || status == STATUS_PENDING_REPLACE || status == STATUS_UNKNOWN);
}

/* Foreign text in a cell: a '|' would end it. */
static void add_cell(struct buf *out, const char *text, const struct style *style)
{
    struct buf plain;
    buf_init(&plain, 4096);
    style_add(&plain, str_of(text), style);
    for (size_t i = 0; i < plain.n; i++)
        buf_printf(out, plain.p[i] == '|' ? "\\%c" : "%c", plain.p[i]);
    buf_clear(&plain);
}

static void add_price(struct buf *out, dec price)
{
    char text[DEC_TEXT_MAX];
    if (price == DEC_NONE) {
        buf_add_text(out, "none");
        return;
    }
    buf_add(out, text, dec_format(text, price));
}

static void add_date(struct buf *out, int64_t time, const struct style *style)
{
    const int64_t local = style->zone == NULL ? time : zone_to_local(style->zone, time);
    char text[TIME_TEXT_MAX];
    buf_add(out, text, date_format(text, date_from_days(local / TIME_DAY - (local % TIME_DAY < 0))));
}

static void add_moment(struct buf *out, int64_t time, const struct style *style)
{
    if (time == TIME_NONE) {
        buf_add_text(out, "until cancelled");
        return;
    }
    const int64_t local = style->zone == NULL ? time : zone_to_local(style->zone, time);
    const int64_t minute = (local % TIME_DAY + TIME_DAY) % TIME_DAY / TIME_MINUTE;
    add_date(out, time, style);
    buf_printf(out, " %02d:%02d", (int)(minute / 60), (int)(minute % 60));
}

static dec leg_price(const struct order *order, enum role role)
{
    for (int i = 0; i < order->leg_count; i++)
        if (order->legs[i].role == role)
            return role == ROLE_STOP ? order->legs[i].stop_price : order->legs[i].limit_price;
    return DEC_NONE;
}

/* What an order is expected to fill at. */
static dec expected_price(const struct order *order)
{
    return order->limit_price != DEC_NONE  ? order->limit_price
           : order->stop_price != DEC_NONE ? order->stop_price
                                           : order->reference_price;
}

/* Quantity × distance, in money; DEC_NONE when one of them is not known. */
static dec money(dec quantity, dec from, dec to)
{
    dec distance, result;
    if (from == DEC_NONE || to == DEC_NONE || dec_subtract(&distance, from, to) != 0 ||
        dec_multiply(&result, quantity, distance < 0 ? -distance : distance, ROUND_HALF_EVEN) != 0)
        return DEC_NONE;
    return result;
}

static void add_money(struct buf *out, dec amount)
{
    if (amount == DEC_NONE)
        buf_add_text(out, "not known");
    else
        buf_printf(out, "%.2f", dec_to_double(amount));
}

static void add_row(struct buf *out, const struct order_line *line, const struct style *style)
{
    const struct order *order = &line->order;
    const dec price = expected_price(order), stop = leg_price(order, ROLE_STOP);
    const bool entry = order->role == ROLE_ENTRY || order->role == ROLE_NONE;
    buf_add_text(out, "| ");
    add_cell(out, order->symbol, style);
    buf_printf(out, " | %s %s | ", side_text(order->side), entry ? "to enter" : "to leave");
    add_price(out, order->quantity);
    buf_printf(out, " | %s%s ", order_type_text(order->order_type),
               price == DEC_NONE                   ? ""
               : order->order_type == ORDER_MARKET ? ", about"
                                                   : " at");
    if (price != DEC_NONE)
        add_price(out, price);
    buf_add_text(out, " | ");
    add_price(out, stop);
    buf_add_text(out, " | ");
    add_price(out, leg_price(order, ROLE_TARGET));
    buf_add_text(out, " | ");
    add_money(out, money(order->quantity, price, 0));
    buf_add_text(out, " | ");
    if (entry)
        add_money(out, money(order->quantity, price, stop));
    buf_add_text(out, " | ");
    add_moment(out, order->valid_until, style);
    buf_add_text(out, " |\n");
}

static void add_reasons(struct buf *out, const struct account_report *account_report, const struct style *style)
{
    buf_add_text(out, "\n## Why\n\n");
    for (size_t i = 0; i < account_report->orders; i++) {
        const struct order_line *line = &account_report->order[i];
        if (!is_planned(line))
            continue;
        buf_add_text(out, "- ");
        add_cell(out, line->order.symbol, style);
        buf_add_text(out, ": ");
        add_cell(out, line->order.strategy[0] == '\0' ? "by hand" : line->order.strategy, style);
        buf_add_text(out, line->why[0] == '\0' ? "" : ", ");
        add_cell(out, line->why, style);
        if (line->cut[0] != '\0') {
            buf_add_text(out, "; its size was reduced by ");
            add_cell(out, line->cut, style);
        }
        buf_add_text(out, "; order ");
        add_cell(out, line->order.id, style);
        buf_add_char(out, '\n');
    }
}

static void add_refusals(struct buf *out, const struct account_report *account_report, const struct style *style)
{
    bool any = false;
    for (size_t i = 0; i < account_report->orders; i++) {
        const struct order_line *line = &account_report->order[i];
        if (!line->refused)
            continue;
        buf_add_text(out, any ? "" : "\n## Refused\n\n");
        any = true;
        buf_add_text(out, "- ");
        add_cell(out, line->order.symbol, style);
        buf_add_text(out, ": ");
        add_cell(out, line->code, style);
        buf_add_text(out, line->text[0] == '\0' ? "" : ", ");
        add_cell(out, line->text, style);
        buf_add_char(out, '\n');
    }
}

static int add_book(struct buf *out, const struct account_report *account_report, const struct style *style,
                    struct error *error)
{
    size_t planned = 0;
    dec sum = 0;
    buf_printf(out, "%s ", account_report_mode(account_report));
    add_cell(out, account_report->name, style);
    buf_printf(out, ", times of %s\n\n", style->zone == NULL ? "UTC" : zone_name(style->zone));
    for (size_t i = 0; i < account_report->orders; i++) {
        const struct order_line *line = &account_report->order[i];
        if (!is_planned(line))
            continue;
        if (planned++ == 0)
            buf_add_text(out, "| symbol | what | quantity | order | stop | target | amount | at risk | valid until |\n"
                              "|---|---|---:|---|---:|---:|---:|---:|---|\n");
        add_row(out, line, style);
        const dec risk = money(line->order.quantity, expected_price(&line->order), leg_price(&line->order, ROLE_STOP));
        if (line->order.role != ROLE_EXIT && risk != DEC_NONE && dec_add(&sum, sum, risk) != 0)
            return error_set(error, EXIT_INPUT, "the sum at risk is out of range");
    }
    if (planned == 0) {
        buf_add_text(out, "There is nothing to trade.\n");
    } else {
        buf_printf(out, "\nAt risk between the expected entries and their stops: %.2f\n", dec_to_double(sum));
        add_reasons(out, account_report, style);
    }
    add_refusals(out, account_report, style);
    return 0;
}

/* The day of the plan: of the session in which the first order that expires does so, else of the last record. */
static int64_t day_of(const struct report *report)
{
    int64_t last = TIME_NONE;
    for (size_t k = 0; k < report->books; k++)
        for (size_t i = 0; i < report->account_report[k]->orders; i++) {
            const struct order_line *line = &report->account_report[k]->order[i];
            if (is_planned(line) && line->order.valid_until != TIME_NONE)
                return line->order.valid_until;
            last = line->time > last ? line->time : last;
        }
    return last;
}

static int write_plan(const struct view *view, const char *folder, const struct buf *text, int64_t day,
                      struct error *error)
{
    if (folder == NULL)
        return style_write(text, error);
    struct buf path;
    buf_init(&path, 4096);
    buf_printf(&path, "%s/TODAYS_TRADES_", folder);
    add_date(&path, day, &view->style);
    buf_add_text(&path, ".md");
    buf_add_char(&path, '\0');
    int result = buf_check(&path, error);
    if (result == 0)
        result = file_replace(path.p, text->p, text->n, 0644, error);
    buf_clear(&path);
    return result;
}

enum exit_code report_plan(struct invocation *invocation, struct error *error)
{
    struct view view;
    struct buf out;
    if (option_given(invocation, "output")) {
        error_set(error, EXIT_USAGE, "a plan is always Markdown");
        error_hint(error, "tn-report orders -O shows the orders as data");
        return error->code;
    }
    buf_init(&out, PLAN_MAX);
    int result = view_open(&view, invocation, invocation_operand_list(invocation), NULL, error);
    if (result == 0)
        result = view_read(&view, error);
    int64_t day = option_time(invocation, "date", TIME_NONE);
    if (day != TIME_NONE) /* a date: its noon is of that date in every zone of an exchange */
        day += 12 * TIME_HOUR;
    else if (result == 0)
        day = day_of(&view.report);
    if (result == 0 && day == TIME_NONE)
        result = error_set(error, EXIT_NO, "no order in %s: there is no day to plan", view.report.source);
    if (result == 0) {
        buf_add_text(&out, "# Trades of ");
        add_date(&out, day, &view.style);
        buf_add_text(&out, "\n\n");
    }
    for (size_t i = 0; result == 0 && i < view.report.books; i++) {
        if (i > 0)
            buf_add_char(&out, '\n');
        result = add_book(&out, view.report.account_report[i], &view.style, error);
    }
    if (result == 0 && (result = buf_check(&out, error)) == 0)
        result = write_plan(&view, option_text(invocation, "folder", NULL), &out, day, error);
    const enum exit_code code = result == 0 ? view.report.status : error->code;
    buf_clear(&out);
    view_close(&view);
    return code;
}
