/* Charts: text charts small enough to draw by hand, ticks, and what may stand in a picture. */
#include "tap.h"

#include "base/time.h"
#include "show/canvas.h"
#include "show/chart_axis.h"
#include "show/chart_text.h"
#include "show/draw.h"
#include "show/draw_bars.h"
#include "show/drawing_render.h"

#include <math.h>
#include <string.h>

static struct error error;
static struct buf out = {.maximum = 1 << 24};

static void test_axes(void)
{
    check(scale_step(0, 10, 5) == 2, "10 in at most 5 parts: steps of 2");
    check(scale_step(92000, 117000, 7) == 5000, "25000 in at most 7: 5000");
    check(fabs(scale_step(1.0, 1.1, 4) - 0.025) < 1e-12, "0.1 in at most 4: 0.025");
    check(scale_step(5, 5, 4) == 1, "an empty range");
    check(scale_digits(0.025) == 3 && scale_digits(0.5) == 1 && scale_digits(50) == 0, "digits that a step needs");
}

/* U+28C9: dots 1 and 4 (top) and 7 and 8 (bottom): 0x01 + 0x08 + 0x40 + 0x80. */
static void test_canvas(void)
{
    struct canvas canvas;
    check(canvas_init(&canvas, 2, 1, false, &error) == 0, "a canvas of two cells");
    check(canvas_width(&canvas) == 4 && canvas_height(&canvas) == 4, "Braille cells have 2 x 4 dots");
    canvas_line(&canvas, 0, 0, 1, 0);
    canvas_line(&canvas, 0, 3, 1, 3);
    canvas_dot(&canvas, 9, 9);
    buf_reset(&out);
    canvas_row(&canvas, 0, &out);
    check_text(out.p, "\u28c9", "dots as a Braille pattern, blanks at the end left out");
    canvas_clear(&canvas);

    check(canvas_init(&canvas, 4, 1, true, &error) == 0, "the same in ASCII");
    canvas_line(&canvas, 0, 1, 3, 0);
    canvas_dot(&canvas, 0, 0);
    buf_reset(&out);
    canvas_row(&canvas, 0, &out);
    check_text(out.p, ":.''", "upper, lower, both");
    canvas_clear(&canvas);
}

static void test_equity(void)
{
    static const struct chart_point point[] = {{0, 100}, {10 * TIME_DAY, 120}, {20 * TIME_DAY, 90}};
    const struct chart_curve curve[] = {{"one", "", point, 3, false}, {"two", "", point, 1, false}};
    const struct equity_chart chart = {.title = "T\033[2J", .subtitle = "", .curve = curve, .curves = 2};
    const struct style style = {.width = 40, .ascii = true};
    buf_reset(&out);
    check(chart_text_equity(&chart, &style, &out, &error) == 0, "draws");
    check(strncmp(out.p, "T\none\n", 6) == 0, "fault-076: title without escapes, then the curve's name");
    /* 28 columns, so the peak, half way, is in column 14 of 0 to 27. */
    check(strstr(out.p, "       120 +             .:\n") != NULL, "the peak is in the middle of the top row");
    check(strstr(out.p, "     -20 % +") != NULL, "the drawdown of a quarter has its scale");
    /* 20 days in 28 columns: room for 4 ticks. Of 1970 the 5th, 12th and 19th of January were Mondays: days 4,
     * 11 and 18 of 20, so at columns 5, 15 and 24 of 27; labels are centred there. */
    check(strstr(out.p, "               5 Jan      12       19\n") != NULL, "Mondays below");
    check(strstr(out.p, "two\nno equity curve: fewer than two points\n") != NULL, "a curve of one point says so");
}

