/* The growing buffer: its maximum, and which of its two failures it was. */
#include "base/buf.h"
#include "tap.h"

int main(void)
{
    struct error error = {0};
    struct buf buf;
    buf_init(&buf, 10);
    buf_add_text(&buf, "abc");
    buf_printf(&buf, "%d%s", 4567, "xyz");
    check(buf_check(&buf, &error) == 0 && strcmp(buf.p, "abc4567xyz") == 0, "a buffer can be filled to its maximum");
    buf_add_char(&buf, '!');
    check(buf_check(&buf, &error) == -1 && error.code == EXIT_INPUT, "and no further");
    check_text(error.text, "longer than 10 bytes", "it says so");
    error_clear(&error);
    buf_reset(&buf);
    buf_printf(&buf, "%s", "eleven byte");
    check(buf_check(&buf, &error) == -1 && error.code == EXIT_INPUT && buf.n == 0,
          "one piece that is too long for an empty buffer is too long too, not out of memory");
    error_clear(&error);
    buf_reset(&buf);
    buf_add_text(&buf, "again");
    check(buf_check(&buf, &error) == 0 && str_is(buf_str(&buf), "again"), "a reset forgets");
    buf_clear(&buf);

#ifndef __SANITIZE_ADDRESS__ /* which ends the program at such a wish */
    buf_init(&buf, (size_t)1 << 62);
    buf_add_text(&buf, "abc");
    check(buf_reserve(&buf, (size_t)1 << 61) == NULL && buf_check(&buf, &error) == -1 && error.code == EXIT_SYSTEM,
          "fault-011 more than there is");
    check_text(error.text, "out of memory", "fault-011 is out of memory, however much fits the maximum");
    check(strcmp(buf.p, "abc") == 0, "what was there before stays");
    buf_clear(&buf);
#endif
    return done();
}
