/* A paper account traded in one go, stopped and started again at every line, committed at random, and killed at random:
 * the same is told, and the events make the same account, to the byte. Bars of days span the roll of the trading day,
 * bars of hours of another symbol ask within them, and losses come to the daily limit. One symbol trades in euros,
 * money is changed; orders have scale-outs, trails and break-even, wait for others, are replaced and cancelled, and in
 * every second world fill in parts. Lists of marks, too. */
#include "money.h"

#include "base/random.h"
#include "broker/conversion.h"
#include "broker/paper.h"
#include "ledger/state.h"
#include "record/marks.h"
#include "record/record.h"

#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

#define DAYS   6
#define LINES  512
#define WORLDS 2

enum kind { BAR, ORDER, REPLACE, CANCEL, CONVERT, ACTION };

struct line {
    enum kind kind;
    bool first; /* of its moment */
    union {
        struct bar bar;
        struct order order;
        struct replace replace;
        struct cancel cancel;
        struct conversion conversion;
        struct action action;
    } value;
};

enum way { STRAIGHT, RESTARTED, COMMITTED, KILLED, WAYS };

static const char *const way_text[WAYS] = {"in one go", "restarted at every line", "committed at random",
                                           "killed at random"};

static const char *const symbols[] = {"AAA", "BBB", "CCC", "EURUSD"}; /* BBB in euros */

static struct line line[LINES];
static int lines;
static struct error error;

/* What a way through a world has left. */
struct outcome {
    struct buf told, state, chain, others; /* others: the chain without points and marks */
    dec day_start, day_worst;
    int64_t fills, parts, targets, lists, points, rolls, refused, sent, replaced, cancelled, changed;
};

static struct line *add(enum kind kind, bool first)
{
    require(lines < LINES);
    line[lines] = (struct line){.kind = kind, .first = first};
    return &line[lines++];
}

static dec walk(struct random *random, dec price)
{
    const dec next = price + (dec)(random_below(random, 401) - 200) * (DEC_ONE / 50);
    return next < 20 * DEC_ONE ? 20 * DEC_ONE : next;
}

static void add_bar(struct random *random, int symbol, int64_t time, int64_t end, bool hours, dec *price, bool first)
{
    struct bar *bar = &add(BAR, first)->value.bar;
    record_blank(RECORD_BAR, bar);
    bar->time = time;
    bar->end = end;
    bar->interval = hours ? (struct interval){INTERVAL_HOUR, 1} : one_day;
    (void)snprintf(bar->symbol, sizeof bar->symbol, "%s", symbols[symbol]);
    bar->open = *price = walk(random, *price);
    bar->close = walk(random, *price);
    bar->high = (bar->open > bar->close ? bar->open : bar->close) + DEC_ONE;
    bar->low = (bar->open < bar->close ? bar->open : bar->close) - DEC_ONE;
    bar->volume = 300;
    bar->final = 1;
    *price = bar->close;
}

static void add_order(struct random *random, int64_t now, const dec *price, int n)
{
    const size_t symbol = (size_t)random_below(random, 3);
    const bool sells = random_below(random, 3) == 0;
    char id[ID_SIZE];
    (void)snprintf(id, sizeof id, "o%d", n);
    struct order order =
        make_order(id, now, symbols[symbol], sells ? SIDE_SELL : SIDE_BUY, "20", sells ? ROLE_EXIT : ROLE_ENTRY);
    order.account[0] = '\0';
    order.quantity = (dec)(1 + random_below(random, symbol == 1 ? 4 : 120)) * DEC_ONE;
    order.reference_price = price[symbol];
    order.time_in_force = TIF_GTC;
    if (!sells && random_below(random, 3) > 0) {
        const dec distance = (dec)(1 + random_below(random, 6)) * DEC_ONE;
        order.interval = one_day;
        order.legs[order.leg_count++] = make_leg(ROLE_STOP, ORDER_STOP, DEC_NONE, price[symbol] - distance);
        order.legs[0].even_after_target = 1;
        if (random_below(random, 2) == 0) {
            struct leg *leg = &order.legs[order.leg_count++];
            *leg = make_leg(ROLE_TARGET, ORDER_LIMIT, DEC_NONE, DEC_NONE);
            leg->r = DEC_ONE / 4;
            leg->share = DEC_ONE / 2;
        }
        if (random_below(random, 2) == 0) {
            struct leg *leg = &order.legs[order.leg_count++];
            *leg = make_leg(ROLE_STOP, ORDER_TRAILING_STOP, DEC_NONE, DEC_NONE);
            leg->trail_amount = 2 * DEC_ONE;
            leg->active_r = DEC_ONE / 2;
        }
    }
    const struct line *last = &line[lines - 1];
    if (last->kind == ORDER && last->value.order.time == now && random_below(random, 2) == 0)
        memcpy(order.oto, last->value.order.id, sizeof order.oto);
    if (random_below(random, 4) == 0) {
        order.order_type = ORDER_LIMIT;
        order.limit_price = price[symbol];
    }
    add(ORDER, false)->value.order = order;
    if (random_below(random, 3) == 0) {
        struct replace *replace = &add(REPLACE, false)->value.replace;
        record_blank(RECORD_REPLACE, replace);
        replace->time = now;
        replace->quantity = (dec)(1 + random_below(random, 100)) * DEC_ONE;
        memcpy(replace->order_id, id, sizeof id);
    }
    if (random_below(random, 6) == 0) {
        struct cancel *cancel = &add(CANCEL, false)->value.cancel;
        record_blank(RECORD_CANCEL, cancel);
        cancel->time = now;
        (void)snprintf(cancel->order_id, sizeof cancel->order_id, "o%d", n - (int)random_below(random, 3));
    }
}

