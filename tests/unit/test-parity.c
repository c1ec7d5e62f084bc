/* The same fills in the backtest of strategies, in the backtest of their signals, in a session and in scans that start
 * from the journal at every moment: several strategies at once, long and short, ranked, entering at prices, adding
 * units and leaving by rules; symbols that stop trading with and without a word, splits and dividends; minutes over
 * both changes of the clock, with orders by hand of every type beside them; 200 symbols. */
#include "scenarios.h"

#include "market/calendar.h"
#include "strategy/rules.h"

#include <math.h>

#define USES_MAX 12

struct world {
    const char *name;
    const char *strategy[4]; /* names, or rules */
    int symbols, days;
    const char *from; /* the first session */
    bool minutes;     /* the first and last 10 of each session, and orders by hand in the last symbol */
    bool actions;     /* and symbols that end */
    int fills;        /* at least */
    int terms;        /* which of those below */
};

static const struct world worlds[] = {
    {"several strategies, long and short, over actions and ends",
     {"sma-cross:fast=2,slow=5,short=1", "mean-reversion:n=5,k=1,rsi=3,target=1",
      "enter long: close > sma(9)\nenter short: close < sma(9)\n"
      "enter long at stop: highest(3) for 2 bars\nenter short at limit: close + atr(5) / 4 for 2 bars\n"
      "exit long: close < lowest(4)[1]\nexit short: close > highest(6)[1]\n"
      "exits: stop at entry - 2 * atr(5), third at 1 R, break even after target, third at 2 R falling 0.1 R a bar,\n"
      "    trail 2 * atr(5) after 1 R, after 8 bars\nadd: every 0.5 * atr(5) up to 3\n",
      "enter long: close > sma(4)\nenter short: close < sma(4)\nexit long: close < sma(4)\nexit short: close > sma(4)\n"
      "exits: stop at entry - 1 * atr(5), trail 3 %, half at 0.5 R, break even at 0.5 R, after 3 sessions\n"},
     12,
     44,
     "2024-01-02",
     false,
     true,
     300,
     0},
    {"minutes over the change to summer time",
     {"sma-cross:fast=2,slow=5,short=1", "enter long: close > sma(4)\nenter short: close < sma(4)\nexit long: close < "
                                         "lowest(9)[1]\nexit short: close > highest(9)[1]\n"
                                         "exits: stop at entry - 3 * atr(5), at close\n"},
     3,
     4,
     "2024-03-07",
     true,
     false,
     60,
     0},
    {"minutes over the change to winter time",
     {"sma-cross:fast=2,slow=5,short=1", "enter long at stop: highest(3)\nexit long: close < lowest(9)[1]\nexits: stop "
                                         "at entry - 3 * atr(5), trail 2 * atr(5) after 1 R, after 9 bars\n"},
     3,
     4,
     "2024-10-31",
     true,
     false,
     60,
     0},
    {"200 symbols",
     {"sma-cross:fast=2,slow=4,short=1",
      "rank by close / close[3] - 1: long top 20 short bottom 20\nrebalance: session\nstop: close - 3 * atr(4)\n"},
     200,
     9,
     "2024-01-02",
     false,
     false,
     150,
     0},
    {"few positions, which are a part of what there is, and fills in parts",
     {"sma-cross:fast=2,slow=4,short=1", "momentum:lookback=3,skip=1,stop=1,short=1"},
     8,
     30,
     "2024-01-02",
     false,
     true,
     30,
     2},
};

static struct calendar nyse;

struct market {
    struct stream_lines lines;
    struct random random;
    struct buf out;
    double price[200];
    int orders;
};

static void symbol_of(char symbol[static 24], int s)
{
    (void)snprintf(symbol, 24, "S%d", s + 1);
}

static void clock_of(char text[static TIME_TEXT_MAX], int64_t time)
{
    text[time_format(text, time)] = '\0';
}

