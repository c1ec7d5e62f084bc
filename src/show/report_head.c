/* What stands above every report: whose it is, and the assumptions in groups, once where all runs share them. */
#include "show/flat.h"
#include "show/report.h"

#include "base/num.h"
#include "base/time.h"

#include <stdlib.h>
#include <string.h>

#define TEXT_MAXIMUM ((size_t)1 << 24)
#define HASH_SHOWN   12
#define TITLE_WIDTH  9 /* of a group's name, with the space after it */

const char *account_report_mode(const struct account_report *account_report)
{
    static const char *const words[] = {"MODE NOT STATED", "BACKTEST", "PAPER", "LIVE"};
    return words[account_report->mode];
}

/* Which group an assumption belongs to and how it is said; what is not listed is "other", by its name. */
enum group { GROUP_INPUT, GROUP_FILLS, GROUP_COSTS, GROUP_SIZING, GROUP_OTHER, GROUPS };

static const char *const titles[GROUPS] = {"input", "fills", "costs", "sizing", "other"};

enum saying { SAY_NAMED, SAY_VALUE, SAY_PERCENT, SAY_MONEY, SAY_FLAG, SAY_NOT };

static const struct phrase {
    const char *key;
    enum group group;
    enum saying saying;
    const char *before, *after;
} phrases[] = {
    {"fill_model", GROUP_FILLS, SAY_VALUE, "", ""},
    {"fills", GROUP_FILLS, SAY_VALUE, "", ""},
    {"fill_seed", GROUP_FILLS, SAY_VALUE, "seed ", ""},
    {"anomalies", GROUP_INPUT, SAY_VALUE, "prices jump without a known split: ", ""},
    {"stopped", GROUP_INPUT, SAY_VALUE, "positions without bars since: ", ""},
    {"stopped_value", GROUP_INPUT, SAY_VALUE, "valued at ", ""},
    {"equity_without", GROUP_INPUT, SAY_VALUE, "equity if they are worthless ", ""},
    {"calendar", GROUP_INPUT, SAY_VALUE, "calendar ", ""},
    {"prices", GROUP_INPUT, SAY_VALUE, "", " prices"},
    {"cash", GROUP_SIZING, SAY_VALUE, "cash ", ""},
    {"currency", GROUP_SIZING, SAY_NOT, "", ""}, /* stands behind the dates */
    {"commission_per_share", GROUP_COSTS, SAY_VALUE, "commission ", " per share"},
    {"commission_percent", GROUP_COSTS, SAY_PERCENT, "commission ", ""},
    {"commission_minimum", GROUP_COSTS, SAY_VALUE, "at least ", " per order"},
    {"fees", GROUP_COSTS, SAY_VALUE, "fees of ", ""},
    {"fee_level", GROUP_COSTS, SAY_VALUE, "level ", ""},
    {"fees_read", GROUP_COSTS, SAY_VALUE, "as read on ", ""},
    {"fees_text", GROUP_COSTS, SAY_NOT, "", ""},
    {"slippage_ticks", GROUP_COSTS, SAY_VALUE, "slippage ", " ticks"},
    {"slippage_bps", GROUP_COSTS, SAY_VALUE, "slippage ", " bp"},
    {"carry", GROUP_COSTS, SAY_VALUE, "holding by ", ""},
    {"carry_text", GROUP_COSTS, SAY_NOT, "", ""},
    {"margin_rate", GROUP_COSTS, SAY_PERCENT, "", " a year on debit balances"},
    {"cash_rate", GROUP_COSTS, SAY_PERCENT, "", " a year on idle cash"},
    {"borrow_rate", GROUP_COSTS, SAY_PERCENT, "", " a year on short positions"},
    {"margin_interest", GROUP_COSTS, SAY_VALUE, "margin interest ", ""},
    {"credit_interest", GROUP_COSTS, SAY_VALUE, "credit interest ", ""},
    {"borrow", GROUP_COSTS, SAY_VALUE, "borrow fees ", ""},
    {"uncharged", GROUP_COSTS, SAY_VALUE, "", ""},
    {"net_at_5bp", GROUP_COSTS, SAY_MONEY, "all are 0: net at 5 bp per side ", ""},
    {"account_type", GROUP_SIZING, SAY_VALUE, "account of ", ""},
    {"initial_margin", GROUP_SIZING, SAY_PERCENT, "", " of a purchase your own money"},
    {"margin_calls", GROUP_SIZING, SAY_VALUE, "margin calls at ", " points"},
    {"liquidated", GROUP_SIZING, SAY_VALUE, "", " positions closed by them"},
    {"sizing", GROUP_SIZING, SAY_VALUE, "", ""},
    {"sizing_share", GROUP_SIZING, SAY_PERCENT, "", " of equity per entry"},
    {"sizing_value", GROUP_SIZING, SAY_VALUE, "", " per entry"},
    {"max_position", GROUP_SIZING, SAY_PERCENT, "at most ", " per symbol"},
    {"max_positions", GROUP_SIZING, SAY_VALUE, "", " positions at most"},
    {"daily_loss", GROUP_SIZING, SAY_PERCENT, "daily loss ", ""},
    {"long_only", GROUP_SIZING, SAY_FLAG, "long only", "short too"},
    {"fractional", GROUP_SIZING, SAY_FLAG, "fractional shares", "whole shares"},
    {"first", GROUP_INPUT, SAY_NOT, "", ""},
    {"last", GROUP_INPUT, SAY_NOT, "", ""},
    {"bars", GROUP_INPUT, SAY_VALUE, "", " bars"},
    {"actions", GROUP_INPUT, SAY_VALUE, "", " actions"},
    {"orders", GROUP_OTHER, SAY_VALUE, "", " orders"},
    {"refusals", GROUP_OTHER, SAY_VALUE, "", " refusals"},
};

