/* Reports as documents: of one run or account, of a period, of several side by side. */
#ifndef TN_REPORT_SHEET_H
#define TN_REPORT_SHEET_H

#include "show/candles.h"
#include "show/document.h"
#include "show/scale.h"
#include "tn-report/commands.h"
#include "tn-report/part.h"

#define SHEET_SYMBOLS 12 /* symbols whose bars are kept */

/* The bars that came with the records, by symbol. */
struct sheet_bars {
    struct candles candles[SHEET_SYMBOLS];
    char symbol[SHEET_SYMBOLS][SYMBOL_SIZE];
    int symbols;
    bool more; /* there were others */
};

struct sheet {
    struct document *document;
    const struct report *report;
    struct sheet_bars *bars;
    const struct zone *zone;
    double sessions;
    const char *period; /* "month of 2026-03", "" for all of it */
    /* What a block of a page asks for; NULL elsewhere. */
    const char *symbol;      /* only this one's candles, or this one as the benchmark */
    const bool *kept_orders; /* by order of the book */
};

/* A callback of report_options. */
int sheet_bars_take(void *context, const struct record *record, struct error *error);
void sheet_bars_clear(struct sheet_bars *bars);

/* The whole report of one part. */
int sheet_strategy(const struct sheet *sheet, const struct part *part, struct error *error);
struct page;
/* The blocks of a file, for each part. */
int sheet_page(const struct sheet *sheet, const struct page *page, const struct part *part, size_t parts,
               struct error *error);
/* Parts side by side. */
int sheet_compare(const struct sheet *sheet, const struct part *part, size_t parts, struct error *error);

/* The cards, one function each; sheet_*.c. They add nothing where there is nothing to show. */
int card_verdict(const struct sheet *sheet, const struct part *part, struct error *error);
int card_goals(const struct sheet *sheet, const struct part *part, struct error *error);
int card_equity(const struct sheet *sheet, const struct part *part, size_t parts, struct error *error);
int card_drawdowns(const struct sheet *sheet, const struct part *part, struct error *error);
int card_months(const struct sheet *sheet, const struct part *part, struct error *error);
int card_rolling(const struct sheet *sheet, const struct part *part, struct error *error);
int card_distribution(const struct sheet *sheet, const struct part *part, struct error *error);
int card_groups(const struct sheet *sheet, const struct part *part, struct error *error);
int card_allocation(const struct sheet *sheet, const struct part *part, struct error *error);
int card_costs(const struct sheet *sheet, const struct part *part, struct error *error);
int card_calendar(const struct sheet *sheet, const struct part *part, struct error *error);
int card_candles(const struct sheet *sheet, const struct part *part, struct error *error);
int card_trades(const struct sheet *sheet, const struct part *part, struct error *error);
int card_positions(const struct sheet *sheet, const struct part *part, struct error *error);
/* The table of what is held at the end of the records, or that nothing is. */
int table_held(struct document *document, const struct account_report *account_report, const char *caption,
               struct error *error);
int card_orders(const struct sheet *sheet, const struct part *part, struct error *error);
int card_paired(const struct sheet *sheet, const struct part *part, size_t parts, struct error *error);
int card_metrics(const struct sheet *sheet, const struct part *part, size_t parts, struct error *error);
int card_assumptions(const struct sheet *sheet, const struct part *part, size_t parts, struct error *error);

/* Money as "+1 234.50". */
void money_text(char text[static TICK_TEXT_MAX], double value, bool sign);
void percent_text(char text[static TICK_TEXT_MAX], double fraction, bool sign);

#endif
