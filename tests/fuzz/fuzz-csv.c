/* Any bytes as a CSV file of bars and as a file of actions: rows that come out make sense, the others are refused. */
#include "feed/actions.h"
#include "feed/csv_file.h"
#include "feed/csv_text.h"
#include "feed/feed.h"
#include "market/validate.h"

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static int take_row(void *context, const struct csv_row *row, struct error *error)
{
    uint64_t *last = context;
    require(row->line > *last && row->has_time);
    require(row->open == DEC_NONE || (row->open > 0 && row->low <= row->high && row->close <= row->high));
    require((row->new_shares > 0) == (row->old_shares > 0) && row->dividend >= 0);
    *last = row->line;
    (void)error;
    return 0;
}

static int take_bad(void *context, const struct csv_row *row, struct error *error)
{
    uint64_t *last = context;
    require(row->line > *last && error->code == EXIT_INPUT);
    *last = row->line;
    error_clear(error);
    return 0;
}

static void start_again(void *context)
{
    *(uint64_t *)context = 0;
}

/* All of it as a source of bars: what comes out is in order. */
static void read_source(const struct feed_request *request)
{
    void *source;
    struct error error = {0};
    if (feed_csv.open(&source, request, &error) < 0)
        return;
    struct feed_stream *stream = feed_csv.start(source, "A", &error);
    struct feed_item item;
    int64_t last = INT64_MIN;
    while (stream != NULL && feed_csv.next(stream, &item, &error) == 1) {
        if (item.type != RECORD_BAR)
            continue;
        require(item.bar.time > last && item.bar.end > item.bar.time);
        last = item.bar.time;
    }
    feed_csv.stop(stream);
    feed_csv.close(source);
}

static void take_note(void *context, const char *symbol, const char *text)
{
    (void)context;
    require(symbol[0] != '\0' && text[0] != '\0');
}

static int take_bad_action(void *context, const char *file, uint64_t line, struct error *error)
{
    (void)file;
    (void)line;
    (void)context;
    error_clear(error);
    return 0;
}

static void take_warning(void *context, const char *symbol, const char *text, const char *hint)
{
    take_note(context, symbol, text);
    (void)hint;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    char path[64];
    uint64_t last = 0;
    struct error error = {0};
    const int fd = memfd_create("csv", MFD_CLOEXEC);
    require(fd >= 0 && (length == 0 || write(fd, bytes, length) == (ssize_t)length));
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    struct zone *zone = zone_open("UTC", &error);
    struct calendar calendar;
    require(zone != NULL && calendar_init(&calendar, "always", zone, &error) == 0);
    const struct csv_reading reading = {.calendar = &calendar,
                                        .zone = zone,
                                        .row = take_row,
                                        .bad = take_bad,
                                        .restart = start_again,
                                        .context = &last};
    struct buf text;
    struct csv_facts facts;
    if (csv_text_read(path, &text, &error) == 0)
        (void)csv_file_read(buf_str(&text), &reading, &facts, &error);
    buf_clear(&text);
    error_clear(&error);

    const struct feed_request request = {
        .name = "",
        .argument = path,
        .interval = {INTERVAL_MONTH, 12},
        .from = TIME_NONE,
        .to = TIME_NONE,
        .now = INT64_C(4102444800) * TIME_SECOND, /* 2100 */
        .calendar = &calendar,
        .csv_zone = zone,
        .bad = take_bad_action,
        .note = take_note,
        .warn = take_warning,
    };
    read_source(&request);
    struct action_set actions;
    action_set_init(&actions);
    (void)action_set_read(&actions, path, &request, &error);
    for (size_t i = 1; i < actions.count; i++)
        require(action_set_get(&actions, i - 1)->time <= action_set_get(&actions, i)->time);
    action_set_clear(&actions);
    zone_free(zone);
    close(fd);
    return 0;
}
