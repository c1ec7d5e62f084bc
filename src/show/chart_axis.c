/* The axes of text charts. */
#include "show/chart_axis.h"

#include "base/terminal.h"
#include "base/time.h"
#include "show/scale.h"

#include <math.h>
#include <stdio.h>

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

void axis_row(const struct axis *axis, int row, const struct style *style, struct buf *out)
{
    for (double n = ceil(axis->low / axis->step); n * axis->step <= axis->high; n++) {
        if (axis_place(axis, n * axis->step, axis->rows) != row)
            continue;
        char label[64];
        const double value = n == 0 ? 0 : n * axis->step; /* no "-0" */
        (void)snprintf(label, sizeof label, "%.*f%s", axis->digits, value, axis->unit);
        buf_printf(out, "%*s %s", AXIS_WIDTH - 2, label, style->ascii ? "+" : "┤");
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

static void time_label(char label[static TIME_TEXT_MAX], int64_t time, bool hours, const struct zone *zone)
{
    const int64_t local = zone == NULL ? time : zone_to_local(zone, time);
    const size_t length = date_format(label, date_from_days(local / TIME_DAY));
    const int64_t minutes = local % TIME_DAY / TIME_MINUTE;
    if (hours)
        (void)snprintf(label + length, TIME_TEXT_MAX - length, " %02d:%02d", (int)(minutes / 60), (int)(minutes % 60));
}

void axis_times(int64_t first, int64_t middle, int64_t last, int columns, bool hours, const struct zone *zone,
                struct buf *out)
{
    char label[3][TIME_TEXT_MAX];
    time_label(label[0], first, hours, zone);
    time_label(label[1], middle, hours, zone);
    time_label(label[2], last, hours, zone);
    const int length = (int)strlen(label[0]);
    const int gaps = columns - 3 * length;
    if (gaps >= 4)
        buf_printf(out, "%*s%s%*s%s%*s%s\n", AXIS_WIDTH, "", label[0], gaps / 2, "", label[1], gaps - gaps / 2, "",
                   label[2]);
    else
        buf_printf(out, "%*s%s - %s\n", AXIS_WIDTH, "", label[0], label[2]);
}