static void test_candles(void)
{
    static const struct chart_bar bar[] = {{0, 10, 12, 9, 11, 100}, {TIME_DAY, 11, 11, 8, 9, 50}};
    static const double line[] = {NAN, 10};
    static const struct chart_line lines[] = {{.name = "avg", .value = line},
                                              {.name = "rsi", .value = line, .panel = 1}};
    static const struct chart_mark mark[] = {{TIME_HOUR, 10, true}, {TIME_DAY, 11, false}};
    const struct candle_chart chart = {.title = "X",
                                       .subtitle = "",
                                       .bar = bar,
                                       .bars = 2,
                                       .line = lines,
                                       .lines = 2,
                                       .mark = mark,
                                       .marks = 2,
                                       .daily = true};
    const struct style style = {.width = 40, .ascii = true};
    buf_reset(&out);
    check(chart_text_candles(&chart, &style, &out, &error) == 0, "draws candles");
    /* 18 rows from 12 to 8: row = 17 x (12 - price) / 4. The first has its body from 11 (row 4) to 10 (row 9). */
    check(strstr(out.p, "      12.0 +|\n") != NULL, "the first high is the top row");
    check(strstr(out.p, "      11.0 +#o\n") != NULL, "both bodies reach 11: one rising, one falling");
    check(strstr(out.p, "       8.0 + |\n") != NULL, "the second low is the bottom row");
    check(strstr(out.p, "     fills |^v\n") != NULL, "bought in the first, sold in the second");
    check(strstr(out.p, "       100 |#\n") != NULL && strstr(out.p, "    volume |##\n") != NULL,
          "the volume of the second is half");
    check(strstr(out.p, ". avg 10.00\n") != NULL && strstr(out.p, " rsi 10.00\n") != NULL, "last values of the lines");
    check(chart_bar_at(&chart, -1) == -1 && chart_bar_at(&chart, TIME_HOUR) == 0 && chart_bar_at(&chart, TIME_DAY) == 1,
          "a fill belongs to the bar that had begun");
}

/* Every line of a script must be one that we wrote: labels cannot end theirs, nor the quotes they stand in. */
static void test_labels(void)
{
    static const char *const evil[] = {"'", "it's", "`touch x`", "\"<cat x\"", "a\nset output 'x'", "@x", "\\", "''x"};
    for (size_t i = 0; i < sizeof evil / sizeof *evil; i++) {
        buf_reset(&out);
        gnuplot_label(&out, str_of(evil[i]));
        check(out.n >= 2 && out.p[0] == '\'' && strchr(out.p + 1, '\'') == out.p + out.n - 1 &&
                  strchr(out.p, '\n') == NULL,
              "fault-073: label %zu stays within its quotes", i);
    }
    enum picture_kind kind;
    check(picture_kind_of("a.svg", &kind, &error) == 0 && kind == PICTURE_SVG, "svg by suffix");
    check(picture_kind_of("a.b.png", &kind, &error) == 0 && kind == PICTURE_PNG, "png by suffix");
    check(picture_kind_of("svg", &kind, &error) == -1 && error.code == EXIT_USAGE, "others are refused");
    error_clear(&error);
}

/* Labels as joined text: "a|b|c". */
static const char *joined(const struct tick *tick, int ticks)
{
    buf_reset(&out);
    buf_add_text(&out, "");
    for (int i = 0; i < ticks; i++)
        buf_printf(&out, "%s%s", i == 0 ? "" : "|", tick[i].text);
    return out.n == 0 ? "" : out.p;
}

static int64_t at(int year, int month, int day, int minutes)
{
    return date_to_days((struct date){year, month, day}) * TIME_DAY + minutes * TIME_MINUTE;
}

