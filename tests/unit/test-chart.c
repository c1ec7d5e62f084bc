/* Charts: text charts small enough to draw by hand, and what may stand in a gnuplot script. */
#include "tap.h"

#include "base/time.h"
#include "show/canvas.h"
#include "show/chart_gnuplot.h"
#include "show/chart_text.h"

#include <math.h>

static struct error error;
static struct buf out = {.maximum = 1 << 24};

static void test_axes(void)
{
    check(chart_step(0, 10, 5) == 2, "10 in at most 5 parts: steps of 2");
    check(chart_step(92000, 117000, 7) == 5000, "25000 in at most 7: 5000");
    check(fabs(chart_step(1.0, 1.1, 4) - 0.025) < 1e-12, "0.1 in at most 4: 0.025");
    check(chart_step(5, 5, 4) == 1, "an empty range");
    check(chart_digits(0.025) == 3 && chart_digits(0.5) == 1 && chart_digits(50) == 0, "digits that a step needs");
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
    const struct chart_curve curve[] = {{"one", point, 3}, {"two", point, 1}};
    const struct equity_chart chart = {.title = "T\033[2J", .subtitle = "", .curve = curve, .curves = 2};
    const struct style style = {.width = 40, .ascii = true};
    buf_reset(&out);
    check(chart_text_equity(&chart, &style, &out, &error) == 0, "draws");
    check(strncmp(out.p, "T\none\n", 6) == 0, "fault-076: title without escapes, then the curve's name");
    /* 28 columns, so the peak, half way, is in column 14 of 0 to 27. */
    check(strstr(out.p, "       120 +             .:\n") != NULL, "the peak is in the middle of the top row");
    check(strstr(out.p, "     -20 % +") != NULL, "the drawdown of a quarter has its scale");
    check(strstr(out.p, "1970-01-01 - 1970-01-21") != NULL, "dates below");
    check(strstr(out.p, "two\nno equity curve: fewer than two points\n") != NULL, "a curve of one point says so");
}

static void test_candles(void)
{
    static const struct chart_bar bar[] = {{0, 10, 12, 9, 11, 100}, {TIME_DAY, 11, 11, 8, 9, 50}};
    static const double line[] = {NAN, 10};
    static const struct chart_line lines[] = {{"avg", line, 0}, {"rsi", line, 1}};
    static const struct chart_mark mark[] = {{TIME_HOUR, 10, true}, {TIME_DAY, 11, false}};
    const struct candle_chart chart = {"X", "", bar, 2, lines, 2, mark, 2, true, NULL};
    const struct style style = {.width = 40, .ascii = true};
    buf_reset(&out);
    check(chart_text_candles(&chart, &style, &out, &error) == 0, "draws candles");
    /* 18 rows from 12 to 8: row = 17 x (12 - price) / 4. The first has its body from 11 (row 4) to 10 (row 9). */
    check(strstr(out.p, "      12.0 +|\n") != NULL, "the first high is the top row");
    check(strstr(out.p, "      11.0 +#o\n") != NULL, "both bodies reach 11: one rising, one falling");
    check(strstr(out.p, "       8.0 + |\n") != NULL, "the second low is the bottom row");
    check(strstr(out.p, "     fills |^v\n") != NULL, "bought in the first, sold in the second");
    check(strstr(out.p, "    volume |#\n") != NULL, "the volume of the second is half");
    check(strstr(out.p, "avg 10\n") != NULL && strstr(out.p, "rsi 10\n") != NULL, "last values of the lines");
    check(chart_bar_at(&chart, -1) == -1 && chart_bar_at(&chart, TIME_HOUR) == 0 && chart_bar_at(&chart, TIME_DAY) == 1,
          "a fill belongs to the bar that had begun");
}

/* Every line of a script must be one that we wrote: labels cannot end theirs, nor the quotes they stand in. */
static void test_labels(void)
{
    static const char *const evil[] = {"'", "it's", "`touch x`", "\"<cat x\"", "a\nset output 'x'", "@x", "\\", "''x"};
    for (size_t i = 0; i < sizeof evil / sizeof *evil; i++) {
        buf_reset(&out);
        gnuplot_label(&out, evil[i]);
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

/* A hundred thousand points: thinned, but the extremes stay. */
static void test_thinning(void)
{
    static struct chart_point point[100000];
    for (int i = 0; i < 100000; i++)
        point[i] = (struct chart_point){i * TIME_MINUTE, 100 + i % 10};
    point[4321].value = 7.5;
    point[87654].value = 923.25;
    const struct chart_curve curve = {"long", point, 100000};
    const struct equity_chart chart = {.title = "t", .subtitle = "", .curve = &curve, .curves = 1};
    buf_reset(&out);
    check(gnuplot_script_equity(&chart, PICTURE_SVG, &out, &error) == 0, "a long curve");
    check(out.n < 500000, "is thinned (%zu bytes)", out.n);
    check(strstr(out.p, " 7.5 ") != NULL && strstr(out.p, " 923.25 0\n") != NULL, "its extremes are kept");
}

int main(void)
{
    test_axes();
    test_canvas();
    test_equity();
    test_candles();
    test_labels();
    test_thinning();
    buf_clear(&out);
    return done();
}
