/* The file in which answers of servers say that the clock is off. */
#include "net/clock.h"

#include "base/file.h"
#include "base/num.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SAYS_FOR TIME_DAY
#define TEXT_MAX (CLOCK_HOST_MAX + 64)

void clock_note(const char *path, const struct clock_off *off)
{
    char text[TEXT_MAX];
    struct error ignored;
    error_clear(&ignored);
    if (off->by <= CLOCK_OFF_MOST && off->by >= -CLOCK_OFF_MOST) {
        (void)unlink(path);
        return;
    }
    const int n = snprintf(text, sizeof text, "%" PRId64 " %" PRId64 " %s\n", off->by, off->at, off->host);
    if (n > 0 && (size_t)n < sizeof text)
        (void)file_replace(path, text, (size_t)n, 0600, &ignored);
}

bool clock_is_off(const char *path, int64_t now, struct clock_off *off)
{
    char text[TEXT_MAX];
    struct error ignored;
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return false;
    const char *line = fgets(text, sizeof text, file);
    (void)fclose(file);
    char *at = line == NULL ? NULL : strchr(text, ' '), *host = at == NULL ? NULL : strchr(at + 1, ' ');
    if (host == NULL)
        return false;
    *at++ = '\0';
    *host++ = '\0';
    host[strcspn(host, "\n")] = '\0';
    error_clear(&ignored);
    if (num_parse_int(&off->by, text, INT64_MIN, INT64_MAX, &ignored) != 0 ||
        num_parse_int(&off->at, at, INT64_MIN, INT64_MAX, &ignored) != 0)
        return false;
    (void)snprintf(off->host, sizeof off->host, "%s", host);
    return off->at > now - SAYS_FOR && off->at < now + SAYS_FOR &&
           (off->by > CLOCK_OFF_MOST || off->by < -CLOCK_OFF_MOST);
}