/* What a person would say: the periods that begin within the range, and what changed since the tick before. */
static void test_time_ticks(void)
{
    static const struct {
        int from[4], to[4], most;
        const char *expected;
    } rows[] = {
        {{2024, 3, 4, 570}, {2024, 3, 4, 960}, 8, "10:00|11:00|12:00|13:00|14:00|15:00|16:00"},
        {{2024, 3, 1, 0}, {2024, 3, 5, 0}, 8, "1 Mar|2|3|4|5"},
        {{2024, 2, 20, 0}, {2024, 3, 20, 0}, 6, "26 Feb|4 Mar|11|18"}, /* Mondays */
        {{2024, 1, 2, 960}, {2024, 1, 11, 960}, 8, "4 Jan|6|8|10"},    /* one Monday alone would say little */
        {{2023, 10, 15, 0}, {2024, 3, 15, 0}, 8, "Nov 2023|Dec|2024|Feb|Mar"},
        {{2022, 1, 1, 0}, {2024, 2, 1, 0}, 9, "2022|Apr|Jul|Oct|2023|Apr|Jul|Oct|2024"},
        {{1998, 1, 2, 0}, {2021, 3, 31, 0}, 13, "2000|2002|2004|2006|2008|2010|2012|2014|2016|2018|2020"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct tick tick[TICKS_MAX];
        const int *f = rows[i].from, *t = rows[i].to;
        const int ticks = time_ticks(at(f[0], f[1], f[2], f[3]), at(t[0], t[1], t[2], t[3]), NULL, rows[i].most, tick);
        check(strcmp(joined(tick, ticks), rows[i].expected) == 0, "ticks of time %zu: %s", i, out.p);
    }
    int64_t local[26]; /* two sessions of 30-minute bars */
    for (int i = 0; i < 26; i++)
        local[i] = at(2024, 3, 4 + i / 13, 570 + 30 * (i % 13));
    struct tick tick[TICKS_MAX];
    int ticks = bar_ticks(local, 13, false, 14, tick);
    check_text(joined(tick, ticks), "09:30|10:00|10:30|11:00|11:30|12:00|12:30|13:00|13:30|14:00|14:30|15:00|15:30",
               "a session's half hours");
    ticks = bar_ticks(local, 26, false, 8, tick);
    check_text(joined(tick, ticks), "09:30|12:00|14:00|5 Mar|12:00|14:00",
               "every two hours, but 10:00, which is too near; the next day is named");
    check(tick[3].at == 13, "at its first bar");
    local[0] = at(2024, 1, 2, 0);
    ticks = bar_ticks(local, 1, true, 8, tick);
    check_text(joined(tick, ticks), "2 Jan", "a single day is a day");
}

/* Ranges that doubles cannot divide into steps: 90 billion and a fifty-thousandth has no double between the two. */
static void test_range(void)
{
    static const struct {
        double low, high, from, to;
    } rows[] = {
        {10, 11, 10, 11},
        {5, 5, 4.95, 5.05},
        {0, 0, -1, 1},
        {90000000000, 90000000000.00002, 89100000000, 90900000000},
        {-INFINITY, INFINITY, -1e300, 1e300},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        double low = rows[i].low, high = rows[i].high;
        scale_range(&low, &high);
        check(fabs(low - rows[i].from) <= 1e-9 * fabs(rows[i].from) && fabs(high - rows[i].to) <= 1e-9 * rows[i].to,
              "range %g to %g", rows[i].low, rows[i].high);
        struct axis axis;
        axis_init(&axis, rows[i].low, rows[i].high, 18, "");
        buf_reset(&out);
        for (int row = 0; row < axis.rows; row++)
            axis_row(&axis, row, &(struct style){.ascii = true}, &out);
        check(!out.failed && memchr(out.p, '+', out.n) != NULL, "has its ticks");
    }
}

static void test_value_text(void)
{
    static const struct {
        double value;
        int digits;
        const char *unit, *expected;
    } rows[] = {
        {1234567.5, 2, "", "1\u202f234\u202f567.50"},
        {-0.001, 2, " %", "0.00 %"},
        {-12.5, 1, " %", "−12.5 %"},
        {999, 0, "", "999"},
    };
    char text[TICK_TEXT_MAX];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        value_text(text, rows[i].value, rows[i].digits, rows[i].unit);
        check(strcmp(text, rows[i].expected) == 0, "a value as text %zu: %s", i, text);
    }
    static const struct {
        double value;
        const char *expected;
    } amounts[] = {{100e6, "100 M"}, {1.2e9, "1.2 bn"}, {82.54e6, "82.5 M"}, {25000, "25 k"}, {950, "950"}, {0, "0"}};
    for (size_t i = 0; i < sizeof amounts / sizeof *amounts; i++) {
        amount_text(text, amounts[i].value);
        check(strcmp(text, amounts[i].expected) == 0, "an amount as text %zu: %s", i, text);
    }
}

