/* Any bytes as a report's file of blocks: read, or refused with the line named. */
#include "show/blocks.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct page page;
    struct error error;
    error_clear(&error);
    const int result = page_parse(&page, (struct str){(const char *)data, size}, "f", &error);
    require((result == 0) == !error_is_set(&error));
    require(result == 0 || strncmp(error.text, "f: ", 3) == 0);
    require(result != 0 || (page.blocks > 0 && page.from <= page.to));
    page_clear(&page);
    return 0;
}