static void add_conversion(int64_t now, const char *from, const char *to, dec paid, dec received)
{
    add(CONVERT, false)->value.conversion =
        (struct conversion){.time = now, .from = from, .to = to, .paid = paid, .received = received};
}

/* Days from midnight to midnight UTC; the trading day rolls at 22:00. */
static void make_world(uint64_t seed)
{
    struct random random;
    dec price[4] = {50 * DEC_ONE, 60 * DEC_ONE, 80 * DEC_ONE, 40 * DEC_ONE};
    int orders = 0;
    random_init(&random, seed);
    lines = 0;
    /* From here on there is money in euros, and what they are worth is an event. */
    add_conversion(at("2024-01-02T00:00:00Z"), "USD", "EUR", 4000 * DEC_ONE, 100 * DEC_ONE);
    for (int day = 0; day < DAYS; day++) {
        const int64_t midnight = at("2024-01-02T00:00:00Z") + day * TIME_DAY;
        if (day == 3) {
            struct action *action = &add(ACTION, true)->value.action;
            *action = make_dividend("d1", midnight, "AAA", "0.50");
            action->account[0] = '\0';
            memcpy(action->currency, "USD", 4);
        }
        for (int hour = 0; hour < 24; hour += 3) {
            const int64_t end = midnight + (hour + 3) * TIME_HOUR - (hour == 21 ? TIME_HOUR / 2 : 0);
            add_bar(&random, 2, end - TIME_HOUR, end, true, &price[2], true);
            for (uint64_t n = random_below(&random, 4); n > 0; n--)
                add_order(&random, end, price, ++orders);
        }
        add_bar(&random, 0, midnight, midnight + TIME_DAY, false, &price[0], true);
        add_bar(&random, 1, midnight, midnight + TIME_DAY, false, &price[1], false);
        add_bar(&random, 3, midnight, midnight + TIME_DAY, false, &price[3], false);
        add_conversion(midnight + TIME_DAY, day % 2 == 0 ? "USD" : "EUR", day % 2 == 0 ? "EUR" : "USD", 8 * DEC_ONE,
                       DEC_NONE);
        add_order(&random, midnight + TIME_DAY, price, ++orders);
    }
}

static bool says(struct str text, const char *what)
{
    return memmem(text.p, text.n, what, strlen(what)) != NULL;
}

static int tell(void *context, enum record_type type, struct str text, struct error *e)
{
    struct outcome *outcome = context;
    outcome->fills += type == RECORD_FILL;
    outcome->targets += type == RECORD_FILL && says(text, "\"role\":\"target\"");
    outcome->changed += type == RECORD_CASH && says(text, "\"kind\":\"fx\"");
    outcome->parts += type == RECORD_ORDER_UPDATE && says(text, "partially_filled");
    outcome->sent += type == RECORD_ORDER_UPDATE && says(text, "\"accepted\",\"filled_quantity\":0,\"reason\":\"oto\"");
    outcome->replaced += type == RECORD_ORDER_UPDATE && says(text, "\"reason\":\"replaced\"");
    outcome->cancelled += type == RECORD_ORDER_UPDATE && says(text, "\"reason\":\"by hand\"");
    outcome->refused += type == RECORD_REFUSAL && says(text, "DAILY_LOSS_LIMIT");
    buf_add_str(&outcome->told, text);
    return buf_check(&outcome->told, e);
}

