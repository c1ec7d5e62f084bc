/* The answers of the bot. */
#include "tn-notify/answer.h"

#include "base/file.h"
#include "base/spawn.h"
#include "base/time.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PATIENCE   (60 * TIME_SECOND)
#define OUTPUT_MAX (1u << 20)
#define BARS       "120"

/* tn-NAME stands beside us. */
static const char *beside(const char *name, char path[static PATH_MAX])
{
    const ssize_t n = readlink("/proc/self/exe", path, PATH_MAX - 32);
    if (n > 0) {
        path[n] = '\0';
        char *slash = strrchr(path, '/');
        (void)snprintf(slash == NULL ? path : slash + 1, 31, "%s", name);
        if (access(path, X_OK) == 0)
            return path;
    }
    return name;
}

/* What a program writes, and what it says where it fails (its exit code is above `fine`). */
static int run(struct buf *out, const char *const *argv, struct str input, int fine)
{
    struct buf errors;
    struct error error;
    char path[PATH_MAX];
    const char *words[16] = {beside(argv[0], path)};
    int status = 0;
    for (size_t i = 1; i < sizeof words / sizeof *words - 1 && argv[i] != NULL; i++)
        words[i] = argv[i];
    error_clear(&error);
    buf_init(&errors, OUTPUT_MAX);
    const size_t before = out->n;
    int result = spawn_run(words, input, PATIENCE, out, &errors, &status, &error);
    if (result != 0)
        buf_printf(out, "%s\n", error.text);
    else if (status > fine || out->n == before) {
        buf_add_str(out, errors.n == 0 ? STR("") : buf_str(&errors));
        result = status > fine ? -1 : 0;
    }
    buf_clear(&errors);
    return result;
}

/* Lines of tn health -O tsv whose check is one of `checks` (NULL: that are not ok): "fail stops paper: …". */
static void add_health(struct buf *out, const char *checks)
{
    static const char *const argv[] = {"tn", "health", "-q", "-O", "tsv", NULL};
    struct buf table;
    size_t lines = 0;
    buf_init(&table, OUTPUT_MAX);
    if (run(&table, argv, STR(""), 1) != 0) {
        buf_add_str(out, table.n == 0 ? STR("") : buf_str(&table));
        buf_clear(&table);
        return;
    }
    buf_add_char(&table, '\0');
    char *rest = table.failed ? NULL : table.p, *line;
    (void)strsep(&rest, "\n"); /* the names of the columns */
    while ((line = strsep(&rest, "\n")) != NULL) {
        char *column[5] = {NULL};
        for (int i = 0; i < 5 && line != NULL; i++)
            column[i] = strsep(&line, "\t");
        if (column[4] == NULL || (checks == NULL ? strcmp(column[1], "ok") == 0 : !bot_lists(checks, column[2])))
            continue;
        buf_printf(out, "%s %s%s%s: %s\n", column[1], column[2], column[3][0] == '\0' ? "" : " ", column[3], column[4]);
        lines++;
    }
    if (lines == 0)
        buf_add_text(out, checks == NULL ? "health: all is well\n" : "nothing is held to a limit yet\n");
    buf_clear(&table);
}

static void add_figures(struct buf *out, const char *account)
{
    static const char *const names[] = {"net_profit", "return", "max_drawdown", "trades", "win_rate", "costs"};
    const char *const argv[] = {"tn-report", "summary", "-j", "-a", account, "-O", "tsv", NULL};
    struct buf table;
    buf_init(&table, OUTPUT_MAX);
    if (run(&table, argv, STR(""), 0) != 0) {
        buf_add_str(out, table.n == 0 ? STR("") : buf_str(&table));
        buf_clear(&table);
        return;
    }
    buf_add_char(&table, '\0');
    char *rest = table.failed ? NULL : table.p, *line;
    while ((line = strsep(&rest, "\n")) != NULL) {
        char *column[6] = {NULL}, *end;
        for (int i = 0; i < 6 && line != NULL; i++)
            column[i] = strsep(&line, "\t");
        for (size_t i = 0; column[5] != NULL && column[4][0] != '\0' && i < sizeof names / sizeof *names; i++) {
            if (strcmp(column[3], names[i]) != 0)
                continue;
            const double value = strtod(column[4], &end);
            if (strcmp(column[5], "fraction") == 0)
                buf_printf(out, "%-13s %.2f %%\n", column[3], 100 * value);
            else
                buf_printf(out, "%-13s %s\n", column[3], column[4]);
        }
    }
    buf_clear(&table);
}