static void test_scales(void)
{
    struct scale scale;
    struct tick tick[TICKS_MAX];
    scale_init(&scale, 90, 1100, true, 300, 0);
    check_text(joined(tick, scale_ticks(&scale, 9, "", tick)), "100|200|500|1\u202f000", "a log scale has 1, 2 and 5");
    scale_init(&scale, 1, 100, true, 0, 200);
    check(fabs(scale_place(&scale, 10) - 100) < 1e-9, "10 is half way from 1 to 100 on it");
    scale_init(&scale, -1, 100, true, 0, 200);
    check(!scale.log, "a range with negative values is linear");
    check(!chart_is_log(CHART_SCALE_AUTO, 20, 100) && chart_is_log(CHART_SCALE_AUTO, 20, 101) &&
              !chart_is_log(CHART_SCALE_LINEAR, 1, 100) && chart_is_log(CHART_SCALE_LOG, 99, 100),
          "log by itself above 5:1");
}

/* A hundred thousand points: thinned, but the extremes stay. With margins of 5 % of 7.5 to 923.25 the highest lies at
 * 0.05 / 1.1 of the panel's height from its top, the lowest as far from its bottom. */
static void test_thinning(void)
{
    static struct chart_point point[100000];
    for (int i = 0; i < 100000; i++)
        point[i] = (struct chart_point){.time = i * TIME_MINUTE, .value = 100 + i % 10};
    point[4321].value = 7.5;
    point[87654].value = 923.25;
    const struct chart_curve curve = {.name = "long", .words = "", .point = point, .points = 100000};
    const struct equity_chart chart = {
        .title = "t", .subtitle = "", .curve = &curve, .curves = 1, .scale = CHART_SCALE_LINEAR};
    struct drawing drawing;
    drawing_init(&drawing, DRAW_WIDTH, DRAW_HEIGHT);
    check(draw_equity(&drawing, &chart, true, &error) == 0, "a long curve");
    check(drawing.points < 20000, "is thinned (%zu points)", drawing.points);
    const double top = 82, split = top + (DRAW_HEIGHT - 34 - top) * 0.7, margin = (split - top) * 0.05 / 1.1;
    bool lowest = false, highest = false;
    for (size_t i = 0; i < drawing.points; i++) {
        highest |= fabs(drawing.point[i].y - (top + margin)) < 1e-6;
        lowest |= fabs(drawing.point[i].y - (split - margin)) < 1e-6;
    }
    check(lowest && highest, "its extremes are kept");
    drawing_clear(&drawing);
}

/* Candles have half of the picture at least, whatever stands below them. */
static void test_room(void)
{
    static struct chart_bar bar[50];
    static double figures[50];
    for (int i = 0; i < 50; i++) {
        figures[i] = 95;
        bar[i] =
            (struct chart_bar){.time = i * TIME_DAY, .open = 100, .high = 110, .low = 90, .close = 105, .volume = 1e6};
    }
    static const double bounds[] = {30, 70};
    for (int panels = 0; panels <= 6; panels++) {
        struct chart_line line[6];
        for (int i = 0; i < panels; i++)
            line[i] = (struct chart_line){
                .name = "x", .value = figures, .panel = i + 1, .bound = bounds, .bounds = i == 0 ? 2 : 0};
        const struct candle_chart chart = {
            .title = "", .subtitle = "", .bar = bar, .bars = 50, .line = line, .lines = panels, .daily = true};
        struct drawing drawing;
        drawing_init(&drawing, DRAW_WIDTH, draw_candles_height(&chart));
        check(draw_candles(&drawing, &chart, true, &error) == 0, "%d panels", panels);
        double high = INFINITY, low = 0; /* the wicks are the first lines of the group */
        for (size_t i = 0; i < drawing.shapes && high > low; i++) {
            const struct shape *shape = &drawing.shape[i];
            for (size_t k = shape->from; shape->group == 1 && k < shape->from + shape->count; k++)
                if (isfinite(drawing.point[k].y)) {
                    high = fmin(high, drawing.point[k].y);
                    low = fmax(low, drawing.point[k].y);
                }
        }
        /* the bars span 1 / 1.12 of the candles' room */
        check(1.12 * (low - high) >= 0.49 * drawing.height, "%d panels leave %.0f of %.0f pixels to the candles",
              panels, 1.12 * (low - high), drawing.height);
        buf_reset(&out);
        drawing_svg(&drawing, true, "x", &out);
        check((strstr(out.p, ">30</text>") != NULL) == (panels > 0), "bounds of 30 and 70 are labelled");
        check((strstr(out.p, "2 more panels not drawn") != NULL) == (panels == 6), "what is not drawn is said");
        drawing_clear(&drawing);
    }
}