static int take(struct paper *paper, const struct line *at)
{
    switch (at->kind) {
    case BAR:
        return paper_bar(paper, &at->value.bar, &error);
    case ORDER:
        return paper_submit(paper, &at->value.order, TIME_NONE, &error);
    case REPLACE:
        return paper_finish_moment(paper, &error) != 0
                   ? -1
                   : paper_replace(paper, &at->value.replace, at->value.replace.time, &error);
    case CANCEL:
        return paper_finish_moment(paper, &error) != 0
                   ? -1
                   : paper_cancel(paper, at->value.cancel.order_id, at->value.cancel.time, "by hand", &error);
    case CONVERT:
        if (paper_finish_moment(paper, &error) == 0 && conversion_make(paper, &at->value.conversion, &error) != 0 &&
            error.code == EXIT_NO) /* there is not so much */
            error_clear(&error);
        return error_is_set(&error) ? -1 : 0;
    default:
        return paper_action(paper, &at->value.action, &error);
    }
}

static int open_account(const struct config *config)
{
    struct cash cash;
    record_blank(RECORD_CASH, &cash);
    cash.time = at("2024-01-01T00:00:00Z");
    cash.amount = 60000 * DEC_ONE;
    cash.kind = CASH_DEPOSIT;
    memcpy(cash.account, "paper", 6);
    memcpy(cash.currency, "USD", 4);
    memcpy(cash.id, "open", 5);
    char *path = journal_path(config, &error);
    struct journal *journal = path == NULL ? NULL : journal_open(path, JOURNAL_CREATE, &error);
    const int result = journal == NULL || journal_begin(journal, &error) != 0 ||
                               journal_put(journal, MODE_PAPER, RECORD_CASH, &cash, &error) != 1
                           ? -1
                           : journal_commit(journal, &error);
    journal_close(journal);
    free(path);
    return result;
}

static void read_chain(struct outcome *outcome, struct journal *journal)
{
    struct event_cursor *cursor = journal_read_account(journal, "paper", &error);
    struct event event;
    while (cursor != NULL && event_cursor_next(cursor, &event, &error) == 1) {
        const bool point = str_is(event.type, "equity"), mark = str_is(event.type, "mark");
        if (str_is(event.type, "checkpoint"))
            continue;
        outcome->points += point;
        outcome->lists += point && memmem(event.record.p, event.record.n, "],[", 3) != NULL;
        buf_add_str(&outcome->chain, event.record);
        buf_add_char(&outcome->chain, '\n');
        if (point || mark)
            continue;
        buf_add_str(&outcome->others, event.record);
        buf_add_char(&outcome->others, '\n');
    }
    event_cursor_close(cursor);
}

static int play(struct outcome *outcome, const struct config *config, enum way way, uint64_t seed)
{
    const struct paper_options options = {.config = config, .account = "paper", .say = tell, .context = outcome};
    struct random random;
    random_init(&random, seed + 100);
    if (open_account(config) != 0)
        return -1;
    struct paper *paper = paper_open(&options, &error);
    int committed = 0; /* lines that are durable */
    for (int i = 0; paper != NULL && i < lines; i++) {
        const bool whole = i > 0 && line[i].first; /* the moment before is complete */
        if (whole && (way == KILLED || way == STRAIGHT) && paper_finish_moment(paper, &error) != 0)
            break;
        if (whole && way == KILLED && random_below(&random, 4) == 0) {
            if (paper_commit(paper, &error) != 0)
                break;
            committed = i;
        }
        if (way == KILLED && random_below(&random, 10) == 0) { /* what was not durable comes again */
            paper_close(paper);
            paper = paper_open(&options, &error);
            i = committed;
        }
        if (paper == NULL || take(paper, &line[i]) < 0)
            break;
        paper_record_done(paper);
        if (way == COMMITTED && random_below(&random, 3) == 0 && paper_commit(paper, &error) != 0)
            break;
        if (way == RESTARTED) {
            if (paper_commit(paper, &error) != 0)
                break;
            paper_close(paper);
            paper = paper_open(&options, &error);
        }
    }
    if (paper != NULL && !error_is_set(&error) && paper_finish_moment(paper, &error) == 0)
        (void)paper_commit(paper, &error);
    paper_close(paper);
    return error_is_set(&error) ? -1 : 0;
}