struct listing {
    struct buf text[GROUPS];
    bool has_costs; /* some field of them; none of them above 0: "none" */
};

static const struct phrase *phrase_of(struct str name)
{
    for (size_t i = 0; i < sizeof phrases / sizeof *phrases; i++)
        if (str_is(name, phrases[i].key))
            return &phrases[i];
    return NULL;
}

static void part(struct buf *out)
{
    buf_add_text(out, out->n > 0 ? ", " : "");
}

/* "long_only" as "long only". */
static void name_add(struct buf *out, struct str name)
{
    for (size_t i = 0; i < name.n; i++)
        buf_add_char(out, name.p[i] == '_' ? ' ' : name.p[i]);
}

static void percent_add(struct buf *out, struct str value)
{
    dec fraction, percent;
    struct error error;
    error_clear(&error);
    char text[DEC_TEXT_MAX];
    if (dec_parse(&fraction, value.p, value.n, &error) != 0 ||
        dec_multiply(&percent, fraction, 100 * DEC_ONE, ROUND_HALF_EVEN) != 0)
        buf_add_str(out, value);
    else {
        buf_add(out, text, dec_format(text, percent));
        buf_add_text(out, " %");
    }
}

/* An estimate, a floating point number in the record: no more digits than money has. */
static void money_add(struct buf *out, struct str value)
{
    double amount;
    struct error error;
    error_clear(&error);
    if (num_parse(&amount, value.p, value.n, &error) == 0)
        buf_printf(out, "%.2f", amount);
    else
        buf_add_str(out, value);
}

static void list_field(void *context, struct str name, struct str value)
{
    struct listing *listing = context;
    const struct phrase *phrase = phrase_of(name);
    struct buf *out = &listing->text[phrase == NULL ? GROUP_OTHER : phrase->group];
    if (phrase == NULL) {
        part(out);
        name_add(out, name);
        buf_add_char(out, ' ');
        buf_add_str(out, value);
        return;
    }
    if (phrase->saying == SAY_NOT)
        return;
    if (phrase->group == GROUP_COSTS) {
        listing->has_costs = true;
        if (str_is(value, "0"))
            return;
    }
    part(out);
    if (phrase->saying == SAY_FLAG) {
        buf_add_text(out, str_is(value, "true") ? phrase->before : phrase->after);
        return;
    }
    buf_add_text(out, phrase->before);
    if (phrase->saying == SAY_PERCENT)
        percent_add(out, value);
    else if (phrase->saying == SAY_MONEY)
        money_add(out, value);
    else
        buf_add_str(out, value);
    buf_add_text(out, phrase->after);
}

static void listing_init(struct listing *listing, const struct account_report *account_report)
{
    *listing = (struct listing){.has_costs = false};
    for (int g = 0; g < GROUPS; g++)
        buf_init(&listing->text[g], TEXT_MAXIMUM);
    if (account_report->result_record == NULL)
        return;
    const struct result *result = &account_report->result;
    struct buf *input = &listing->text[GROUP_INPUT];
    if (result->input.n > 0) {
        buf_add_str(input, (struct str){result->input.p, result->input.n < HASH_SHOWN ? result->input.n : HASH_SHOWN});
    }
    flat_each(result->assumptions, list_field, listing);
    if (listing->has_costs && listing->text[GROUP_COSTS].n == 0)
        buf_add_text(&listing->text[GROUP_COSTS], "none");
    const struct field *seed = record_field(account_report->result_record, "seed");
    if (seed != NULL && seed->kind == VALUE_NUMBER) {
        part(input);
        buf_printf(input, "seed %lld", (long long)result->seed);
    }
    if (result->version[0] != '\0') {
        part(input);
        buf_printf(input, "version %s", result->version);
    }
}

static void listing_clear(struct listing *listing)
{
    for (int g = 0; g < GROUPS; g++)
        buf_clear(&listing->text[g]);
}

static bool same(const struct listing *a, const struct listing *b, int group)
{
    const struct buf *x = &a->text[group], *y = &b->text[group];
    return x->n == y->n && (x->n == 0 || memcmp(x->p, y->p, x->n) == 0);
}

