/* Reading the records of a report and sorting them into books. The head is in report_head.c. */
#include "show/report.h"

#include "base/list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct account_report *report_book(struct report *report, enum mode mode, const char *account, struct error *error)
{
    if (list_grow(&report->account_report, &report->capacity, report->books, sizeof(struct account_report *), error) !=
        0)
        return NULL;
    struct account_report *account_report =
        account_report_new(mode, account, &report->options.metrics, report->options.lots, error);
    if (account_report != NULL)
        report->account_report[report->books++] = account_report;
    return account_report;
}

/* The book of an account in a mode, the latest when there are several; made when there is none. A refusal may name
 * neither: it belongs to whoever is there. */
static struct account_report *account_report_of(struct report *report, enum mode mode, const char *account,
                                                struct error *error)
{
    for (size_t i = report->books; i-- > 0;) {
        struct account_report *account_report = report->account_report[i];
        const bool ended = account_report->mode == MODE_BACKTEST && account_report->result_record != NULL;
        const bool nameless = account_report->account[0] == '\0' || account[0] == '\0';
        if ((strcmp(account_report->account, account) != 0 &&
             !(nameless && (mode == MODE_NONE || account_report->mode == MODE_NONE))) ||
            (mode != account_report->mode && mode != MODE_NONE && account_report->mode != MODE_NONE))
            continue;
        if (ended && mode == MODE_BACKTEST)
            break;
        if (account_report->mode == MODE_NONE)
            account_report->mode = mode;
        if (account_report->account[0] == '\0')
            (void)snprintf(account_report->account, sizeof account_report->account, "%s", account);
        return account_report;
    }
    return report_book(report, mode, account, error);
}

static int take_result(struct report *report, const struct record *record, struct error *error)
{
    struct account_report *account_report = report->books == 0 ? NULL : report->account_report[report->books - 1];
    if (account_report == NULL || account_report->mode != MODE_BACKTEST || account_report->result_record != NULL)
        account_report = report_book(report, MODE_BACKTEST, "", error);
    return account_report == NULL ? -1 : account_report_take_result(account_report, record, error);
}

union value {
    struct order order;
    struct order_update update;
    struct refusal refusal;
    struct fill fill;
    struct cash cash;
    struct mark mark;
    struct equity equity;
    struct position position;
    struct action action;
    struct halt halt;
};

/* Whose record it is. */
static const char *owner_of(enum record_type type, const union value *value, enum mode *mode)
{
    switch (type) {
    case RECORD_ORDER:
        *mode = value->order.mode;
        return value->order.account;
    case RECORD_ORDER_UPDATE:
        *mode = value->update.mode;
        return value->update.account;
    case RECORD_REFUSAL:
        *mode = value->refusal.mode;
        return value->refusal.account;
    case RECORD_FILL:
        *mode = value->fill.mode;
        return value->fill.account;
    case RECORD_CASH:
        return value->cash.account;
    case RECORD_MARK:
        return value->mark.account;
    case RECORD_EQUITY:
        *mode = value->equity.mode;
        return value->equity.account;
    case RECORD_POSITION:
        *mode = value->position.mode;
        return value->position.account;
    case RECORD_HALT:
        return value->halt.account;
    default:
        return NULL;
    }
}

static int take_market(struct report *report, const struct record *record, struct error *error)
{
    if (report->options.market != NULL && report->options.market(report->options.context, record, error) != 0)
        return -1;
    if (record->type != RECORD_ACTION)
        return 0;
    struct action action;
    if (record_decode(record, &action, error) != 0)
        return -1;
    for (size_t i = 0; i < report->books; i++)
        if ((action.account[0] == '\0' || strcmp(action.account, report->account_report[i]->account) == 0) &&
            account_report_take(report->account_report[i], RECORD_ACTION, &action, error) != 0)
            return -1;
    return 0;
}

/* Without the corporate actions, the prices that are kept could not be read. */
static int keep(void *context, const struct record *record, struct error *error)
{
    return record->type == RECORD_ACTION ? 1 : expr_where(context, record, error);
}

