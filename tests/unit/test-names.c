/* The set of names, and names as words of a shell. */
#include "base/names.h"
#include "base/words.h"
#include "tap.h"

#include <string.h>

/* Texts that fill their memory exactly, or are longer than any piece of it, stay whole and where they are. */
static void texts_of_all_lengths(void)
{
    static char text[150000];
    struct error error = {0};
    struct names names;
    names_init(&names);
    memset(text, 'x', sizeof text);
    const size_t lengths[] = {126, 1, 127, 128, 253, 0, 255, 65535, 65534, 149999, 65536, 2};
    const char *first = NULL;
    bool right = true;
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        right = right && names_add(&names, (struct str){text, lengths[i]}, &error) == (int64_t)i;
        first = i == 0 ? names.name[0] : first;
    }
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++)
        right = right && strlen(names.name[i]) == lengths[i] &&
                names_find(&names, (struct str){text, lengths[i]}) == (int64_t)i;
    check(right && names.name[0] == first, "texts of all lengths");
    names_clear(&names);
}

/* By POSIX, XCU 2.2: within '…' every character is itself. */
static void words_of_a_shell(void)
{
    static const struct {
        const char *name, *word;
    } cases[] = {{"AAPL", "AAPL"},
                 {"BTC/USD", "BTC/USD"},
                 {"BRK B", "'BRK B'"},
                 {"$(id)", "'$(id)'"},
                 {"it's", "'it'\\''s'"},
                 {"", "''"},
                 {"a;b", "'a;b'"},
                 {"-x", "-x"},
                 {"~/a", "'~/a'"},
                 {"*", "'*'"},
                 {"caf\xc3\xa9", "'caf\xc3\xa9'"}};
    char out[SHELL_WORD_MAX], text[SHELL_WORD_MAX + 1];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check_text(shell_word(out, cases[i].name), cases[i].word, cases[i].name);
    memset(text, '\'', sizeof text);
    text[sizeof text - 1] = '\0';
    check_text(shell_word(out, text), "…", "what does not fit is not cut into something else");
}

int main(void)
{
    struct error error = {0};
    struct names names;
    names_init(&names);
    check(names_find(&names, STR("AAPL")) == -1, "nothing in an empty set");
    check(names_add(&names, STR("AAPL"), &error) == 0 && names_add(&names, STR("MSFT"), &error) == 1 &&
              names_add(&names, STR("AAPL"), &error) == 0,
          "indexes in the order first seen");
    check(names_add(&names, STR("AAP"), &error) == 2 && names_add(&names, STR(""), &error) == 3,
          "a prefix and nothing are names");
    check_text(names.name[1], "MSFT", "the name is kept");
    bool right = true;
    char text[32];
    for (int64_t i = 0; i < 100000; i++) {
        (void)snprintf(text, sizeof text, "S%lld", (long long)i);
        right = right && names_add(&names, str_of(text), &error) == i + 4;
    }
    for (int64_t i = 0; i < 100000; i++) {
        (void)snprintf(text, sizeof text, "S%lld", (long long)i);
        right = right && names_find(&names, str_of(text)) == i + 4;
    }
    check(right && names.count == 100004, "a hundred thousand names, each found again");
    check(names_find(&names, STR("S100000")) == -1, "an absent name is not found");
    check(names_add(&names, (struct str){"A\0B", 3}, &error) == -1 && names_find(&names, (struct str){"A\0B", 3}) == -1,
          "a NUL byte is refused");
    names_clear(&names);
    check(names.count == 0 && names_find(&names, STR("AAPL")) == -1, "empty after clearing");
    names_clear(&names);
    texts_of_all_lengths();
    words_of_a_shell();
    return done();
}
