/* A checksum for what must not be damaged by accident: fast, not for what somebody might forge. */
#ifndef TN_BASE_CHECKSUM_H
#define TN_BASE_CHECKSUM_H

#include <stddef.h>
#include <stdint.h>

/* XXH64 with seed 0, by its specification (Y. Collet, "xxHash fast digest algorithm", 0.1.1), about 10 GB/s. */
uint64_t checksum(const void *bytes, size_t count);
/* CRC-32 (ISO 3309, ITU-T V.42: polynomial 0xEDB88320 reflected) of what `sum` is of and of these bytes; 0 to begin. */
uint32_t checksum_crc32(uint32_t sum, const void *bytes, size_t count);

#endif
