/* Reading and counting what decided a result. */
#include "show/outcome.h"

#include "base/num.h"
#include "show/flat.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* A count as a result has it; what is none counts nothing. */
static uint64_t read_count(struct str text)
{
    double number;
    struct error error;
    error_clear(&error);
    if (num_parse(&number, text.p, text.n, &error) != 0 || !(number >= 0 && number < 0x1p53))
        return 0;
    return (uint64_t)number;
}

static void read_code(void *context, struct str name, struct str value)
{
    char code[STRATEGY_SIZE];
    const size_t n = name.n < sizeof code - 1 ? name.n : sizeof code - 1;
    memcpy(code, name.p, n);
    code[n] = '\0';
    tally_add(context, code, read_count(value));
}

static void read_field(void *context, struct str name, struct str value)
{
    struct outcome_view *view = context;
    struct outcome *outcome = &view->outcome;
    const struct {
        const char *name;
        struct tally *tally;
        uint64_t *count;
    } fields[] = {
        {"entries", NULL, &outcome->entries}, {"cut", &outcome->cut, NULL},
        {"refused", &outcome->refused, NULL}, {"rejected", &outcome->rejected, NULL},
        {"expired", NULL, &outcome->expired}, {"canceled", NULL, &outcome->canceled},
        {"large", NULL, &outcome->large},     {"exits", &outcome->exits, NULL},
        {"waiting", &outcome->waiting, NULL},
    };
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        if (!str_is(name, fields[i].name))
            continue;
        if (fields[i].tally != NULL)
            flat_each(value, read_code, fields[i].tally);
        else if (fields[i].count != NULL)
            *fields[i].count = read_count(value);
    }
    if (str_is(name, "no_trades") && !str_is(value, "null"))
        view->no_trades = value;
}

static void count_order(struct outcome *outcome, const struct order_line *line)
{
    if (line->refused) {
        if (outcome->refused.count == 0)
            (void)snprintf(outcome->first_refusal, sizeof outcome->first_refusal, "%s: %.150s", line->code, line->text);
        tally_add(&outcome->refused, line->code, 1);
        return;
    }
    if (line->order.role != ROLE_ENTRY)
        return;
    outcome->entries++;
    if (line->cut[0] != '\0')
        tally_add(&outcome->cut, line->cut, 1);
    if (line->filled != DEC_NONE && line->filled > 0)
        return;
    if (line->status == STATUS_REJECTED)
        tally_add(&outcome->rejected, line->text[0] == '\0' ? "REJECTED" : line->text, 1);
    outcome->expired += line->status == STATUS_EXPIRED;
    outcome->canceled += line->status == STATUS_CANCELED;
}

static void count_records(struct outcome *outcome, const struct account_report *account_report)
{
    for (size_t i = 0; i < account_report->orders; i++)
        count_order(outcome, &account_report->order[i]);
    for (size_t i = 0; i < account_report->fills; i++) {
        const struct fill_line *fill = &account_report->fill[i];
        if (fill->role != ROLE_NONE && fill->role != ROLE_ENTRY && !fill->again)
            tally_add(&outcome->exits, role_text(fill->role), 1); /* an order that filled in parts was one exit */
    }
    outcome->traded = money_to_double(account_report->metrics.traded);
}

void outcome_read(struct outcome_view *view, const struct account_report *account_report)
{
    *view = (struct outcome_view){.outcome = {.traded = NAN}, .hold_return = NAN, .hold_cagr = NAN};
    if (account_report->result_record == NULL) {
        count_records(&view->outcome, account_report);
        return;
    }
    flat_each(account_report->result.outcome, read_field, view);
    view->outcome.largest = flat_number(account_report->result.outcome, "largest");
    view->outcome.traded = flat_number(account_report->result.outcome, "traded");
    view->hold_return = flat_number(account_report->result.benchmark, "return");
    view->hold_cagr = flat_number(account_report->result.benchmark, "cagr");
}
