/* tn-report goals, and the card of the same: what the configuration wants of an account beside what it does. */
#include "tn-report/sheet.h"

#include "base/config.h"
#include "stat/goals.h"

#include <math.h>
#include <stdio.h>

static const char *const figures[GOALS] = {"cagr", "sharpe", "max_drawdown", "win_rate", "costs"};

static double figure_named(const struct account_report *account_report, const char *name)
{
    const ptrdiff_t at = metric_find(name) - metric_table;
    return account_report_figure(account_report, (int)at);
}

/* What the account's section wants; NaN: nothing. */
static bool read_wanted(const struct config *config, const char *account, double wanted[static GOALS])
{
    bool any = false;
    for (int i = 0; i < GOALS; i++) {
        char name[32];
        (void)snprintf(name, sizeof name, "goal_%s", goal_names[i]);
        const dec value = config_decimal(config, "account", account, name);
        wanted[i] = value == DEC_NONE ? NAN : dec_to_double(value);
        any = any || value != DEC_NONE;
    }
    return any;
}

/* How many goals: 0 where none is set. */
static int read_goals(const struct config *config, const struct account_report *account_report,
                      const struct metrics *metrics, double measured[static GOALS], struct goal_view view[static GOALS],
                      struct error *error)
{
    double wanted[GOALS];
    if (!read_wanted(config, account_report->account, wanted))
        return 0;
    measured[GOAL_COSTS] = goal_yearly_costs(metrics, measured[GOAL_COSTS]);
    return goals_judge(wanted, measured, metrics, view, error);
}

static enum tone tone_of(enum goal_state state)
{
    return state == GOAL_MET ? TONE_GOOD : state == GOAL_MISSED ? TONE_BAD : TONE_NONE;
}

static void figure_of(char text[static TICK_TEXT_MAX], const struct goal_view *view, double value)
{
    if (!isfinite(value))
        (void)snprintf(text, TICK_TEXT_MAX, "–");
    else if (goal_is_ratio(view->goal))
        (void)snprintf(text, TICK_TEXT_MAX, "%.2f", value);
    else
        percent_text(text, value, false);
}

int card_goals(const struct sheet *sheet, const struct part *part, struct error *error)
{
    static const struct column columns[] = {{.key = "goal", .kind = COLUMN_TEXT},
                                            {.key = "wanted", .kind = COLUMN_TEXT, .right = true},
                                            {.key = "measured", .kind = COLUMN_TEXT, .right = true},
                                            {.key = "from", .title = "95 % from", .kind = COLUMN_TEXT, .right = true},
                                            {.key = "to", .kind = COLUMN_TEXT, .right = true},
                                            {.key = "state", .title = "", .kind = COLUMN_TEXT}};
    struct goal_view view[GOALS];
    double measured[GOALS];
    struct config *config = config_open(error);
    if (config == NULL)
        return -1;
    for (int i = 0; i < GOALS; i++)
        measured[i] = part_figure_named(part, figures[i]);
    const int count = read_goals(config, part->account_report, &part->metrics, measured, view, error);
    config_free(config);
    if (count <= 0)
        return count;
    if (document_card(sheet->document, "goals", "Goals", false, error) != 0)
        return -1;
    struct table *table = document_table(sheet->document, columns, sizeof columns / sizeof *columns, "", 0, error);
    for (int i = 0; i < count && table != NULL; i++) {
        const double figure[] = {view[i].wanted, view[i].measured, view[i].low, view[i].high};
        table_text(table, goal_titles[view[i].goal]);
        for (size_t k = 0; k < sizeof figure / sizeof *figure; k++) {
            char text[TICK_TEXT_MAX];
            figure_of(text, &view[i], figure[k]);
            table_text(table, text);
        }
        table_text(table, goal_state_text(view[i].state));
        table_tone(table, tone_of(view[i].state));
    }
    return table == NULL ? -1 : 0;
}

static int add_book(struct view *view, const struct account_report *account_report, struct error *error)
{
    const bool people = view->style.format == FORMAT_TABLE;
    struct goal_view goal[GOALS];
    double measured[GOALS];
    struct config *config = config_open(error);
    if (config == NULL)
        return -1;
    for (int i = 0; i < GOALS; i++)
        measured[i] = figure_named(account_report, figures[i]);
    const int count = read_goals(config, account_report, &account_report->metrics, measured, goal, error);
    config_free(config);
    for (int i = 0; i < count; i++) {
        view_owner(view, account_report);
        table_text(view->table, people ? goal_titles[goal[i].goal] : goal_names[goal[i].goal]);
        const double figure[] = {goal[i].wanted, goal[i].measured, goal[i].low, goal[i].high};
        for (size_t k = 0; k < sizeof figure / sizeof *figure; k++) {
            char text[TICK_TEXT_MAX];
            figure_of(text, &goal[i], figure[k]);
            if (people)
                table_text(view->table, text);
            else
                table_double(view->table, figure[k]);
        }
        table_text(view->table, goal_state_text(goal[i].state));
        table_tone(view->table, tone_of(goal[i].state));
    }
    return count < 0 ? -1 : 0;
}

#define OWNER                                                                                                          \
    {.key = "mode", .kind = COLUMN_TEXT, .optional = true}, {.key = "account", .kind = COLUMN_TEXT, .optional = true}, \
    {                                                                                                                  \
        .key = "goal", .kind = COLUMN_TEXT                                                                             \
    }

enum exit_code report_goals(struct invocation *invocation, struct error *error)
{
    static const struct column texts[] = {
        OWNER,
        {.key = "wanted", .kind = COLUMN_TEXT, .right = true},
        {.key = "measured", .kind = COLUMN_TEXT, .right = true},
        {.key = "low", .title = "95 % from", .kind = COLUMN_TEXT, .right = true},
        {.key = "high", .title = "to", .kind = COLUMN_TEXT, .right = true},
        {.key = "state", .title = "", .kind = COLUMN_TEXT},
    };
    static const struct column numbers[] = {
        OWNER,
        {.key = "wanted", .kind = COLUMN_DOUBLE},
        {.key = "measured", .kind = COLUMN_DOUBLE},
        {.key = "low", .kind = COLUMN_DOUBLE},
        {.key = "high", .kind = COLUMN_DOUBLE},
        {.key = "state", .kind = COLUMN_TEXT},
    };
    static const struct view_plan people = {
        .type = "goal",
        .columns = texts,
        .count = sizeof texts / sizeof *texts,
        .empty = "no goal is set: account NAME { goal_return = 10%  goal_drawdown = 15% }, see tn-config(5)\n",
        .add = add_book,
    };
    static const struct view_plan plan = {
        .type = "goal",
        .columns = numbers,
        .count = sizeof numbers / sizeof *numbers,
        .empty = "",
        .people = &people,
        .add = add_book,
    };
    return view_table(invocation, &plan, error);
}