/* "  sizing   risk, 1 % of equity …", wrapped to the width with the text under itself. */
static void group_add(int group, struct str text, const struct style *style, struct buf *out)
{
    if (text.n == 0)
        return;
    buf_printf(out, "  %-*s", TITLE_WIDTH, titles[group]);
    style_wrap(out, text, 2 + TITLE_WIDTH, 2 + TITLE_WIDTH, style);
    buf_add_char(out, '\n');
}

/* "BACKTEST momentum, 2024-01-02 to 2024-12-31, USD, run …": many strategies take more than one line. */
static void owner_add(const struct account_report *account_report, const struct style *style, struct buf *out)
{
    struct buf rest;
    buf_init(&rest, 4096);
    buf_add_text(&rest, account_report->name);
    if (account_report->first != TIME_NONE) {
        buf_add_text(&rest, ", ");
        style_add_day(&rest, account_report->first, style->zone);
        buf_add_text(&rest, " to ");
        style_add_day(&rest, account_report->last, style->zone);
    }
    if (account_report->currency[0] != '\0')
        buf_printf(&rest, ", %s", account_report->currency);
    if (account_report->result_record != NULL && account_report->result.run[0] != '\0')
        buf_printf(&rest, ", run %s", account_report->result.run);
    const char *mode = account_report_mode(account_report);
    buf_printf(out, "%s%s%s ", style->color ? "\033[1m" : "", mode, style->color ? "\033[0m" : "");
    style_wrap(out, buf_str(&rest), (int)strlen(mode) + 1, 2, style);
    buf_add_char(out, '\n');
    out->failed |= rest.failed;
    buf_clear(&rest);
}

/* Runs that have results share a group when it reads the same in all of them: it stands once, below them. */
static void groups_shared(const struct report *report, const struct listing *listing, bool shared[static GROUPS])
{
    for (int g = 0; g < GROUPS; g++) {
        const struct listing *first = NULL;
        shared[g] = true;
        for (size_t i = 0; i < report->books; i++) {
            if (report->account_report[i]->result_record == NULL)
                continue;
            shared[g] = shared[g] && (first == NULL || same(first, &listing[i], g));
            first = first == NULL ? &listing[i] : first;
        }
    }
}

static int books_add(const struct report *report, const struct style *style, struct buf *out)
{
    struct listing *listing = calloc(report->books + 1, sizeof *listing);
    if (listing == NULL)
        return -1;
    bool shared[GROUPS], failed = false;
    for (size_t i = 0; i < report->books; i++)
        listing_init(&listing[i], report->account_report[i]);
    groups_shared(report, listing, shared);
    for (size_t i = 0; i < report->books; i++) {
        owner_add(report->account_report[i], style, out);
        for (int g = 0; g < GROUPS; g++)
            if (!shared[g])
                group_add(g, buf_str(&listing[i].text[g]), style, out);
    }
    for (size_t i = 0; i < report->books; i++) {
        if (report->account_report[i]->result_record == NULL)
            continue;
        for (int g = 0; g < GROUPS; g++)
            if (shared[g])
                group_add(g, buf_str(&listing[i].text[g]), style, out);
        break;
    }
    for (size_t i = 0; i < report->books; i++) {
        for (int g = 0; g < GROUPS; g++)
            failed |= listing[i].text[g].failed;
        listing_clear(&listing[i]);
    }
    free(listing);
    return failed ? -1 : 0;
}

int report_terms(const struct report *report, struct buf *out, struct error *error)
{
    static const enum group order[] = {GROUP_FILLS, GROUP_COSTS, GROUP_INPUT};
    struct listing *listing = calloc(report->books + 1, sizeof *listing);
    if (listing == NULL)
        return error_memory(error);
    bool shared[GROUPS];
    for (size_t i = 0; i < report->books; i++)
        listing_init(&listing[i], report->account_report[i]);
    groups_shared(report, listing, shared);
    size_t of = 0; /* the first of a run */
    while (of < report->books && report->account_report[of]->result_record == NULL)
        of++;
    for (size_t i = 0; i < sizeof order / sizeof *order && of < report->books; i++) {
        const struct buf *text = &listing[of].text[order[i]];
        struct str said = buf_str(text);
        const char *comma = order[i] == GROUP_FILLS && said.n > 0 ? memchr(said.p, ',', said.n) : NULL;
        if (comma != NULL) /* the model's name alone */
            said.n = (size_t)(comma - said.p);
        if (shared[order[i]] && said.n > 0)
            buf_printf(out, "; %s " STR_FMT, titles[order[i]], STR_ARG(said));
        out->failed |= text->failed;
    }
    for (size_t i = 0; i < report->books; i++)
        listing_clear(&listing[i]);
    free(listing);
    return 0;
}

void report_head(const struct report *report, const struct style *style, struct buf *out)
{
    if (books_add(report, style, out) != 0)
        out->failed = true;
    if (report->books == 0)
        buf_add_text(out, "no orders, fills, equity points or results\n");
    buf_add_text(out, "from ");
    style_add(out, str_of(report->source), style);
    buf_printf(out, ", times of %s\n\n", style->zone == NULL ? "UTC" : zone_name(style->zone));
}