static int look(struct outcome *outcome, const struct config *config)
{
    const struct account_options options = {.config = config, .name = "paper"};
    struct account account;
    int result = account_open(&account, &options, ACCOUNT_READ, &error);
    if (result == 0) {
        result = ledger_save(account.ledger, &outcome->state, &error);
        outcome->day_start = account.ledger->day_start;
        outcome->day_worst = account.ledger->day_worst;
        outcome->rolls = (int64_t)account.ledger->days;
        read_chain(outcome, account.journal);
    }
    account_close(&account);
    return result;
}

static void outcome_init(struct outcome *outcome)
{
    *outcome = (struct outcome){.fills = 0};
    buf_init(&outcome->told, 1 << 26);
    buf_init(&outcome->state, LEDGER_STATE_MAX);
    buf_init(&outcome->chain, 1 << 26);
    buf_init(&outcome->others, 1 << 26);
}

static void outcome_clear(struct outcome *outcome)
{
    buf_clear(&outcome->told);
    buf_clear(&outcome->state);
    buf_clear(&outcome->chain);
    buf_clear(&outcome->others);
}

static void remove_home(const char *home)
{
    static const char *const names[] = {"config",
                                        "instruments.ndjson",
                                        "data/journal.db",
                                        "data/journal.db-head",
                                        "data/journal.db-wal",
                                        "data/journal.db-shm",
                                        "data/paper.lock",
                                        "data/paper.sync",
                                        "data/paper.halt"};
    char path[256];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        (void)snprintf(path, sizeof path, "%s/%s", home, names[i]);
        (void)unlink(path);
    }
    (void)snprintf(path, sizeof path, "%s/data", home);
    (void)rmdir(path);
    (void)snprintf(path, sizeof path, "%s/state", home);
    (void)rmdir(path);
    (void)rmdir(home);
}

static void live(struct outcome *outcome, enum way way, uint64_t seed)
{
    char home[] = "/tmp/test-session-XXXXXX", path[64];
    require(mkdtemp(home) != NULL);
    (void)snprintf(path, sizeof path, "%s/config", home);
    FILE *file = fopen(path, "w");
    require(file != NULL);
    fprintf(
        file,
        "account paper { calendar = always  max_position = 100%%  daily_loss = %s  entry_within = any  fills = %s }\n",
        seed % 2 == 0 ? "90%" : "0.5%", seed % 2 == 0 ? "volume" : "conservative");
    require(fclose(file) == 0);
    (void)snprintf(path, sizeof path, "%s/instruments.ndjson", home);
    file = fopen(path, "w");
    require(file != NULL);
    fputs("{\"type\":\"instrument\",\"time\":\"2024-01-01T00:00:00Z\",\"symbol\":\"BBB\",\"currency\":\"EUR\","
          "\"sector\":\"energy\"}\n",
          file);
    require(fclose(file) == 0 && setenv("TN_HOME", home, 1) == 0);
    error_clear(&error);
    outcome_init(outcome);
    struct config *config = config_open(&error);
    const bool whole = config != NULL && play(outcome, config, way, seed) == 0 && look(outcome, config) == 0;
    if (!check(whole, "world %llu %s", (unsigned long long)seed, way_text[way]))
        printf("# %s\n", error.text);
    config_free(config);
    remove_home(home);
}

static bool same(const struct buf *a, const struct buf *b)
{
    return a->n == b->n && (a->n == 0 || memcmp(a->p, b->p, a->n) == 0);
}

static void test_worlds(void)
{
    struct outcome all = {.fills = 0};
    for (uint64_t seed = 1; seed <= WORLDS; seed++) {
        struct outcome straight, other;
        make_world(seed);
        live(&straight, STRAIGHT, seed);
        int64_t *const sum = &all.fills, *const part = &straight.fills;
        for (size_t i = 0; i < (sizeof all - offsetof(struct outcome, fills)) / sizeof *sum; i++)
            sum[i] += part[i];
        for (enum way way = RESTARTED; way < WAYS; way++) {
            live(&other, way, seed);
            check(straight.day_start == other.day_start && straight.day_worst == other.day_worst,
                  "the same day and loss, %s", way_text[way]);
            check(same(&straight.state, &other.state), "the same account, %s", way_text[way]);
            check(same(&straight.told, &other.told), "the same is told, %s", way_text[way]);
            check(same(&straight.others, &other.others), "the same orders and fills, %s", way_text[way]);
            if (way == KILLED)
                check(same(&straight.chain, &other.chain), "the same events, %s", way_text[way]);
            outcome_clear(&other);
        }
        outcome_clear(&straight);
    }
    printf(
        "# %lld fills (%lld of targets), %lld parts, %lld replaced, %lld cancelled, %lld sent after another, %lld sums "
        "changed, %lld lists of marks, %lld refused by the daily loss, %lld rolls\n",
        (long long)all.fills, (long long)all.targets, (long long)all.parts, (long long)all.replaced,
        (long long)all.cancelled, (long long)all.sent, (long long)all.changed, (long long)all.lists,
        (long long)all.refused, (long long)all.rolls);
    check(all.fills > 20 && all.lists > 3 && all.refused > 3 && all.rolls > 10, "the worlds were busy");
    check(all.targets > 2 && all.parts > 3 && all.replaced > 3 && all.cancelled > 3 && all.sent > 1 && all.changed > 9,
          "and saw what an order can come to");
}

