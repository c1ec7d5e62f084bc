/* Arrays that grow: what is in them stays, and what does not fit changes nothing. */
#include "base/list.h"

#include "tap.h"

#include <stdint.h>
#include <stdlib.h>

int main(void)
{
    struct error error = {0};
    int64_t *number = NULL;
    size_t count = 0, capacity = 0, moves = 0;
    bool room = true, kept = true;
    for (int64_t i = 0; i < 100000; i++) {
        const size_t before = capacity;
        room = room && list_grow(&number, &capacity, count, sizeof *number, &error) == 0 && count < capacity;
        moves += capacity != before;
        number[count++] = i * i;
    }
    for (int64_t i = 0; i < 100000; i++)
        kept = kept && number[i] == i * i;
    check(room && kept, "a hundred thousand numbers have room and stay");
    check(moves <= 17, "the array moved at most once for each doubling");

#ifndef __SANITIZE_ADDRESS__ /* which ends the program at such a wish */
    /* The next doubling of this "array" would be larger than memory can be. */
    int64_t *const place = number;
    size_t large = SIZE_MAX / 8;
    check(list_grow(&number, &large, large, sizeof *number, &error) == -1 && error.code == EXIT_SYSTEM,
          "an array larger than memory is an error");
    check(number == place && large == SIZE_MAX / 8 && number[99999] == INT64_C(99999) * 99999,
          "and the old one is as it was");
#endif
    free(number);
    return done();
}