/* The bars of the schedule's source, drawn; text where there is no gnuplot. */
static void make_chart(struct answer *answer, const char *symbol, const struct config *config)
{
    const char *source = config_text(config, "schedule", "", "source", NULL);
    struct buf bars;
    struct error error;
    char path[] = "/tmp/tn-bot.XXXXXX.png";
    error_clear(&error);
    if (source == NULL) {
        buf_add_text(&answer->text, "no source of bars: schedule { source = … } in the configuration\n");
        return;
    }
    const char *const ask[] = {"tn-quote", "bars", "-s", source, "-i", "1d", "-n", BARS, "--", symbol, NULL};
    buf_init(&bars, 4u << 20);
    const int fd = mkstemps(path, 4);
    if (fd < 0 || run(&bars, ask, STR(""), 0) != 0) {
        buf_add_str(&answer->text, fd < 0 ? STR("no temporary file can be made\n") : buf_str(&bars));
    } else {
        const char *const draw[] = {"tn-report", "chart", "-q", "-o", path, "--with", "sma:20", "--", symbol, NULL};
        const char *const text[] = {"tn-report", "chart", "-q", "-O", "table", "--", symbol, NULL};
        struct buf said;
        buf_init(&said, OUTPUT_MAX);
        if (run(&said, draw, buf_str(&bars), 0) != 0 || file_read(path, &answer->picture, &error) != 0 ||
            answer->picture.n == 0) {
            buf_reset(&answer->picture);
            (void)run(&answer->text, text, buf_str(&bars), 0);
        }
        buf_clear(&said);
    }
    if (fd >= 0) {
        (void)close(fd);
        (void)unlink(path);
    }
    buf_clear(&bars);
}

void answer_make(struct answer *answer, const struct bot_command *command, const struct config *config,
                 const char *account)
{
    const char *const desk[] = {"tn-report", "desk", "-j", "-a", account, NULL};
    const char *const positions[] = {"tn-order", "positions", "-a", account, "-O", "table", NULL};
    const char *const worth[] = {"tn-order", "account", "-a", account, "-O", "table", NULL};
    const char *const why[] = {"tn-journal", "why", "-O", "table", "--", command->symbol, NULL};
    switch (command->verb) {
    case BOT_STATUS:
        (void)run(&answer->text, desk, STR(""), 1);
        buf_add_char(&answer->text, '\n');
        add_health(&answer->text, NULL);
        break;
    case BOT_POSITIONS:
        (void)run(&answer->text, positions, STR(""), 1);
        if (answer->text.n == 0)
            buf_add_text(&answer->text, "nothing is held\n");
        break;
    case BOT_PNL:
        (void)run(&answer->text, worth, STR(""), 1);
        add_figures(&answer->text, account);
        break;
    case BOT_RISK:
        add_health(&answer->text, "limit stops halt");
        break;
    case BOT_WHY:
        (void)run(&answer->text, why, STR(""), 1);
        break;
    case BOT_CHART:
        make_chart(answer, command->symbol, config);
        break;
    default:
        buf_add_text(&answer->text, "status  positions  pnl  risk  why SYMBOL  chart SYMBOL\n"
                                    "halt CODE [reason]: no entries any more; only tn-order resume,\n"
                                    "at the desk, ends it\n");
    }
}

void answer_halt(struct answer *answer, const struct bot_command *command, const char *account, const char *who)
{
    char reason[256];
    struct buf said;
    (void)snprintf(reason, sizeof reason, "--reason=%s%s%s", who, command->reason[0] == '\0' ? "" : ": ",
                   command->reason);
    const char *const argv[] = {"tn-order", "halt", "-a", account, reason, NULL};
    buf_init(&said, OUTPUT_MAX);
    const bool halted = run(&said, argv, STR(""), 0) == 0;
    buf_printf(&answer->text, halted ? "%s is halted\n" : "%s IS NOT HALTED\n", account);
    buf_add_str(&answer->text, said.n == 0 ? STR("") : buf_str(&said));
    buf_clear(&said);
}
