/* market/order_flow: profiles, value areas, sides, spreads and depths, each worked out by hand. */
#include "market/flow_queue.h"
#include "market/order_flow.h"

#include "record/record.h"
#include "tap.h"

#include <math.h>

static struct calendar nyse;
static struct error error;

static int64_t moment(const char *clock)
{
    char text[64];
    int64_t result = TIME_NONE;
    (void)snprintf(text, sizeof text, "2024-07-02T%sZ", clock);
    if (time_parse(&result, text, strlen(text), &error) < 0)
        printf("# %s\n", error.text);
    return result;
}

static dec number(const char *text)
{
    dec result = DEC_NONE;
    if (dec_parse(&result, text, strlen(text), &error) < 0)
        printf("# %s\n", error.text);
    return result;
}

static struct flow_meter meter_of(const char *interval, const char *tick, const char *large, double area)
{
    struct flow_meter meter;
    struct flow_terms terms = {.calendar = &nyse, .tick = number(tick), .large = number(large), .area = area};
    (void)interval_parse(&terms.interval, interval, strlen(interval), &error);
    check(flow_init(&meter, &terms, "XYZ", &error) == 0, "a meter of %s", interval);
    return meter;
}

static enum flow_fate trade(struct flow_meter *meter, const char *clock, const char *price, const char *quantity,
                            enum side side)
{
    enum flow_fate fate = FLOW_OUTSIDE;
    const struct trade record = {
        .time = moment(clock), .price = number(price), .quantity = number(quantity), .side = side};
    if (flow_trade(meter, &record, &fate, &error) < 0)
        printf("# %s\n", error.text);
    return fate;
}

static enum flow_fate quote(struct flow_meter *meter, const char *clock, const char *bid, double bid_size,
                            const char *ask, double ask_size)
{
    enum flow_fate fate = FLOW_OUTSIDE;
    (void)flow_quote(meter, moment(clock), number(bid), bid_size, number(ask), ask_size, &fate, &error);
    return fate;
}

static bool near(double a, double b)
{
    return fabs(a - b) < 1e-9;
}

/* Rows of volume by hand: price, volume; then point of control and value area. */
static const struct {
    double area;
    const char *row[10][2];
    const char *control, *low, *high, *why;
} profiles[] = {
    /* 270 in all, 70 % of it 189. From 102 (80): 103 + 104 = 70 against 101 + 100 = 90: below, 170. Then 70 against
     * 99 + 98 = 20: above, 240. */
    {0.7,
     {{"105", "10"},
      {"104", "20"},
      {"103", "50"},
      {"102", "80"},
      {"101", "60"},
      {"100", "30"},
      {"99", "15"},
      {"98", "5"}},
     "102",
     "100",
     "104",
     "the larger pair first"},
    /* 100 is the only row with 50 of 100: 50 %. */
    {0.5, {{"100", "50"}, {"101", "30"}, {"99", "20"}}, "100", "100", "100", "enough by itself"},
    /* Equal pairs: the upper; 40 + 20 = 60 of 80. */
    {0.7, {{"102", "20"}, {"101", "40"}, {"100", "20"}}, "101", "101", "102", "of equal pairs the upper"},
    /* Two rows with the most, 100 and 103 of 100–104: the middle is 102, 103 is nearer. 103: 30; 104 against 102 + 101:
     * 5 against 20: 50 of 85 is 58.8 %, less than 70; then 104's 5 against 100's 30: 80. */
    {0.7,
     {{"104", "5"}, {"103", "30"}, {"102", "10"}, {"101", "10"}, {"100", "30"}},
     "103",
     "100",
     "103",
     "of equal rows the one nearer to the middle"},
    {0.7, {{"103", "10"}, {"100", "10"}}, "100", "100", "103", "equally near: the lower; empty rows are passed over"},
    {1.0, {{"99.99", "1"}, {"100.01", "2"}, {"100.49", "3"}}, "100", "99", "100", "rows of 1: rounded down"},
};