static void put_bar(struct market *market, const struct world *world, int s, const struct session *session,
                    int64_t opens, int64_t ends)
{
    char symbol[24], time[TIME_TEXT_MAX], end[TIME_TEXT_MAX];
    const double spread = world->minutes ? 0.002 : 0.02;
    const double open = market->price[s] * exp(spread / 4 * random_normal(&market->random));
    const double close = open * exp(spread * random_normal(&market->random));
    const double up = 0.7 * spread * open * fabs(random_normal(&market->random));
    const double down = 0.7 * spread * open * fabs(random_normal(&market->random));
    market->price[s] = close < 20 ? 60 : close;
    symbol_of(symbol, s);
    clock_of(time, world->minutes ? opens : session->open - 9 * TIME_HOUR - 30 * TIME_MINUTE);
    clock_of(end, ends);
    buf_reset(&market->out);
    buf_printf(&market->out, "{\"type\":\"bar\",\"time\":\"%s\",\"symbol\":\"%s\",\"interval\":\"%s\",", time, symbol,
               world->minutes ? "1m" : "1d");
    if (!world->minutes)
        buf_printf(&market->out, "\"session\":\"%.10s\",", time);
    buf_printf(&market->out, "\"end\":\"%s\",\"open\":%.2f,\"high\":%.2f,\"low\":%.2f,\"close\":%.2f,\"volume\":9000}",
               end, open, (open > close ? open : close) + up, (open < close ? open : close) - down, close);
    add_line(&market->lines, ends, 1, &market->out);
}

static void put_action(struct market *market, int s, int64_t time, int number)
{
    char symbol[24], text[TIME_TEXT_MAX];
    symbol_of(symbol, s);
    clock_of(text, time);
    buf_reset(&market->out);
    buf_printf(&market->out, "{\"type\":\"action\",\"time\":\"%s\",\"symbol\":\"%s\",\"id\":\"a%d\",", text, symbol,
               number);
    if (number % 3 == 2) {
        buf_printf(&market->out, "\"kind\":\"split\",\"new\":3,\"old\":2}");
        market->price[s] *= 2.0 / 3;
    } else if (number % 3 == 1)
        buf_printf(&market->out, "\"kind\":\"dividend\",\"cash\":0.35,\"currency\":\"USD\"}");
    else {
        buf_printf(&market->out, "\"kind\":\"delist\",\"cash\":%.2f,\"currency\":\"USD\"}", market->price[s] * 0.9);
    }
    add_line(&market->lines, time, 0, &market->out);
}

/* An order by hand in a symbol, of any type: in, and later out. */
static void put_order(struct market *market, int s, int64_t time, int64_t date)
{
    static const char *const kinds[][2] = {{"market", "day"},
                                           {"market", "ioc"},
                                           {"market", "fok"},
                                           {"market", "opg"},
                                           {"market", "cls"},
                                           {"limit", "day"},
                                           {"limit", "gtd"},
                                           {"limit", "ioc"},
                                           {"limit", "opg"},
                                           {"limit", "cls"},
                                           {"stop", "gtc"},
                                           {"stop_limit", "day"},
                                           {"market_if_touched", "gtc"},
                                           {"limit_if_touched", "gtc"},
                                           {"trailing_stop", "gtc"}};
    struct random *random = &market->random;
    char symbol[24], text[TIME_TEXT_MAX], day[TIME_TEXT_MAX];
    const char *const *kind = kinds[random_below(random, sizeof kinds / sizeof *kinds)];
    const bool enters = market->orders % 2 == 0, is_short = market->orders / 2 % 2 == 1;
    const int sign = enters == is_short ? -1 : 1; /* of the order */
    const double price = market->price[s], away = price * 0.001 * (1 + (double)random_below(random, 3));
    const bool touched = strstr(kind[0], "touched") != NULL;
    symbol_of(symbol, s);
    clock_of(text, time);
    clock_of(day, date * TIME_DAY);
    struct buf *out = &market->out;
    buf_reset(out);
    buf_printf(out, "{\"type\":\"order\",\"time\":\"%s\",\"symbol\":\"%s\",\"id\":\"h%d\",\"strategy\":\"hand%d\",",
               text, symbol, market->orders, is_short);
    buf_printf(
        out, "\"side\":\"%s\",\"quantity\":50,\"order_type\":\"%s\",\"time_in_force\":\"%s\",\"reference_price\":%.2f",
        enters ? (is_short ? "sell_short" : "buy") : (is_short ? "buy_to_cover" : "sell"), kind[0], kind[1], price);
    buf_printf(out, ",\"role\":\"%s\"%s", enters ? "entry" : "exit", enters ? "" : ",\"reduce_only\":true");
    if (strcmp(kind[1], "gtd") == 0)
        buf_printf(out, ",\"expires\":\"%.10s\"", day);
    if (strstr(kind[0], "stop") != NULL && kind[0][0] == 's')
        buf_printf(out, ",\"stop_price\":%.2f", price + sign * away);
    if (touched)
        buf_printf(out, ",\"stop_price\":%.2f", price - sign * away);
    if (strcmp(kind[0], "limit") == 0 || touched || strcmp(kind[0], "stop_limit") == 0) {
        if (strcmp(kind[0], "market_if_touched") != 0)
            buf_printf(out, ",\"limit_price\":%.2f", price - sign * away * (touched ? 1.2 : 0.5));
    }
    if (strcmp(kind[0], "trailing_stop") == 0)
        buf_printf(out, ",\"trail_percent\":%.1f", 0.2);
    if (enters && random_below(random, 2) == 0)
        buf_printf(
            out,
            ",\"interval\":\"1m\",\"legs\":[{\"role\":\"stop\",\"order_type\":\"stop\",\"offset\":%.2f,\"even_r\":0.5},"
            "{\"role\":\"target\",\"order_type\":\"limit\",\"r\":1,\"share\":0.5},"
            "{\"role\":\"time\",\"order_type\":\"market\",%s}]",
            price * 0.004, market->orders % 4 < 2 ? "\"bars\":7" : "\"time_in_force\":\"cls\"");
    buf_add_char(out, '}');
    add_line(&market->lines, time, 3, out);
    market->orders++;
}