int report_take(struct report *report, const struct record *record, enum mode journal_mode, struct error *error)
{
    if (report->where != NULL && keep(report->where, record, error) != 1)
        return error_is_set(error) ? -1 : 0;
    if (record->type == RECORD_RESULT)
        return take_result(report, record, error);
    if (record->type == RECORD_BAR || record->type == RECORD_ACTION)
        return take_market(report, record, error);
    union value value;
    enum mode mode = MODE_NONE;
    switch (record->type) {
    case RECORD_ORDER:
    case RECORD_ORDER_UPDATE:
    case RECORD_REFUSAL:
    case RECORD_FILL:
    case RECORD_CASH:
    case RECORD_MARK:
    case RECORD_EQUITY:
    case RECORD_POSITION:
    case RECORD_HALT:
        break;
    default:
        return 0;
    }
    if (record_decode(record, &value, error) != 0)
        return -1;
    const char *account = owner_of(record->type, &value, &mode);
    if (report->options.account != NULL && strcmp(account, report->options.account) != 0)
        return 0;
    struct account_report *account_report =
        account_report_of(report, journal_mode != MODE_NONE ? journal_mode : mode, account, error);
    return account_report == NULL ? -1 : account_report_take(account_report, record->type, &value, error);
}

void report_source(struct report *report, const char *source)
{
    const size_t used = strlen(report->source);
    (void)snprintf(report->source + used, sizeof report->source - used, "%s%s", used == 0 ? "" : ", ", source);
}

int report_read(struct report *report, char *const *files, struct error *error)
{
    const bool piped = files == NULL || files[0] == NULL;
    report_source(report, piped || strcmp(files[0], "-") == 0 ? "standard input" : files[0]);
    if (!piped && files[1] != NULL)
        report_source(report, "others");
    const struct flow_options options = {
        .program = report->options.program,
        .invocation = report->options.invocation,
        .files = files,
        .strict = report->options.strict,
        .quiet = report->options.quiet,
        .no_end = true,
    };
    struct flow *flow = flow_open(&options, error);
    if (flow == NULL)
        return -1;
    const struct record *record;
    int got;
    while ((got = flow_next(flow, &record, error)) == 1) {
        if (report_take(report, record, MODE_NONE, error) == 0)
            continue;
        if ((error->code != EXIT_INPUT && error->code != EXIT_STATE) || flow_bad(flow, error) != 0) {
            got = -1;
            break;
        }
    }
    struct error late;
    error_clear(&late);
    const enum exit_code code = flow_close(flow, got < 0 ? &late : error);
    report->status = exit_worst(report->status, code);
    return got < 0 || error_is_set(error) ? -1 : 0;
}

static const char *plain_name(const struct account_report *account_report)
{
    if (account_report->result_record != NULL)
        return account_report->result.strategy[0] != '\0' ? account_report->result.strategy
                                                          : account_report->result.run;
    return account_report->account[0] != '\0' ? account_report->account : "run";
}

/* The strategy of a run, or the account; numbered where several have the same. */
static void name_books(struct report *report)
{
    for (size_t i = 0; i < report->books; i++) {
        struct account_report *account_report = report->account_report[i];
        size_t same = 0, before = 0;
        for (size_t k = 0; k < report->books; k++)
            if (k != i && strcmp(plain_name(report->account_report[k]), plain_name(account_report)) == 0) {
                same++;
                before += k < i;
            }
        if (same == 0)
            (void)snprintf(account_report->name, sizeof account_report->name, "%s", plain_name(account_report));
        else
            (void)snprintf(account_report->name, sizeof account_report->name, "%.128s #%zu", plain_name(account_report),
                           before + 1);
    }
}

int report_init(struct report *report, const struct report_options *options, struct error *error)
{
    *report = (struct report){.options = *options};
    if (options->where == NULL)
        return 0;
    report->where = expr_parse(options->where, error);
    return report->where == NULL ? -1 : 0;
}

int report_finish(struct report *report, struct error *error)
{
    for (size_t i = 0; i < report->books; i++)
        if (account_report_finish(report->account_report[i], error) != 0)
            return -1;
    name_books(report);
    return 0;
}

void report_clear(struct report *report)
{
    for (size_t i = 0; i < report->books; i++)
        account_report_free(report->account_report[i]);
    free(report->account_report);
    expr_free(report->where);
    report->where = NULL;
    report->account_report = NULL;
    report->books = report->capacity = 0;
}