static void test_profiles(void)
{
    for (size_t i = 0; i < sizeof profiles / sizeof *profiles; i++) {
        struct flow_meter meter = meter_of("1m", "1", "0", profiles[i].area);
        struct order_flow flow;
        for (int j = 0; j < 10 && profiles[i].row[j][0] != NULL; j++)
            (void)trade(&meter, "14:00:01", profiles[i].row[j][0], profiles[i].row[j][1], SIDE_BUY);
        check(flow_advance(&meter, moment("14:01:00"), &flow) == 1 && flow.control == number(profiles[i].control) &&
                  flow.value_low == number(profiles[i].low) && flow.value_high == number(profiles[i].high),
              "%s: %g, %g–%g", profiles[i].why, dec_to_double(flow.control), dec_to_double(flow.value_low),
              dec_to_double(flow.value_high));
        flow_clear(&meter);
    }
}

static void test_sides(void)
{
    struct flow_meter meter = meter_of("1m", "0.01", "50", 0.7);
    struct order_flow flow;
    struct buf rows;
    buf_init(&rows, 4096);
    (void)trade(&meter, "14:00:00", "100", "1", SIDE_NONE);    /* nothing is known: undecided */
    (void)trade(&meter, "14:00:01", "100.01", "2", SIDE_NONE); /* up: bought */
    (void)trade(&meter, "14:00:02", "100.01", "4", SIDE_NONE); /* as before: bought */
    (void)trade(&meter, "14:00:03", "100", "8", SIDE_NONE);    /* down: sold */
    (void)quote(&meter, "14:00:04", "99.99", 1, "100.01", 1);
    (void)trade(&meter, "14:00:05", "100.01", "16", SIDE_NONE); /* above the middle of 100: bought */
    (void)trade(&meter, "14:00:06", "99.99", "32", SIDE_NONE);  /* below: sold */
    (void)trade(&meter, "14:00:07", "100", "64", SIDE_NONE);    /* at it, and up from 99.99: bought */
    (void)trade(&meter, "14:00:08", "100", "128", SIDE_SELL);   /* the venue says it */
    check(flow_advance(&meter, moment("14:01:00"), &flow) == 1, "the minute is over");
    /* bought 2 + 4 + 16 + 64 = 86, sold 8 + 32 + 128 = 168, in all 255 */
    check(flow.volume == 255 && flow.trades == 8 && flow.buy == 86 && flow.sell == 168 && flow.delta == -82,
          "Lee and Ready: bought %g, sold %g", flow.buy, flow.sell);
    check(near(flow.imbalance, -82.0 / 254), "imbalance: of what was decided");
    check(flow.largest == 128 && flow.large_trades == 2 && flow.large == 192, "from 50 on a trade is large: 64 + 128");
    /* Σ price × quantity: 100×(1+8+64+128) + 100.01×(2+4+16) + 99.99×32 = 20100 + 2200.22 + 3199.68 = 25499.90, / 255
     */
    check(flow.vwap == number("99.99960784"), "vwap");
    /* With the quote: |2×100.01−200|×16 + 0.02×32 + 0 + 0 = 0.96, / (16 + 32 + 64 + 128) */
    check(near(flow.effective, 0.96 / 240), "effective spread: %g", flow.effective);
    flow_rows(&meter, &rows);
    check_text(rows.p, "[[100.01,22,0,0],[100,64,136,1],[99.99,0,32,0]]", "rows: bought, sold, undecided");
    (void)trade(&meter, "14:01:00", "100", "2", SIDE_BUY);
    (void)flow_advance(&meter, moment("14:02:00"), &flow);
    check(flow.delta == 2 && flow.session_delta == -80, "the delta of the session goes on");
    check(trade(&meter, "14:01:30", "100", "2", SIDE_BUY) == FLOW_LATE, "what is over is over");
    check(trade(&meter, "13:00:00", "100", "2", SIDE_BUY) == FLOW_OUTSIDE, "before the open: outside");
    buf_clear(&rows);
    flow_clear(&meter);
}