static void put_session(struct market *market, const struct world *world, int day, const struct session *session)
{
    const int last = world->symbols - 1;
    for (int s = 0; s < world->symbols; s++) {
        if (world->actions && ((s == 3 && day > 25) || (s == 4 && day > 40) || (s == 5 && day > 30)))
            continue; /* ended: without a word, and after a delisting */
        if (world->actions && (day == 30 || day == 41) && s == (day == 30 ? 5 : 4))
            put_action(market, s, session->open - 10 * TIME_HOUR, 3 * day);
        else if (world->actions && (day + 5 * s) % 23 == 0)
            put_action(market, s, session->open - 10 * TIME_HOUR, 1 + (s + day) % 2 + 3 * (12 * day + s));
        if (!world->minutes && random_below(&market->random, 12) > 0)
            put_bar(market, world, s, session, session->open, session->close);
    }
    for (int m = 0; m < 20 && world->minutes; m++) {
        const int64_t opens = m < 10 ? session->open + m * TIME_MINUTE : session->close - (20 - m) * TIME_MINUTE;
        for (int s = 0; s < world->symbols; s++)
            put_bar(market, world, s, session, opens, opens + TIME_MINUTE);
        if (m % 3 == 2 || m == 19)
            put_order(market, last, opens + TIME_MINUTE, session->date + 1);
    }
}

/* Bars, actions, and orders by hand. */
static void make_market(struct buf *stream, const struct world *world, uint64_t seed)
{
    static struct market market;
    struct session session;
    market = (struct market){.orders = 0};
    random_init(&market.random, seed);
    buf_init(&market.out, 1 << 16);
    for (int s = 0; s < world->symbols; s++)
        market.price[s] = 40 + s % 60;
    char text[24];
    (void)snprintf(text, sizeof text, "%sT00:00:00Z", world->from);
    require(calendar_session(&nyse, at(text) / TIME_DAY, &session, &error) == 1);
    for (int day = 0; day < world->days; day++) {
        put_session(&market, world, day, &session);
        require(calendar_next(&nyse, session.date, &session, &error) == 0);
    }
    join_lines(stream, &market.lines);
    buf_clear(&market.out);
}

struct judges {
    struct strategy_use use[USES_MAX];
    struct runner *runner[USES_MAX];
    int count;
    int bases; /* which own what their units share */
    bool base[USES_MAX];
    struct bar bar[200];
    int bars;
};

