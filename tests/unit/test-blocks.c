/* Files of blocks: what is read of them, and what is refused with its line. */
#include "show/blocks.h"

#include "base/time.h"
#include "tap.h"

#include <stdlib.h>
#include <string.h>

static struct page page;
static struct error error;

static int parse(const char *text)
{
    page_clear(&page);
    error_clear(&error);
    return page_parse(&page, str_of(text), "f", &error);
}

static void test_good(void)
{
    check(parse("# a comment\r\n\n title ignored? no: a blank begins it\n") != 0, "a line that goes on with nothing");
    check(
        parse("title The week\t\nperiod week\nfrom 2026-01-05\nto 2026-01-09\nnote one\n  two\n\tthree \n# c\nverdict\n"
              "table trades where pnl < 0 and symbol == \"A B\"\nchart equity vs SPY\nchart candles BTC/USD\n"
              "table orders\nchart equity") == 0,
        "a file of all kinds");
    check_text(page.title, "The week", "its title");
    check(page.span == PAGE_SPAN_WEEK && page.from == date_to_days((struct date){2026, 1, 5}) &&
              page.to == date_to_days((struct date){2026, 1, 9}),
          "its period and days");
    check(page.blocks == 7 && page.block[0].what == PAGE_NOTE && page.block[1].what == PAGE_VERDICT &&
              page.block[2].what == PAGE_TRADES && page.block[2].line == 10,
          "its blocks, with their lines");
    check_text(page.block[0].text, "one two three", "a note over several lines");
    check_text(page.block[2].where, "pnl < 0 and symbol == \"A B\"", "a question");
    check_text(page.block[3].symbol, "SPY", "a benchmark");
    check_text(page.block[4].symbol, "BTC/USD", "a symbol");
    check(page.block[5].where == NULL && page.block[6].symbol[0] == '\0', "what need not be there");
}

static void test_bad(void)
{
    static const struct {
        const char *text, *want, *hint;
    } cases[] = {
        {"", "f: there is no block: 'chart equity', 'table trades' …", ""},
        {"title x\n# y\n", "f: there is no block: 'chart equity', 'table trades' …", ""},
        {"chart equty\n", "f: line 1: chart 'equty' is not known", "nearest: 'equity'"},
        {"verdict\ntabel trades\n", "f: line 2: 'tabel' is not known", "nearest: 'table'"},
        {"chart\n", "f: line 1: a chart of what?", ""},
        {"table months\n", "f: line 1: table 'months' is not known", ""},
        {"verdict now\n", "f: line 1: verdict takes nothing more", ""},
        {"table trades if pnl > 0\n", "f: line 1: table trades takes only 'where EXPR'", ""},
        {"chart equity SPY\n", "f: line 1: chart equity takes only 'vs SYMBOL'", ""},
        {"chart equity vs\n", "f: line 1: a symbol is needed", ""},
        {"chart equity vs SPY QQQ\n", "f: line 1: more than one symbol", ""},
        {"chart candles A123456789012345678901234567890123\n", "f: line 1: a symbol is needed", ""},
        {"period fortnight\n", "f: line 1: period is all, day, week, month or year", ""},
        {"from 2026-01-02\nto 2026-01-01\nverdict\n", "f: line 2: from is after to", ""},
        {"verdict\n  more\n", "f: line 2: only the lines of a note begin with a blank", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        check(parse(cases[i].text) != 0 && error.code == EXIT_USAGE, "refused: %zu", i);
        check_text(error.text, cases[i].want, "and why");
        check(cases[i].hint[0] == '\0' || strcmp(error.hint, cases[i].hint) == 0, "and what may be meant");
    }
    check(parse("table trades where pnl <\n") != 0 && strncmp(error.text, "f: line 1: ", 11) == 0, "half a question");
    check(parse("from 2026-02-30\n") != 0 && strncmp(error.text, "f: line 1: ", 11) == 0, "no day");
    error_clear(&error);
    page_clear(&page);
    check(page_parse(&page, (struct str){"note a\0b", 8}, "f", &error) != 0, "no text");
    char *many = calloc(BLOCKS_MAX + 2, 8);
    require(many != NULL);
    for (int i = 0; i <= BLOCKS_MAX; i++)
        memcpy(many + i * 6, "goals\n", 6);
    check(parse(many) != 0 && strstr(error.text, "more than 200 blocks") != NULL, "too many");
    free(many);
    page_clear(&page);
}

int main(void)
{
    test_good();
    test_bad();
    return done();
}
