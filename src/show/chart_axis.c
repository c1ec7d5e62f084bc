/* The axes of text charts. */
#include "show/chart_axis.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

void axis_init(struct axis *axis, double low, double high, int rows, const char *unit)
{
    if (!(high > low)) {
        const double margin = low == 0 ? 1 : fabs(low) * 0.01;
        low -= margin;
        high += margin;
    }
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
    char label[64];
    (void)snprintf(label, sizeof label, "%.*f%s", axis->digits, value, axis->unit);
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
        style_add(out, str_of(lines[i]), style);
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