static void open_judges(struct judges *judges, const struct world *world)
{
    *judges = (struct judges){.count = 0};
    for (int i = 0; i < 4 && world->strategy[i] != NULL; i++) {
        char name[16];
        struct strategy_use *use = &judges->use[judges->count];
        (void)snprintf(name, sizeof name, "w%d.tn", i);
        const bool rules = strchr(world->strategy[i], '\n') != NULL;
        if ((rules ? strategy_use_rules(use, name, str_of(world->strategy[i]), "", &error)
                   : strategy_use_parse(use, world->strategy[i], &error)) != 0)
            printf("# %s\n", error.text);
        require(!error_is_set(&error));
        judges->base[judges->count++] = true;
        for (int unit = 1; unit < strategy_units(use); unit++)
            require(strategy_use_unit(&judges->use[judges->count++], use, unit, &error) == 0);
    }
    for (int i = 0; i < judges->count; i++) {
        judges->runner[i] = runner_new(&judges->use[i], &error);
        require(judges->runner[i] != NULL && runner_set_calendar(judges->runner[i], &nyse, NULL, &error) == 0);
    }
}

static void close_judges(struct judges *judges)
{
    for (int i = 0; i < judges->count; i++)
        runner_free(judges->runner[i]);
    for (int i = 0; i < judges->count; i++)
        if (judges->base[i])
            strategy_use_clear(&judges->use[i]);
}

static void judge(struct judges *judges, int i, const struct bar *bar, struct buf *stream)
{
    struct signal signal;
    const int got = runner_bar(judges->runner[i], bar, &signal, &error);
    require(got >= 0);
    signal.reason = signal.basis = signal.horizon = (struct str){NULL, 0};
    if (got == 1)
        record_encode(stream, RECORD_SIGNAL, &signal);
}

static void judge_moment(struct judges *judges, struct buf *stream)
{
    for (int i = 0; i < judges->count && judges->bars > 0; i++)
        require(!runner_waits(judges->runner[i]) || runner_moment(judges->runner[i], &error) == 0);
    for (int b = 0; b < judges->bars; b++)
        for (int i = 0; i < judges->count; i++)
            if (runner_waits(judges->runner[i]))
                judge(judges, i, &judges->bar[b], stream);
    judges->bars = 0;
}

