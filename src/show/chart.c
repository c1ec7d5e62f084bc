/* What the renderers of charts share. */
#include "show/chart.h"

#include "show/scale.h"

int64_t chart_bar_at(const struct candle_chart *chart, int64_t time)
{
    size_t low = 0, high = chart->bars;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (chart->bar[middle].time <= time)
            low = middle + 1;
        else
            high = middle;
    }
    return (int64_t)low - 1;
}

bool chart_is_log(enum chart_scale scale, double low, double high)
{
    return low > 0 && (scale == CHART_SCALE_LOG || (scale == CHART_SCALE_AUTO && high > LOG_RANGE * low));
}
