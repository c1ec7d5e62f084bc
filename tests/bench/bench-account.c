/* Makes a long journal for account.sh: `bench-account JOURNAL EVENTS`, two accounts that trade in turn, as tn-order
 * would have written it, with its checkpoints. */
#include "base/num.h"
#include "journal/replay.h"

#include <stdio.h>
#include <stdlib.h>

enum { SYMBOLS = 20, BATCH = 2000 };

static struct error error;
static int64_t written;

static void stop(const char *what)
{
    fprintf(stderr, "bench-account: %s: %s\n", what, error.text);
    exit(1);
}

static void put(struct replay *replay, enum record_type type, const void *value)
{
    struct str line;
    if (journal_put_line(replay->journal, MODE_PAPER, type, value, &line, &error) != 1 ||
        ledger_apply(&replay->ledger, type, value, &error) != 0)
        stop(record_type_text(type));
    replay_count(replay, line.n);
    written++;
}

static void put_order(struct replay *replay, int64_t n, int64_t time, const char *symbol)
{
    const char *const account = replay->ledger.terms.account;
    const int slot = ledger_find_slot(&replay->ledger, symbol);
    const struct holding *holding = ledger_holding(&replay->ledger, "s", slot);
    const bool sells = holding != NULL && holding->quantity > 0;
    struct order order;
    struct order_update update;
    struct fill fill;
    record_blank(RECORD_ORDER, &order);
    record_blank(RECORD_ORDER_UPDATE, &update);
    record_blank(RECORD_FILL, &fill);
    order.time = update.time = fill.time = time;
    order.side = fill.side = sells ? SIDE_SELL : SIDE_BUY;
    order.quantity = fill.quantity = 10 * DEC_ONE;
    order.order_type = ORDER_MARKET;
    order.role = fill.role = sells ? ROLE_EXIT : ROLE_ENTRY;
    order.mode = update.mode = fill.mode = MODE_PAPER;
    fill.price = 100 * DEC_ONE;
    (void)snprintf(order.symbol, sizeof order.symbol, "%s", symbol);
    (void)snprintf(update.symbol, sizeof update.symbol, "%s", symbol);
    (void)snprintf(fill.symbol, sizeof fill.symbol, "%s", symbol);
    (void)snprintf(order.account, sizeof order.account, "%s", account);
    (void)snprintf(update.account, sizeof update.account, "%s", account);
    (void)snprintf(fill.account, sizeof fill.account, "%s", account);
    (void)snprintf(order.strategy, sizeof order.strategy, "s");
    (void)snprintf(fill.strategy, sizeof fill.strategy, "s");
    (void)snprintf(order.id, sizeof order.id, "o%lld-%s", (long long)n, account);
    (void)snprintf(update.order_id, sizeof update.order_id, "%s", order.id);
    (void)snprintf(fill.order_id, sizeof fill.order_id, "%s", order.id);
    (void)snprintf(fill.id, sizeof fill.id, "%.60s.1", order.id);
    put(replay, RECORD_ORDER, &order);
    update.status = STATUS_ACCEPTED;
    put(replay, RECORD_ORDER_UPDATE, &update);
    put(replay, RECORD_FILL, &fill);
    update.status = STATUS_FILLED;
    update.filled_quantity = order.quantity;
    put(replay, RECORD_ORDER_UPDATE, &update);
}

/* One minute of an account: the bars of what it holds, now and then an order, an equity point. */
static void put_moment(struct replay *replay, int64_t n, int64_t time)
{
    const char *const account = replay->ledger.terms.account;
    char symbol[SYMBOL_SIZE];
    if (n % 10 == 0) {
        (void)snprintf(symbol, sizeof symbol, "S%lld", (long long)(n / 10 % SYMBOLS));
        put_order(replay, n, time, symbol);
    }
    for (int i = 0; i < 4; i++) {
        struct mark mark = {.time = time, .interval = {INTERVAL_MINUTE, 1}, .bar = time - TIME_MINUTE};
        mark.price = 100 * DEC_ONE + (n + i) % 7 * (DEC_ONE / 100);
        (void)snprintf(mark.account, sizeof mark.account, "%s", account);
        (void)snprintf(mark.symbol, sizeof mark.symbol, "S%d", i);
        put(replay, RECORD_MARK, &mark);
    }
    struct equity equity;
    record_blank(RECORD_EQUITY, &equity);
    equity.time = time;
    equity.mode = MODE_PAPER;
    (void)snprintf(equity.account, sizeof equity.account, "%s", account);
    if (ledger_equity(&replay->ledger, &equity.equity, &error) != 0)
        stop("equity");
    equity.cash = replay->ledger.cash;
    put(replay, RECORD_EQUITY, &equity);
}

static void open_account(struct replay *replay, struct journal *journal, const char *account, const struct zone *zone)
{
    struct ledger_terms terms = {.currency = "USD",
                                 .mode = MODE_PAPER,
                                 .settlement_unit = DEC_ONE / 100,
                                 .zone = zone,
                                 .day_rolls = 17 * TIME_HOUR};
    struct cash cash;
    record_blank(RECORD_CASH, &cash);
    cash.time = 0;
    cash.amount = 100000 * DEC_ONE;
    cash.kind = CASH_DEPOSIT;
    memcpy(cash.currency, "USD", 4);
    (void)snprintf(terms.account, sizeof terms.account, "%s", account);
    (void)snprintf(cash.account, sizeof cash.account, "%s", account);
    (void)snprintf(cash.id, sizeof cash.id, "open-%.50s", account);
    if (replay_open(replay, journal, account, &terms, &error) != 0)
        stop("open");
    put(replay, RECORD_CASH, &cash);
}

int main(int argc, char **argv)
{
    int64_t events = 0;
    struct replay replay[2];
    if (argc == 1) /* make bench runs account.sh, which asks for a journal */
        return 0;
    if (argc != 3 || num_parse_int(&events, argv[2], 1, INT64_C(100000000), &error) != 0)
        return 2;
    struct journal *journal = journal_open(argv[1], JOURNAL_CREATE, &error);
    struct zone *zone = zone_open("America/New_York", &error);
    if (journal == NULL || zone == NULL || journal_begin(journal, &error) != 0)
        stop("cannot open");
    open_account(&replay[0], journal, "paper", zone);
    open_account(&replay[1], journal, "second", zone);
    int64_t time = INT64_C(1577975400) * TIME_SECOND, batch = 0; /* 2020-01-02, 14:30 UTC */
    for (int64_t n = 0; written < events; n++, time += TIME_MINUTE) {
        put_moment(&replay[n % 2], n / 2, time);
        if (written / BATCH == batch)
            continue;
        batch = written / BATCH;
        if (replay_checkpoint(&replay[0], &error) != 0 || replay_checkpoint(&replay[1], &error) != 0 ||
            journal_commit(journal, &error) != 0 || journal_begin(journal, &error) != 0)
            stop("commit");
    }
    if (journal_commit(journal, &error) != 0)
        stop("commit");
    replay_close(&replay[0]);
    replay_close(&replay[1]);
    zone_free(zone);
    journal_close(journal);
    return 0;
}