/* As tn-signal run -p: each bar, then what is wanted after it. */
static void add_signals(struct buf *stream, const struct buf *market, struct judges *judges)
{
    int64_t moment = TIME_NONE, known;
    size_t at = 0, before = 0;
    while (next_line(market, &at, &known)) {
        if (known != moment || line_record.type == RECORD_ORDER)
            judge_moment(judges, stream);
        moment = known;
        buf_add(stream, market->p + before, at - before);
        before = at;
        for (int i = 0; i < judges->count; i++) {
            if (line_record.type == RECORD_ACTION)
                require(runner_action(judges->runner[i], &line_value.action, &error) == 0);
            if (line_record.type != RECORD_BAR)
                continue;
            if (!runner_waits(judges->runner[i]))
                judge(judges, i, &line_value.bar, stream);
            else
                require(runner_note(judges->runner[i], &line_value.bar, &error) >= 0);
        }
        if (line_record.type == RECORD_BAR)
            judges->bar[judges->bars++] = line_value.bar;
    }
    judge_moment(judges, stream);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Fills and ends by symbol and time, without refusals, which repeat with their levels; and without one symbol where
 * that is named. */
static void fills_of(struct buf *out, const struct buf *told, const char *without)
{
    char *text = strndup(told->p, told->n), *rest = text, **lines = calloc(told->n / 8 + 1, sizeof *lines);
    size_t count = 0;
    require(text != NULL && lines != NULL);
    for (char *line; (line = strsep(&rest, "\n")) != NULL;)
        if (line[0] != '\0' && strstr(line, " refused ") == NULL &&
            (without == NULL || strncmp(line, without, strlen(without)) != 0))
            lines[count++] = line;
    qsort(lines, count, sizeof *lines, by_text);
    buf_reset(out);
    for (size_t i = 0; i < count; i++)
        buf_printf(out, "%s\n", lines[i]);
    free(lines);
    free(text);
}

static void check_same_fills(const struct buf *a, const struct buf *b, const char *name, const char *what)
{
    size_t at = 0;
    while (at < a->n && at < b->n && a->p[at] == b->p[at])
        at++;
    if (check(same_bytes(a, b) && a->n > 0, "%s: %s", name, what))
        return;
    while (at > 0 && a->p[at - 1] != '\n')
        at--;
    printf("# %.60s\n# %.60s\n", a->n > at ? a->p + at : "", b->n > at ? b->p + at : "");
}

static void check_world(const struct world *world, uint64_t seed)
{
    /* Terms under which it matters who comes first, and what fills how. */
    static const char *const more[] = {
        "sizing = quantity:60  max_position = 100%  max_positions = 1000  daily_loss = 100%  cash = 1000000000",
        "sizing = notional:9%  max_position = 10%  max_positions = 5  daily_loss = 2%  cash = 50000  fills = ohlc",
        "sizing = notional:30%  max_position = 40%  max_positions = 1000  daily_loss = 3%  cash = 20000  fills = "
        "volume",
        "sizing = quantity:60  max_position = 100%  max_positions = 7  daily_loss = 5%  cash = 30000  fills = "
        "pessimistic",
        "sizing = notional:20%  max_position = 30%  max_positions = 9  daily_loss = 5%  cash = 30000  fills = "
        "probabilistic",
    };
    char settings[512];
    (void)snprintf(settings, sizeof settings,
                   "account paper { %s  long_only = no  commission_per_share = 0.005  commission_minimum = 1"
                   "  slippage_ticks = 1 }\n",
                   more[((uint64_t)world->terms + seed - 1) % (sizeof more / sizeof *more)]);
    static struct traded traded[4]; /* strategies, their signals, session, scans */
    static struct judges judges;
    struct buf market, stream, a, b;
    char last[24];
    buf_init(&market, 1 << 26);
    buf_init(&stream, 1 << 28);
    buf_init(&a, 1 << 26);
    buf_init(&b, 1 << 26);
    make_market(&market, world, seed);
    open_judges(&judges, world);
    symbol_of(last, world->symbols - 1);
    const char *by_hand = world->minutes ? last : NULL;
    add_signals(&stream, &market, &judges);
    const bool played = play(&traded[0], settings, &stream, BACKTEST, judges.use, judges.count) &&
                        play(&traded[1], settings, &stream, BACKTEST, NULL, 0) &&
                        play(&traded[2], settings, &stream, SESSION, NULL, 0) &&
                        play(&traded[3], settings, &stream, SCANS, NULL, 0);
    check(played, "%s: %d fills", world->name, traded[2].fills);
    const bool first = seed == 1;
    if (by_hand == NULL || first) { /* elsewhere what is traded by hand has its part in what there is */
        fills_of(&a, &traded[0].told, by_hand);
        fills_of(&b, &traded[1].told, by_hand);
        check_same_fills(&a, &b, world->name, "the backtest of strategies, and of their signals");
    }
    fills_of(&a, &traded[1].told, NULL);
    fills_of(&b, &traded[2].told, NULL);
    check_same_fills(&a, &b, world->name, "backtest and session");
    check_same_fills(&traded[2].told, &traded[3].told, world->name, "session and scans");
    check(same_bytes(&traded[2].others, &traded[3].others), "%s: the same events", world->name);
    if (world->terms > 0) {
        struct traded killed;
        const bool went = play(&killed, settings, &stream, KILLED, NULL, 0);
        check(went && killed.kills > 2, "%s: killed %d times", world->name, killed.kills);
        check(same_bytes(&killed.chain, &traded[2].chain) && same_bytes(&killed.state, &traded[2].state),
              "%s: the same events and state all the same", world->name);
        traded_clear(&killed);
    }
    check(traded[2].fills >= world->fills || !first, "%s: it is busy", world->name);
    for (int i = 0; i < 4; i++)
        traded_clear(&traded[i]);
    close_judges(&judges);
    buf_clear(&market);
    buf_clear(&stream);
    buf_clear(&a);
    buf_clear(&b);
}

/* So many of each, or as many as the argument says. */
int main(int argc, char **argv)
{
    const uint64_t seeds = argc > 1 ? strtoull(argv[1], NULL, 10) : 1;
    struct zone *zone = zone_open("America/New_York", &error);
    require(zone != NULL && calendar_init(&nyse, "nyse", zone, &error) == 0);
    for (size_t i = 0; i < sizeof worlds / sizeof *worlds; i++)
        for (uint64_t seed = 1; seed <= seeds; seed++)
            check_world(&worlds[i], seed);
    zone_free(zone);
    return done();
}
