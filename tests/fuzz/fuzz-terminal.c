/* Any bytes to a terminal: what is left has no control character and is UTF-8 without overrides, and once is enough. */
#include "base/terminal.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buf once, twice;
    buf_init(&once, SIZE_MAX / 2);
    buf_init(&twice, SIZE_MAX / 2);
    terminal_strip(&once, (struct str){(const char *)data, size});
    for (size_t i = 0; i < once.n; i++) {
        const unsigned char byte = (unsigned char)once.p[i];
        require(byte >= 0x20 && byte != 0x7f);
        /* C1 controls are C2 80 to C2 9F */
        require(byte != 0xc2 || (i + 1 < once.n && (unsigned char)once.p[i + 1] >= 0xa0));
    }
    terminal_strip(&twice, buf_str(&once));
    require(str_equal(buf_str(&once), buf_str(&twice)));
    require(terminal_columns(buf_str(&once)) >= 0);
    buf_clear(&once);
    buf_clear(&twice);
    return 0;
}
