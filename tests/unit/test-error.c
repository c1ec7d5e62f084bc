/* Errors: the first stays, messages are one line, the most urgent code wins. */
#include "base/error.h"
#include "tap.h"

int main(void)
{
    struct error error;
    error_clear(&error);
    check(!error_is_set(&error), "a cleared error is not set");
    check(error_set(&error, EXIT_INPUT, "line %d: bad\nvalue", 7) == -1, "setting an error gives -1");
    check_text(error.text, "line 7: bad?value", "control bytes are shown as ?");
    (void)error_set(&error, EXIT_SYSTEM, "later");
    check(error.code == EXIT_INPUT, "the first error stays");
    error_prefix(&error, "aapl.csv");
    check_text(error.text, "aapl.csv: line 7: bad?value", "a prefix says where");
    static const enum exit_code order[] = {8, 9, 10, 7, 6, 5, 4, 3, 2, 1, 0};
    bool right = true;
    for (int i = 0; i < 11; i++)
        for (int k = i; k < 11; k++)
            right = right && exit_worst(order[i], order[k]) == order[i] && exit_worst(order[k], order[i]) == order[i];
    check(right, "8 9 10 7 6 5 4 3 2 1 0: the most urgent code wins");
    return done();
}
