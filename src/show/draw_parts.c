/* What charts share: head, axes, key, last values. */
#include "show/draw.h"

#include <math.h>
#include <string.h>

#define TAG_HEIGHT 18.0

static const struct pen grid = {.ink = INK_GRID, .width = 1};

double draw_head(struct drawing *drawing, const char *title, const char *subtitle, bool headed)
{
    drawing->title = title;
    drawing->words = subtitle;
    if (!headed)
        return 14;
    drawing_text(drawing, INK_TEXT, 20, 28, title[0] != '\0' && strlen(title) > 110 ? 15 : 18, ANCHOR_START, true,
                 title);
    drawing_text(drawing, INK_QUIET, 20, 53, DRAW_LETTERS, ANCHOR_START, false, subtitle);
    return 82;
}

void draw_values(struct drawing *drawing, const struct scale *scale, const struct frame *frame, int most)
{
    struct tick tick[TICKS_MAX];
    const int ticks = scale_ticks(scale, most, "", tick);
    for (int i = 0; i < ticks; i++) {
        const double y = round(scale_place(scale, tick[i].at)) + 0.5;
        drawing_segment(drawing, grid, frame->left, y, frame->right, y);
    }
}

void draw_labels(struct drawing *drawing, const struct scale *scale, const struct frame *frame, const struct tick *tick,
                 int ticks, const struct tag *tag, int tags)
{
    for (int i = 0; i < ticks; i++) {
        const double y = scale_place(scale, tick[i].at);
        bool is_free = true;
        for (int k = 0; k < tags; k++)
            is_free &= fabs(tag[k].y - y) > TAG_HEIGHT;
        if (is_free)
            drawing_text(drawing, INK_QUIET, frame->right + 8, y, DRAW_LETTERS - 1, ANCHOR_START, false, tick[i].text);
    }
}

void draw_value_labels(struct drawing *drawing, const struct scale *scale, const struct frame *frame, int most,
                       const char *unit, const struct tag *tag, int tags)
{
    struct tick tick[TICKS_MAX];
    draw_labels(drawing, scale, frame, tick, scale_ticks(scale, most, unit, tick), tag, tags);
}

void draw_times(struct drawing *drawing, const struct scale *scale, const struct frame *frame, const struct tick *tick,
                int ticks, bool labelled)
{
    drawing->tick = true;
    for (int i = 0; i < ticks; i++) {
        const double x = round(scale_place(scale, tick[i].at)) + 0.5;
        drawing_segment(drawing, grid, x, frame->top, x, frame->bottom);
    }
    double free_from = -INFINITY;
    for (int i = 0; labelled && i < ticks; i++) {
        const double x = scale_place(scale, tick[i].at);
        const double half = drawing_text_width(tick[i].text, DRAW_LETTERS - 1) / 2;
        if (x - half < free_from || x - half < 0 || x + half > drawing->width)
            continue;
        drawing_text(drawing, INK_QUIET, x, frame->bottom + 16, DRAW_LETTERS - 1, ANCHOR_MIDDLE, false, tick[i].text);
        free_from = x + half + 8;
    }
    drawing->tick = false;
}

double draw_key(struct drawing *drawing, struct pen pen, bool filled, double x, double y, const char *name,
                const char *words)
{
    if (filled) {
        pen.opacity = fmax(pen.opacity, 0.5);
        drawing_box(drawing, pen, x, y - 5, x + 12, y + 5);
    } else {
        pen.width = fmax(pen.width, 2);
        drawing_segment(drawing, pen, x, y, x + 18, y);
    }
    x += filled ? 18 : 24;
    char fitted[DRAWING_FIT_MAX];
    drawing_text_fit(fitted, name, DRAW_LETTERS, drawing->width - x - 8);
    drawing_text(drawing, INK_TEXT, x, y, DRAW_LETTERS, ANCHOR_START, false, fitted);
    x += drawing_text_width(fitted, DRAW_LETTERS) + 8;
    if (words[0] != '\0') {
        drawing_text(drawing, INK_QUIET, x, y, DRAW_LETTERS, ANCHOR_START, false, words);
        x += drawing_text_width(words, DRAW_LETTERS) + 8;
    }
    return x + 16;
}

void draw_tags(struct drawing *drawing, struct tag *tag, int tags, const struct frame *frame)
{
    for (int i = 1; i < tags; i++) /* few: an insertion sort */
        for (int k = i; k > 0 && tag[k].y < tag[k - 1].y; k--) {
            const struct tag other = tag[k];
            tag[k] = tag[k - 1];
            tag[k - 1] = other;
        }
    for (int i = 0; i < tags; i++) {
        const double least = i == 0 ? frame->top : tag[i - 1].y + TAG_HEIGHT + 1;
        tag[i].y = fmax(tag[i].y, least);
    }
    for (int i = tags - 1; i >= 0; i--) { /* those that were pushed out below come up again */
        const double most = i == tags - 1 ? frame->bottom : tag[i + 1].y - TAG_HEIGHT - 1;
        tag[i].y = fmin(tag[i].y, most);
    }
    for (int i = 0; i < tags; i++)
        drawing_box(drawing, (struct pen){.ink = tag[i].ink, .opacity = 1}, frame->right + 3, tag[i].y - TAG_HEIGHT / 2,
                    drawing->width - 4, tag[i].y + TAG_HEIGHT / 2);
    for (int i = 0; i < tags; i++)
        drawing_text(drawing, INK_PAPER, frame->right + 8, tag[i].y, DRAW_LETTERS - 1, ANCHOR_START, true, tag[i].text);
}
