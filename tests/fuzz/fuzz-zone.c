/* Any bytes as a TZif file: refused, or a zone whose clock stays within 26 hours of UTC, both ways. */
#include "base/time.h"
#include "base/zone.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static const int64_t moments[] = {0, 1, 951782400, 2147483647, 4294967296, 9223000000};
    struct error error = {0};
    struct zone *zone = zone_from_bytes("fuzz", bytes, length, &error);
    if (!zone) {
        require(error.code == EXIT_INPUT);
        return 0;
    }
    for (size_t i = 0; i < sizeof moments / sizeof *moments; i++) {
        const char *name = NULL;
        int64_t time = moments[i] * TIME_SECOND;
        int offset = zone_offset(zone, time, &name);
        require(offset > -25 * 3600 && offset < 26 * 3600 && strlen(name) < 256);
        int64_t back = zone_to_utc(zone, zone_to_local(zone, time));
        require(back > time - 51 * TIME_HOUR && back < time + 51 * TIME_HOUR);
    }
    zone_free(zone);
    return 0;
}