/* Nothing foreign ends an element, an attribute or the script. */
static void test_markup(void)
{
    static const char *const evil[] = {"<script>alert(1)</script>", "\" onload=\"x", "'&lt;", "]]>", "a\033[2J\nb"};
    for (size_t i = 0; i < sizeof evil / sizeof *evil; i++) {
        struct drawing drawing;
        drawing_init(&drawing, 100, 100);
        drawing.title = drawing.words = evil[i];
        drawing_text(&drawing, INK_TEXT, 1, 1, 10, ANCHOR_START, false, evil[i]);
        buf_reset(&out);
        drawing_svg(&drawing, false, "x", &out);
        int opened = 0;
        for (const char *p = out.p; *p != '\0'; p++)
            opened += *p == '<';
        check(opened == 8 && strstr(out.p, "<script") == NULL && strchr(out.p, '\033') == NULL &&
                  strchr(out.p, '\'') == NULL,
              "fault-074: text %zu makes no element of its own", i);
        drawing_clear(&drawing);
    }
    buf_reset(&out);
    markup_add(&out, STR("a<b & \"c\" 'd'>"));
    check_text(out.p, "a&lt;b &amp; &quot;c&quot; &#39;d&#39;&gt;", "the five entities of XML");
}

/* Labels of bars: their texts joined, and in how many rows they stand. */
static const char *bar_labels(const char *const *name, size_t bars, int *rows)
{
    struct bar_value bar[24] = {0};
    struct drawing drawing;
    drawing_init(&drawing, 400, 220);
    for (size_t i = 0; i < bars; i++) {
        bar[i].value = 1;
        (void)snprintf(bar[i].label, sizeof bar[i].label, "%s", name[i]);
    }
    check(draw_bars(&drawing, bar, bars, "", &error) == 0, "%zu bars", bars);
    buf_reset(&out);
    double first = NAN;
    *rows = 1;
    for (size_t i = 0; i < drawing.shapes; i++) {
        const struct shape *shape = &drawing.shape[i];
        if (shape->kind != SHAPE_TEXT || !shape->tick)
            continue;
        buf_printf(&out, "%s" STR_FMT, out.n > 0 ? "|" : "", (int)shape->count, drawing.text.p + shape->from);
        first = isnan(first) ? shape->at.y : first;
        *rows = shape->at.y > first ? 2 : *rows;
    }
    drawing_clear(&drawing);
    return out.p;
}

