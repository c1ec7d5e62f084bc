/* Any text as a CSV file of signals: it is refused with a message, or gives signals that can be written and read. */
#include "base/zone.h"
#include "feed/signals_file.h"
#include "record/record.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int take(void *context, const struct signal *signal, struct error *error)
{
    struct buf *line = context;
    struct record record = {.scratch = line + 1};
    struct signal again;
    buf_reset(line);
    record_encode(line, RECORD_SIGNAL, signal);
    require(buf_check(line, error) == 0 && record_scan(&record, line->p, line->n - 1, error) == 0);
    require(record_decode(&record, &again, error) == 0 && again.time == signal->time && again.side == signal->side);
    require(strcmp(again.symbol, signal->symbol) == 0 && strcmp(again.id, signal->id) == 0);
    return 0;
}

static int bad(void *context, struct error *error)
{
    (void)context;
    require(error->code == EXIT_INPUT && error->text[0] != '\0');
    error_clear(error);
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct error error;
    struct calendar calendar;
    struct buf line[2];
    error_clear(&error);
    require(calendar_init(&calendar, "always", NULL, &error) == 0);
    buf_init(&line[0], 1 << 20);
    buf_init(&line[1], 1 << 20);
    struct signals_file file = {.calendar = &calendar, .take = take, .bad = bad, .context = line};
    const int result = signals_file_parse((struct str){(const char *)data, size}, "fuzz.csv", "fuzz", &file, &error);
    require((result == 0) == !error_is_set(&error) && (result == 0 || error.code == EXIT_INPUT));
    buf_clear(&line[0]);
    buf_clear(&line[1]);
    return 0;
}
