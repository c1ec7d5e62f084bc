/* Any bytes as a file of columns: refused, or a history that can be played. Checksums are made to fit, so that what
 * they guard is reached. */
#include "backtest/pack.h"
#include "base/checksum.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define HEADER 160

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct instrument *find_instrument(void *context, const char *symbol, struct error *error)
{
    static const struct instrument stock = INSTRUMENT_STOCK;
    (void)context, (void)symbol, (void)error;
    return &stock;
}

static uint64_t get(const uint8_t *at)
{
    uint64_t value;
    memcpy(&value, at, sizeof value);
    return value;
}

/* The sums of header, list and columns, where the counts allow it. */
static void mend(uint8_t *bytes, size_t size)
{
    const uint64_t series = get(bytes + 24), runs = get(bytes + 32), text = get(bytes + 40), bars = get(bytes + 48);
    if (series < 1000 && runs < 1000 && text < 10000 && bars < 10000) {
        const uint64_t sums = HEADER + series * 64 + runs * 16 + (text + 7) / 8 * 8;
        const uint64_t columns = sums + 8 * (bars > 0 ? 1 : 0) * 8, whole = columns + 8 * bars * 8;
        memcpy(bytes + 16, &whole, 8);
        for (uint64_t c = 0; whole == size && bars > 0 && c < 8; c++) {
            const uint64_t sum = checksum(bytes + columns + c * bars * 8, bars * 8);
            memcpy(bytes + sums + 8 * c, &sum, 8);
        }
        const uint64_t parts = whole == size ? checksum(bytes + HEADER, columns - HEADER) : 0;
        memcpy(bytes + HEADER - 16, &parts, 8);
    }
    const uint64_t sum = checksum(bytes, HEADER - 8);
    memcpy(bytes + HEADER - 8, &sum, 8);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct error error = {0};
    struct calendar calendar;
    struct pack_source source;
    char path[64];
    struct sha256 *hash = sha256_new(&error);
    const int fd = memfd_create("pack", MFD_CLOEXEC);
    if (size < HEADER || size > 65536 || fd < 0 || hash == NULL ||
        calendar_init(&calendar, "always", NULL, &error) != 0 || ftruncate(fd, (off_t)size) != 0)
        goto out;
    uint8_t *bytes = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (bytes == MAP_FAILED)
        goto out;
    memcpy(bytes, data, size);
    mend(bytes, size);
    (void)munmap(bytes, size);
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    const struct backtest_options terms = {
        .terms = {.account = "fuzz", .currency = "USD", .mode = MODE_BACKTEST, .settlement_unit = DEC_ONE / 100},
        .limits = risk_defaults(),
        .calendar = &calendar,
        .hash = hash,
        .instrument = find_instrument,
        .cash = 100000 * DEC_ONE};
    struct history *history = pack_open(path, &terms, &source, &error);
    require(history != NULL || error.code == EXIT_STATE || error.code == EXIT_INPUT || error.code == EXIT_SYSTEM);
    history_free(history);
out:
    if (fd >= 0)
        (void)close(fd);
    sha256_free(hash);
    return 0;
}
