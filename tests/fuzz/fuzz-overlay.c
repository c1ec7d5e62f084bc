/* Any bytes as a file of levels and lines: read, or refused with the line named; what was read can be drawn. */
#include "show/draw.h"
#include "show/overlay.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct chart_bar bar[] = {{0, 100, 102, 98, 101, 1}, {86400000000000, 101, 103, 99, 100, 2}};
    struct overlay overlay = {.items = 0};
    struct error error;
    error_clear(&error);
    const int result = overlay_parse(&overlay, (struct str){(const char *)data, size}, "f", &error);
    require((result == 0) == !error_is_set(&error));
    require(result == 0 || strncmp(error.text, "f: line ", 8) == 0);
    const struct candle_chart chart = {
        .title = "", .subtitle = "", .bar = bar, .bars = 2, .overlay = overlay.item, .overlays = overlay.items};
    struct drawing drawing;
    drawing_init(&drawing, 400, 300);
    error_clear(&error);
    require(draw_candles(&drawing, &chart, true, &error) == 0);
    drawing_clear(&drawing);
    overlay_clear(&overlay);
    return 0;
}
