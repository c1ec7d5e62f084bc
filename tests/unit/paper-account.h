/* A configuration in a folder of its own, and one paper account with its journal: what the tests of accounts share.
 * Bars and orders are of days in March 2024, bars at one price. */
#ifndef TN_TESTS_PAPER_ACCOUNT_H
#define TN_TESTS_PAPER_ACCOUNT_H

#include "money.h"

#include "broker/paper.h"
#include "record/record.h"

#include <ftw.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define TERMS "calendar = always  max_position = 200%  daily_loss = 50%  entry_within = any"

static char home[] = "/tmp/paper-account-XXXXXX";
static struct error error;

static inline void put(const char *name, const char *text)
{
    char path[PATH_MAX];
    (void)snprintf(path, sizeof path, "%s/%s", home, name);
    FILE *file = fopen(path, "w");
    require(file != NULL && fputs(text, file) >= 0 && fclose(file) == 0 && chmod(path, 0600) == 0);
}

static inline struct config *configure(const char *settings)
{
    char text[600];
    (void)snprintf(text, sizeof text, "account paper { %s }\n", settings);
    put("config", text);
    return config_open(&error);
}

static struct config *config;
static struct paper *paper;

static inline struct cash deposit_of(const char *account, const char *id, const char *amount)
{
    struct cash cash;
    record_blank(RECORD_CASH, &cash);
    cash.time = at("2024-03-01T00:00:00Z");
    cash.amount = d(amount);
    cash.kind = CASH_DEPOSIT;
    (void)snprintf(cash.account, sizeof cash.account, "%s", account);
    (void)snprintf(cash.id, sizeof cash.id, "%s", id);
    memcpy(cash.currency, "USD", 4);
    return cash;
}

static inline int tell(void *context, enum record_type type, struct str line, struct error *e)
{
    (void)context, (void)e;
    if (type == RECORD_REFUSAL)
        printf("# " STR_FMT, STR_ARG(line));
    return 0;
}

static inline void open_paper(void)
{
    const struct paper_options options = {.config = config, .account = "paper", .say = tell};
    paper = paper_open(&options, &error);
    if (paper == NULL)
        printf("# %s\n", error.text);
    require(paper != NULL);
}

static inline void take_bar(const char *symbol, const char *day, const char *price)
{
    struct bar bar;
    char text[32];
    record_blank(RECORD_BAR, &bar);
    (void)snprintf(text, sizeof text, "2024-03-%sT00:00:00Z", day);
    bar.time = at(text);
    bar.end = bar.time + TIME_DAY;
    bar.interval = one_day;
    bar.open = bar.high = bar.low = bar.close = d(price);
    bar.volume = 1000000;
    (void)snprintf(bar.symbol, sizeof bar.symbol, "%s", symbol);
    require(paper_bar(paper, &bar, &error) == 0);
}

/* All but one are of a strategy, of which a fill ends the other entries of its symbol. */
static inline int order_at(const char *id, const char *day, const char *symbol, enum role role, const char *limit)
{
    char text[32];
    (void)snprintf(text, sizeof text, "2024-03-%sT00:00:00Z", day);
    struct order order = make_order(id, at(text), symbol, role == ROLE_EXIT ? SIDE_SELL : SIDE_BUY, "10", role);
    memcpy(order.account, "paper", 6);
    if (strcmp(id, "works") == 0)
        memcpy(order.strategy, "w", 2);
    order.time_in_force = TIF_GTC;
    order.reference_price = d("100");
    if (limit != NULL) {
        order.order_type = ORDER_LIMIT;
        order.limit_price = d(limit);
    }
    return paper_submit(paper, &order, TIME_NONE, &error);
}

/* 1000 dollars are 900 of them at 1.10 …: bought at the last rate, half to even, to the cent of each. */
static inline dec read_cash(struct error *dropped, bool *older)
{
    const struct account_options options = {.config = config, .name = "paper"};
    struct account account;
    dec cash = DEC_NONE;
    if (account_open(&account, &options, ACCOUNT_READ, &error) == 0)
        cash = account.ledger->cash;
    *dropped = account.replay.dropped;
    *older = account.replay.start > 0;
    account_close(&account);
    return cash;
}

/* The folder; `path` becomes that of its journal. */
static inline void open_home(char path[static PATH_MAX])
{
    require(mkdtemp(home) != NULL && setenv("TN_HOME", home, 1) == 0);
    (void)snprintf(path, PATH_MAX, "%s/fees", home);
    require(mkdir(path, 0700) == 0);
    (void)snprintf(path, PATH_MAX, "%s/data", home);
    require(mkdir(path, 0700) == 0);
    (void)snprintf(path, PATH_MAX, "%s/data/journal.db", home);
}

static inline int remove_one(const char *path, const struct stat *status, int kind, struct FTW *at)
{
    (void)status, (void)kind, (void)at;
    return remove(path);
}

static inline void remove_home(void)
{
    check(nftw(home, remove_one, 16, FTW_DEPTH | FTW_PHYS) == 0, "all files go");
}

#endif
