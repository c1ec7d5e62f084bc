/* The bump allocator. */
#include "base/arena.h"
#include "tap.h"

#include <stdint.h>

int main(void)
{
    struct error error = {0};
    struct arena arena;
    arena_init(&arena, 100000);
    char *a = arena_take(&arena, 3, &error), *b = arena_take(&arena, 5000, &error), *c = arena_take(&arena, 1, &error);
    check(a != NULL && b != NULL && c != NULL && (uintptr_t)a % 16 == 0 && (uintptr_t)c % 16 == 0, "aligned pieces");
    memset(a, 1, 3);
    memset(b, 2, 5000);
    *c = 3;
    check(a[2] == 1 && b[0] == 2 && b[4999] == 2 && *c == 3, "pieces do not overlap");
    check_text(arena_text(&arena, STR("AAPL"), &error), "AAPL", "text is copied");
    const size_t taken = arena.taken;
    for (int i = 0; i < 100; i++) {
        arena_reset(&arena);
        (void)arena_take(&arena, 3, &error);
        (void)arena_take(&arena, 5000, &error);
    }
    check(arena.taken == taken, "the same work after a reset takes no memory");
    check(arena_take(&arena, 0, &error) != NULL, "nothing can be taken");
    check(arena_take(&arena, 100001, &error) == NULL && error.code == EXIT_INPUT, "past the maximum is refused");
    error_clear(&error);
    check(arena_take(&arena, SIZE_MAX, &error) == NULL, "an absurd size is refused");
    int pieces = 0;
    arena_reset(&arena);
    while (arena_take(&arena, 1000, &error) != NULL)
        pieces++;
    check(pieces > 80 && pieces <= 100 && arena.taken <= 100000, "the maximum holds (%d pieces)", pieces);
    arena_clear(&arena);
    error_clear(&error);
    check(arena.taken == 0 && arena_take(&arena, 10, &error) != NULL, "usable after clearing");
    arena_clear(&arena);
    return done();
}