static void test_spreads(void)
{
    struct flow_meter meter = meter_of("1m", "0.01", "0", 0.7);
    struct order_flow flow;
    (void)quote(&meter, "14:00:15", "99.9", 10, "100.1", 30); /* 0.2 for 15 s */
    (void)quote(&meter, "14:00:30", "99.9", 20, "100.3", 20); /* 0.4 for 20 s */
    (void)quote(&meter, "14:00:50", "100.3", 20, "100.1", 5); /* crossed: nothing is known for 5 s */
    (void)quote(&meter, "14:00:55", "100", 40, "100.1", 40);  /* 0.1 for 5 s */
    check(flow_advance(&meter, moment("14:01:00"), &flow) == 1 && flow.quotes == 4 && flow.trades == 0, "a minute");
    /* (0.2×15 + 0.4×20 + 0.1×5) / 40 = 11.5 / 40 */
    check(near(flow.spread, 0.2875) && near(flow.spread_low, 0.1) && near(flow.spread_high, 0.4),
          "spread, by the time it stood: %g", flow.spread);
    /* bid (10×15 + 20×20 + 40×5)/40 = 18.75; ask (30×15 + 20×20 + 40×5)/40 = 26.25; imbalance (−0.5×15 + 0 + 0)/40 */
    check(near(flow.bid_depth, 18.75) && near(flow.ask_depth, 26.25) && near(flow.depth_imbalance, -0.1875),
          "depths %g and %g, imbalance %g", flow.bid_depth, flow.ask_depth, flow.depth_imbalance);
    check(isnan(flow.effective) && flow.control == DEC_NONE, "without trades no prices of trades");
    (void)trade(&meter, "14:01:59", "100.1", "1", SIDE_NONE);
    (void)flow_advance(&meter, moment("14:02:00"), &flow);
    check(near(flow.spread, 0.1) && flow.buy == 1, "the last quote stands on");
    check(flow_advance(&meter, moment("14:05:00"), &flow) == 0, "nothing came: no record");
    (void)trade(&meter, "19:59:59", "101", "1", SIDE_NONE);
    check(flow_advance(&meter, INT64_MAX, &flow) == 1 && flow.end == moment("20:00:00"), "the end of all ends it");
    flow_clear(&meter);
    struct flow_terms bad = {.calendar = &nyse, .interval = {INTERVAL_TICK, 5}};
    check(flow_init(&meter, &bad, "XYZ", &error) == -1 && error.code == EXIT_USAGE, "of time alone");
}

/* By time, those of one moment as they came; one that is taken back is gone as long as it waits. */
static void test_queue(void)
{
    static const int64_t time[] = {30, 10, 20, 10, 40};
    static const uint32_t expected[] = {1, 3, 0, 4}; /* lanes: the third is taken back */
    struct flow_queue queue;
    struct flow_tick tick = {.price = 1, .quantity = 1};
    size_t taken = 0;
    bool right = true;
    flow_queue_init(&queue);
    for (uint32_t i = 0; i < 5; i++) {
        tick.lane = i;
        tick.time = time[i];
        (void)flow_queue_add(&queue, &tick, &error);
    }
    tick = (struct flow_tick){.time = 20, .lane = 2, .price = 1, .quantity = 2};
    check(!flow_queue_take_back(&queue, &tick), "of another size: not the one");
    tick.quantity = 1;
    check(flow_queue_take_back(&queue, &tick), "taken back");
    check(!flow_queue_take(&queue, 9, &tick), "nothing is due yet");
    while (flow_queue_take(&queue, 30, &tick))
        right = right && taken < 4 && tick.lane == expected[taken++];
    check(right && taken == 3, "in order, up to a moment");
    for (int64_t i = 0; i < 1000; i++) { /* the front is used again */
        tick = (struct flow_tick){.time = 50 + i, .price = 1, .quantity = 1};
        (void)flow_queue_add(&queue, &tick, &error);
        right = right && flow_queue_take(&queue, INT64_MAX, &tick) && tick.time == (i == 0 ? 40 : 49 + i);
    }
    check(right && queue.capacity < 64, "room is used again: %zu", queue.capacity);
    flow_queue_clear(&queue);
}

int main(void)
{
    error_clear(&error);
    struct zone *zone = zone_open("America/New_York", &error);
    if (zone == NULL || calendar_init(&nyse, "nyse", zone, &error) != 0)
        return 1;
    test_queue();
    test_profiles();
    test_sides();
    test_spreads();
    zone_free(zone);
    return done();
}
