/* The axes of text charts. */
#include "show/chart_axis.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

void axis_init(struct axis *axis, double low, double high, int rows, const char *unit)
{
    scale_range(&low, &high);
    *axis = (struct axis){.low = low, .high = high, .rows = rows, .unit = unit};
    axis->step = scale_step(low, high, rows / 2);
    axis->digits = scale_digits(axis->step);
}

int axis_place(const struct axis *axis, double value, int dots)
{
    const double from_top = (axis->high - value) / (axis->high - axis->low);
    const int place = (int)lround(from_top * (dots - 1));
    return place < 0 ? 0 : place >= dots ? dots - 1 : place;
}

void axis_label(double value, const struct axis *axis, const struct style *style, struct buf *out)
{
    static const struct {
        double factor;
        const char *unit;
    } large[] = {{1e12, " tn"}, {1e9, " bn"}};
    char label[64];
    const double size = fmax(fabs(axis->low), fabs(axis->high));
    (void)snprintf(label, sizeof label, "%.*f%s", axis->digits, value, axis->unit);
    for (size_t i = 2; i-- > 0;)
        if (size >= large[i].factor && scale_digits(axis->step / large[i].factor) <= 3)
            (void)snprintf(label, sizeof label, "%.*f%s", scale_digits(axis->step / large[i].factor),
                           value / large[i].factor, large[i].unit);
    if (size >= 1e15)
        (void)snprintf(label, sizeof label, "%.3g", value);
    buf_printf(out, "%*s %s", AXIS_WIDTH - 2, label, style->ascii ? "+" : "┤");
}

void axis_row(const struct axis *axis, int row, const struct style *style, struct buf *out)
{
    for (double n = ceil(axis->low / axis->step); n * axis->step <= axis->high; n++) {
        if (axis_place(axis, n * axis->step, axis->rows) != row)
            continue;
        axis_label(n == 0 ? 0 : n * axis->step, axis, style, out); /* no "-0" */
        return;
    }
    buf_printf(out, "%*s %s", AXIS_WIDTH - 2, "", style->ascii ? "|" : "│");
}

void axis_title(const char *title, const char *subtitle, const struct style *style, struct buf *out)
{
    const char *const lines[] = {title, subtitle};
    for (int i = 0; i < 2; i++) {
        if (lines[i][0] == '\0')
            continue;
        buf_add_text(out, style->color && i == 0 ? "\033[1m" : "");
        style_wrap(out, str_of(lines[i]), 0, 2, style);
        buf_add_text(out, style->color && i == 0 ? "\033[0m\n" : "\n");
    }
}

void axis_ticks(const struct tick *tick, int ticks, int columns, struct buf *out)
{
    int used = 0;
    buf_printf(out, "%*s", AXIS_WIDTH, "");
    for (int i = 0; i < ticks; i++) {
        const int length = (int)strlen(tick[i].text); /* ours: ASCII */
        int at = (int)lround(tick[i].at) - length / 2;
        at = at < 0 ? 0 : at + length > columns ? columns - length : at;
        if (used > 0 && at <= used)
            continue;
        buf_printf(out, "%*s%s", at - used, "", tick[i].text);
        used = at + length;
    }
    buf_add_char(out, '\n');
}