/* What a list says is what was put into it, and nothing else is read. */
static void test_lists(void)
{
    static const char *const bad[] = {
        "[1]",
        "[[]]",
        "[[\"A\",\"1d\",\"2024-01-02T00:00:00Z\"]]",
        "[[\"A\",\"1d\",\"2024-01-02T00:00:00Z\",1,2]]",
        "[[\"A\",\"1d\",\"2024-01-02T00:00:00Z\",\"1\"]]",
        "[[\"A\",\"1d\",\"2024-01-02T00:00:00Z\",0]]",
        "[[\"A\",\"1d\",\"2024-01-02T00:00:00Z\",-1]]",
        "[[\"A\",\"1d\",\"2024-01-32T00:00:00Z\",1]]",
        "[[\"A\",\"\",\"2024-01-02T00:00:00Z\",1]]",
        "[[\"A\",\"1q\",\"2024-01-02T00:00:00Z\",1]]",
        "[[\"\",\"1d\",\"2024-01-02T00:00:00Z\",1]]",
        "[[\"/A\",\"1d\",\"2024-01-02T00:00:00Z\",1]]",
        "[[\"\\u0007\",\"1d\",\"2024-01-02T00:00:00Z\",1]]",
        "[[\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\",\"1d\",\"2024-01-02T00:00:00Z\",1]]",
        "[[\"A\",\"1d\",\"2024-01-02T00:00:00Z\",1e30]]",
        "[{\"A\":1,\"B\":2}]",
        "[[[\"A\"],\"1d\",\"2024-01-02T00:00:00Z\",1]]",
    };
    struct buf list;
    struct marks marks;
    buf_init(&list, 4096);
    struct mark mark = {.interval = {INTERVAL_MINUTE, 1}, .bar = at("2024-01-02T00:00:00Z"), .price = d("1.25")};
    memcpy(mark.symbol, "B\"\\K", 5);
    marks_add(&list, &mark);
    memcpy(mark.symbol, "A", 2);
    mark.interval = one_day;
    mark.price = d("191.25");
    marks_add(&list, &mark);
    buf_add_char(&list, ']');
    check_text(list.p,
               "[[\"B\\\"\\\\K\",\"1m\",\"2024-01-02T00:00:00Z\",1.25],[\"A\",\"1d\",\"2024-01-02T00:00:00Z\",191.25]]",
               "two marks as a list");
    struct equity point = {.time = at("2024-01-03T00:00:00Z"), .account = "a", .marks = buf_str(&list)};
    marks_open(&marks, RECORD_EQUITY, &point);
    check(marks_next(&marks, &error) == 1 && strcmp(marks.mark.symbol, "B\"\\K") == 0 &&
              interval_equal(marks.mark.interval, (struct interval){INTERVAL_MINUTE, 1}) &&
              marks.mark.time == point.time && marks.mark.bar == mark.bar && marks.mark.price == d("1.25") &&
              strcmp(marks.mark.account, "a") == 0 && marks_next(&marks, &error) == 1 &&
              strcmp(marks.mark.symbol, "A") == 0 && marks.mark.price == d("191.25") && marks_next(&marks, &error) == 0,
          "and read back");
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        error_clear(&error);
        point.marks = str_of(bad[i]);
        marks_open(&marks, RECORD_EQUITY, &point);
        check(marks_next(&marks, &error) == -1 && error.code == EXIT_INPUT, "no mark: %s (%s)", bad[i], error.text);
    }
    error_clear(&error);
    buf_clear(&list);
}

int main(void)
{
    test_lists();
    test_worlds();
    return done();
}
