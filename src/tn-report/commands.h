/* The commands of tn-report, and what they share. */
#ifndef TN_REPORT_COMMANDS_H
#define TN_REPORT_COMMANDS_H

#include "base/command.h"
#include "exchange/exchange.h"
#include "show/report.h"
#include "show/table.h"

enum exit_code report_summary(struct invocation *invocation, struct error *error);
enum exit_code report_sweep(struct invocation *invocation, struct error *error);
enum exit_code report_diff(struct invocation *invocation, struct error *error);
enum exit_code report_trades(struct invocation *invocation, struct error *error);
enum exit_code report_positions(struct invocation *invocation, struct error *error);
enum exit_code report_orders(struct invocation *invocation, struct error *error);
enum exit_code report_equity(struct invocation *invocation, struct error *error);
enum exit_code report_plan(struct invocation *invocation, struct error *error);
enum exit_code report_chart(struct invocation *invocation, struct error *error);
enum exit_code report_strategy(struct invocation *invocation, struct error *error);
enum exit_code report_compare(struct invocation *invocation, struct error *error);
enum exit_code report_day(struct invocation *invocation, struct error *error);
enum exit_code report_week(struct invocation *invocation, struct error *error);
enum exit_code report_month(struct invocation *invocation, struct error *error);
enum exit_code report_page(struct invocation *invocation, struct error *error);
enum exit_code report_desk(struct invocation *invocation, struct error *error);
enum exit_code report_scan(struct invocation *invocation, struct error *error);
enum exit_code report_sources(struct invocation *invocation, struct error *error);
enum exit_code report_goals(struct invocation *invocation, struct error *error);
enum exit_code report_service(struct invocation *invocation, struct error *error);
enum exit_code report_levels(struct invocation *invocation, struct error *error);
enum exit_code report_year(struct invocation *invocation, struct error *error);

/* --file --journal --account --where --strict, and --out of the charts. */
extern const struct option_spec source_options[], lots_option[], out_option[], scale_options[], sweep_options[];
extern const struct option_spec diff_options[];
/* --out and --date of the reports. */
extern const struct option_spec document_options[], date_options[], levels_options[], sources_options[],
    service_options[];
/* What --log and --linear say. */
enum chart_scale scale_of(const struct invocation *invocation);

/* What one command reads and how it shows it. */
struct view {
    struct exchange *exchange; /* the accounts' calendars that were asked for */
    size_t exchanges, exchange_capacity;
    char **files; /* NULL-terminated; the texts are argv's */
    bool records; /* read files or standard input */
    bool journal; /* read the journal */
    struct report_options options;
    struct report report;
    struct style style;
    bool zone_chosen;    /* by --tz, the configuration or a pair; else the records may choose one */
    struct table *table; /* NULL until made */
    struct buf note;     /* what a command says below its table, to people */
};

/* Style from options and configuration, source from options: files, standard input, or the journal when asked for or
 * when there is a terminal instead of input. `files`: operands that are files, NULL-terminated. `symbol` (may be
 * NULL) says whose exchange's zone is the default. Nothing is read yet. view_close also after a failure. */
int view_open(struct view *view, const struct invocation *invocation, char *const *files, const char *symbol,
              struct error *error);
void view_close(struct view *view);
/* Reads all of it and finishes the report. */
int view_read(struct view *view, struct error *error);
/* The same into a report that has begun. */
int view_read_more(struct view *view, struct error *error);
/* Times are of this zone from now on. */
int view_use_zone(struct view *view, const char *name, struct error *error);
struct candles;
/* Bars of days say their date. Where the default zone would show another one, they are of a market elsewhere: times are
 * of the zone of a calendar that shows it, if there is one. */
int view_use_zone_of_bars(struct view *view, const struct candles *candles, struct error *error);
int view_read_journal(struct report *report, struct error *error);
/* trials.c: what the trial ledger says of each result. */
int trials_add_notes(const struct report *report, const struct style *style, struct buf *note, struct error *error);
/* A command that is one table. */
struct view_plan {
    const char *type; /* of the JSON lines */
    const struct column *columns;
    int count;
    const char *empty;              /* said to people instead of a table without rows */
    const struct view_plan *people; /* another one for tables, NULL: this one */
    int (*add)(struct view *view, const struct account_report *account_report, struct error *error);
};

/* Reads, makes the table, lets `add` put every book into it, shows it. */
enum exit_code view_table(const struct invocation *invocation, const struct view_plan *plan, struct error *error);
/* The first two cells of a line: mode (PAPER for people, paper for programs) and account. People are spared both where
 * the head says it all: one book, and not a live one. */
void view_owner(const struct view *view, const struct account_report *account_report);

#endif
