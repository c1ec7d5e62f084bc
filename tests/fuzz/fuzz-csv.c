/* Any bytes as a CSV file of bars and as a file of actions: rows that come out make sense, the others are refused. */
#include "feed/actions.h"
#include "feed/csv_file.h"
#include "market/validate.h"

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static int take_row(void *context, const struct csv_row *row, struct error *error)
{
    uint64_t *last = context;
    require(row->line > *last && row->open > 0 && row->low <= row->high && row->close <= row->high);
    require((row->new_shares > 0) == (row->old_shares > 0) && row->dividend >= 0);
    require(row->time.local >= 0 || row->time.kind == CSV_EXACT);
    *last = row->line;
    (void)error;
    return 0;
}

static int take_bad(void *context, uint64_t line, struct error *error)
{
    uint64_t *last = context;
    require(line > *last && error->code == EXIT_INPUT);
    *last = line;
    error_clear(error);
    return 0;
}

static int take_bad_action(void *context, const char *file, uint64_t line, struct error *error)
{
    (void)file;
    (void)line;
    (void)context;
    error_clear(error);
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    char path[64];
    uint64_t last = 0;
    struct error error = {0};
    const int fd = memfd_create("csv", MFD_CLOEXEC);
    require(fd >= 0 && (length == 0 || write(fd, bytes, length) == (ssize_t)length));
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    const struct csv_reading reading = {.row = take_row, .bad = take_bad, .context = &last};
    (void)csv_file_read(path, &reading, &error);
    error_clear(&error);

    struct zone *zone = zone_open("UTC", &error);
    struct calendar calendar;
    require(zone != NULL && calendar_init(&calendar, "always", zone, &error) == 0);
    const struct feed_request request = {.calendar = &calendar, .csv_zone = zone, .bad = take_bad_action};
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
