/* What a user draws: reading the file, and levels that are proposed. */
#include "tap.h"

#include "base/time.h"
#include "show/draw.h"
#include "show/drawing_render.h"
#include "show/levels.h"
#include "show/overlay.h"

#include <math.h>

static struct error error;

static void test_reading(void)
{
    struct overlay overlay = {.items = 0};
    check(
        overlay_parse(&overlay,
                      STR("# mine\n\n level AAPL 185.5 high of March \r\nzone\tAAPL 175 170\n"
                          "line BTC/USD 2026-01-02 150 2026-03-02T14:30:00Z 180 trend\nnote AAPL 2026-02-14 earnings"),
                      "x", &error) == 0,
        "reads");
    check(overlay.items == 4, "four items, comments and empty lines aside");
    check(overlay.item[0].kind == OVERLAY_LEVEL && overlay.item[0].low == 185.5, "a level");
    check_text(overlay.item[0].words, "high of March", "with its words");
    check(overlay.item[1].low == 170 && overlay.item[1].high == 175, "a zone in either order");
    check(overlay.item[2].from.local && !overlay.item[2].to.local && overlay.item[2].high == 180,
          "a date and a moment");
    check(overlay_time(overlay.item[3].from, NULL) == date_to_days((struct date){2026, 2, 14}) * TIME_DAY,
          "its midnight");
    overlay_clear(&overlay);

    static const struct {
        const char *text, *message;
    } bad[] = {
        {"levl AAPL 1", "f: line 1: 'levl' is not one of: level zone line fib note"},
        {"\nlevel", "f: line 2: a symbol is missing after 'level'"},
        {"level AAPL x", "f: line 1: 'x' is not a price"},
        {"level AAPL -5", "f: line 1: '-5' is not a price"},
        {"zone AAPL 5", "f: line 1: '' is not a price"},
        {"note AAPL 9999-01-01", "f: line 1: '9999-01-01' is not a date: YYYY-MM-DD"},
        {"note AAPL soon", "f: line 1: 'soon' is not a date: YYYY-MM-DD"},
        {"level ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJKLMNOPQRSTUVWXYZ 1",
         "f: line 1: a symbol is missing after 'level'"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        error_clear(&error);
        check(overlay_parse(&overlay, str_of(bad[i].text), "f", &error) == -1 && error.code == EXIT_USAGE,
              "refused %zu", i);
        check_text(error.text, bad[i].message, "by its line");
    }
    error_clear(&error);
    overlay_clear(&overlay);
}

/* A price that swings between 100 and 110, each turn six bars from the next: highs of 111 and lows of 99 are touched
 * again and again. The turns too near the ends do not count. */
static void test_levels(void)
{
    struct chart_bar bar[73];
    for (int i = 0; i < 73; i++) {
        const double middle = 105 - 5 * cos(i * 3.14159265358979 / 6);
        bar[i] = (struct chart_bar){i * TIME_DAY, middle, middle + 1, middle - 1, middle, 1};
    }
    struct level level[4];
    check(levels_find(bar, 73, level, 4, &error) == 2, "two levels");
    check(fabs(level[0].price - 111) < 1e-9 && level[0].touches == 6 && !level[0].support, "resistance, six times");
    check(fabs(level[1].price - 99) < 1e-9 && level[1].touches == 5 && level[1].support, "support, five times");
    check(level[1].last == 60 * TIME_DAY, "the last of these");
    check(levels_find(bar, 73, level, 1, &error) == 1 && level[0].touches == 6, "of one, the one touched most");
    check(levels_find(bar, 8, level, 4, &error) == 0, "few bars have none");
}

/* What is drawn stands in the picture, what is outside is said. */
static void test_drawing(void)
{
    struct chart_bar bar[30];
    for (int i = 0; i < 30; i++)
        bar[i] = (struct chart_bar){i * TIME_DAY, 100, 102, 98, 101, 1};
    struct overlay overlay = {.items = 0};
    check(
        overlay_parse(
            &overlay,
            STR("level A 100 <near>\nlevel A 500 far\nfib A 1970-01-03 98.5 1970-01-20 101.5\nnote A 1970-01-10 news"),
            "x", &error) == 0,
        "reads");
    const struct candle_chart chart = {.title = "",
                                       .subtitle = "",
                                       .bar = bar,
                                       .bars = 30,
                                       .daily = true,
                                       .overlay = overlay.item,
                                       .overlays = overlay.items};
    struct drawing drawing;
    struct buf out = {.maximum = 1 << 22};
    drawing_init(&drawing, DRAW_WIDTH, DRAW_HEIGHT);
    check(draw_candles(&drawing, &chart, true, &error) == 0, "draws");
    drawing_svg(&drawing, true, "x", &out);
    check(strstr(out.p, "&lt;near&gt; 100.00") != NULL, "the level with its words, escaped");
    check(strstr(out.p, "1 drawn line outside of the prices and dates shown") != NULL,
          "the other is said to be outside");
    /* 61.8 % back from 101.5 to 98.5: 101.5 - 0.618 x 3 = 99.646 */
    check(strstr(out.p, "61.8 % 99.65") != NULL, "61.8 per cent of the way back");
    check(strstr(out.p, ">news<") != NULL, "and the note");
    buf_clear(&out);
    drawing_clear(&drawing);
    overlay_clear(&overlay);
}

int main(void)
{
    test_reading();
    test_levels();
    test_drawing();
    return done();
}