static void test_bar_labels(void)
{
    static const char *const few[] = {"Mon", "Tue"};
    static const char *const costs[] = {"before costs", "commission and fees", "slippage", "net"};
    static const char *const names[] = {"momentum:lookback=40,skip=5,of=close", "b", "c", "d", "e"};
    static const char *const symbols[] = {"AAPL", "MSFT", "NVDA", "JPM", "XOM", "SPY", "QQQ", "IWM",
                                          "DIA",  "TLT",  "GLD",  "SLV", "USO", "UNG", "EEM", "EFA",
                                          "VNQ",  "HYG",  "LQD",  "XLF", "XLE", "XLK", "XLV", "XLY"};
    int rows;
    check_text(bar_labels(few, 2, &rows), "Mon|Tue", "labels that fit");
    check(rows == 1, "stand in one row");
    check_text(bar_labels(costs, 4, &rows), "before costs|commission and fees|slippage|net",
               "wider ones are all there");
    check(rows == 2, "in two");
    const char *cut = bar_labels(names, 5, &rows);
    check(strncmp(cut, "momentum:look", 13) == 0 && strstr(cut, "…|b|c|d|e") != NULL, "one that has no room is cut: %s",
          cut);
    const char *some = bar_labels(symbols, 24, &rows);
    check(strncmp(some, "AAPL|", 5) == 0 && strstr(some, "…") == NULL && strchr(some + 5, '|') != NULL && rows == 1,
          "of very many some are named: %s", some);
}

/* A year in one strip, in two halves; weekends only where something happened at one. */
static void test_calendar(void)
{
    struct day_value day[400];
    for (int i = 0; i < 366; i++)
        day[i] = (struct day_value){date_to_days((struct date){2024, 1, 1}) + i, 0.01};
    size_t days = 0;
    struct day_value week[366];
    for (int i = 0; i < 366; i++)
        if ((date_weekday(day[i].day) + 6) % 7 < 5)
            week[days++] = day[i];
    const struct calendar_form whole = {5, false}, halves = {2, true};
    const double seven = draw_calendar_height(day, 366, &whole, 1000),
                 five = draw_calendar_height(week, days, &whole, 1000);
    check(seven > five, "weekends take room where they are");
    check(fabs(draw_calendar_height(week, days, &halves, 1000) - 2 * five) < 1e-9, "two halves are two strips");
    struct drawing drawing;
    drawing_init(&drawing, 400, draw_calendar_height(week, days, &halves, 400));
    check(draw_calendar(&drawing, week, days, 0.01, &halves, &error) == 0, "a calendar in halves");
    double right = 0, bottom = 0;
    for (size_t i = 0; i < drawing.points; i++)
        if (!isnan(drawing.point[i].x)) {
            right = fmax(right, drawing.point[i].x);
            bottom = fmax(bottom, drawing.point[i].y);
        }
    check(right <= drawing.width && bottom <= drawing.height, "stays in its picture: %.1f, %.1f", right, bottom);
    drawing_clear(&drawing);
}

/* Digits of quotes: currencies have 5 or 3, shares 2, adjusted prices none of their own. */
static void test_digits(void)
{
    static const struct {
        double close[3], price;
        int digits;
    } rows[] = {
        {{1.08543, 1.0855, 1.08}, 1.0854312, 5}, {{150.123, 150.2, 151}, 150.5, 3},
        {{101.5, 102.25, 99}, 100, 2},           {{98.12345678, 97.5, 96.1}, 98.12345678, 2},
        {{0.1234, 0.13, 0.12}, 0.12, 4},         {{0.00001234, 0.00001, 0.00001}, 0.00001, 8},
        {{43210.1, 43000, 42000}, 43210.1, 2},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct chart_bar bar[3];
        for (int k = 0; k < 3; k++)
            bar[k] = (struct chart_bar){.close = rows[i].close[k]};
        check(chart_price_digits(bar, 3, rows[i].price) == rows[i].digits, "digits of quotes like %.8g", rows[i].price);
    }
    check(chart_price_digits(NULL, 0, 5) == 2, "without bars those of the price");
}

int main(void)
{
    test_digits();
    test_axes();
    test_canvas();
    test_equity();
    test_candles();
    test_labels();
    test_time_ticks();
    test_range();
    test_value_text();
    test_scales();
    test_thinning();
    test_room();
    test_markup();
    test_bar_labels();
    test_calendar();
    buf_clear(&out);
    return done();
}
