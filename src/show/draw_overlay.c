/* What a user drew on his chart, over the candles. */
#include "show/draw.h"

#include "base/time.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

struct canvas_of {
    struct drawing *drawing;
    const struct candle_chart *chart;
    const struct scale *across, *up;
    const struct frame *frame;
};

static bool is_within(const struct canvas_of *of, double price)
{
    return price > of->up->low && price < of->up->high;
}

/* Where a moment lies: at the bar of its date, before the first at the left edge. */
static double place_of(const struct canvas_of *of, struct overlay_moment moment)
{
    int64_t time = overlay_time(moment, of->chart->zone);
    if (moment.local) /* a bar of that date may begin at any time of it */
        time += TIME_DAY - 1;
    const int64_t at = chart_bar_at(of->chart, time);
    return scale_place(of->across, at < 0 ? -1 : (double)at);
}

static void words_at(const struct canvas_of *of, double price, const char *words)
{
    char text[128], value[TICK_TEXT_MAX];
    value_text(value, price, chart_price_digits(of->chart->bar, of->chart->bars, price), "");
    (void)snprintf(text, sizeof text, "%.80s%s%.40s", words, words[0] != '\0' ? " " : "", value);
    drawing_text(of->drawing, INK_WARNING, of->frame->right - 4, scale_place(of->up, price) - 8, DRAW_LETTERS - 1,
                 ANCHOR_END, false, text);
}

static void level_draw(const struct canvas_of *of, double from, double price, const char *words)
{
    const double y = scale_place(of->up, price);
    drawing_segment(of->drawing, (struct pen){.ink = INK_WARNING, .width = 1.1, .dashed = true}, from, y,
                    of->frame->right, y);
    words_at(of, price, words);
}

static void zone_draw(const struct canvas_of *of, const struct overlay_item *item)
{
    const double low = scale_place(of->up, fmax(item->low, of->up->low));
    const double high = scale_place(of->up, fmin(item->high, of->up->high));
    drawing_box(of->drawing, (struct pen){.ink = INK_WARNING, .opacity = 0.12}, of->frame->left, high, of->frame->right,
                low);
    drawing_text(of->drawing, INK_WARNING, of->frame->right - 4, high + 9, DRAW_LETTERS - 1, ANCHOR_END, false,
                 item->words);
}

/* Through both points and on to the right edge; cut where it leaves the prices shown. */
static void line_draw(const struct canvas_of *of, const struct overlay_item *item)
{
    const double x0 = place_of(of, item->from), x1 = place_of(of, item->to);
    const double y0 = scale_place(of->up, item->low), y1 = scale_place(of->up, item->high);
    if (x1 - x0 < 1)
        return;
    double x2 = of->frame->right, y2 = y0 + (y1 - y0) / (x1 - x0) * (x2 - x0);
    const double edge = y2 < of->frame->top ? of->frame->top : y2 > of->frame->bottom ? of->frame->bottom : y2;
    if (fabs(edge - y2) > 0 && fabs(y2 - y0) > 0) {
        x2 = x0 + (edge - y0) / (y2 - y0) * (x2 - x0);
        y2 = edge;
    }
    drawing_segment(of->drawing, (struct pen){.ink = INK_WARNING, .width = 1.3}, x0, y0, x2, y2);
    drawing_text(of->drawing, INK_WARNING, x1, y1 - 10, DRAW_LETTERS - 1, ANCHOR_START, false, item->words);
}

/* 0, 23.6, 38.2, 50, 61.8, 78.6 and 100 % of the way back from the second price to the first. */
static void fib_draw(const struct canvas_of *of, const struct overlay_item *item)
{
    static const double parts[] = {0, 0.236, 0.382, 0.5, 0.618, 0.786, 1};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        const double price = item->high + parts[i] * (item->low - item->high);
        char words[32];
        (void)snprintf(words, sizeof words, "%.1f %%", 100 * parts[i]);
        if (is_within(of, price))
            level_draw(of, place_of(of, item->from), price, words);
    }
}

static bool note_draw(const struct canvas_of *of, const struct overlay_item *item)
{
    const int64_t time = overlay_time(item->from, of->chart->zone) + (item->from.local ? TIME_DAY - 1 : 0);
    const int64_t at = chart_bar_at(of->chart, time);
    if (at < 0)
        return false;
    const double x = scale_place(of->across, (double)at), y = scale_place(of->up, of->chart->bar[at].high);
    drawing_segment(of->drawing, (struct pen){.ink = INK_WARNING, .width = 1}, x, y - 4, x, y - 22);
    const bool before = x > of->drawing->width * 0.8;
    const double wide = drawing_text_width(item->words, DRAW_LETTERS - 1) + 4, left = before ? x - wide : x - 4;
    drawing_box(of->drawing, (struct pen){.ink = INK_PAPER, .opacity = 0.85}, left, y - 39, left + wide + 4, y - 22);
    drawing_text(of->drawing, INK_WARNING, x, y - 30, DRAW_LETTERS - 1, before ? ANCHOR_END : ANCHOR_START, false,
                 item->words);
    return true;
}

static bool item_draw(const struct canvas_of *of, const struct overlay_item *item)
{
    switch (item->kind) {
    case OVERLAY_LEVEL:
        if (is_within(of, item->low))
            level_draw(of, of->frame->left, item->low, item->words);
        return is_within(of, item->low);
    case OVERLAY_ZONE:
        if (item->high <= of->up->low || item->low >= of->up->high)
            return false;
        zone_draw(of, item);
        return true;
    case OVERLAY_LINE:
        if (!is_within(of, item->low) || !is_within(of, item->high))
            return false;
        line_draw(of, item);
        return true;
    case OVERLAY_FIB:
        fib_draw(of, item);
        return is_within(of, item->low) || is_within(of, item->high);
    default:
        return note_draw(of, item);
    }
}

int draw_overlay(struct drawing *drawing, const struct candle_chart *chart, const struct scale *across,
                 const struct scale *up, const struct frame *frame)
{
    const struct canvas_of of = {drawing, chart, across, up, frame};
    int outside = 0;
    for (size_t i = 0; i < chart->overlays; i++)
        outside += !item_draw(&of, &chart->overlay[i]);
    return outside;
}
