/* Any text as a time, a date and an interval: refused, or written and read again as the same. */
#include "base/time.h"
#include "record/interval.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    const char *text = (const char *)bytes;
    char written[TIME_TEXT_MAX];
    struct error error = {0};
    int64_t time, again;
    if (time_parse(&time, text, length, &error) == 0)
        require(time >= 0 && time_parse(&again, written, time_format(written, time), &error) == 0 && again == time);
    error_clear(&error);
    struct date date, same;
    if (date_parse(&date, text, length, &error) == 0)
        require(date_parse(&same, written, date_format(written, date), &error) == 0 &&
                date_to_days(same) == date_to_days(date));
    error_clear(&error);
    struct interval interval, back;
    char name[INTERVAL_TEXT_MAX];
    if (interval_parse(&interval, text, length, &error) == 0)
        require(interval_parse(&back, name, interval_format(name, interval), &error) == 0 &&
                interval_equal(interval, back));
    return 0;
}
