/* tn-quote instruments: what is known of symbols; and the file of it, which search --save adds to. */
#include "tn-quote/instruments.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/lock.h"
#include "exchange/instruments.h"
#include "record/record.h"
#include "show/table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LOCK_WAIT (5 * TIME_SECOND)

static const struct column columns[] = {
    {.key = "symbol", .kind = COLUMN_TEXT},
    {.key = "kind", .kind = COLUMN_TEXT},
    {.key = "name", .kind = COLUMN_TEXT, .fold = true, .optional = true, .rank = 9},
    {.key = "exchange", .kind = COLUMN_TEXT, .optional = true, .rank = 5},
    {.key = "calendar", .kind = COLUMN_TEXT, .optional = true, .rank = 6},
    {.key = "sector", .kind = COLUMN_TEXT, .optional = true, .rank = 7},
    {.key = "currency", .kind = COLUMN_TEXT, .optional = true, .rank = 3},
    {.key = "settlement_unit", .kind = COLUMN_DEC, .optional = true, .rank = 8},
    {.key = "tick_size", .title = "tick", .kind = COLUMN_DEC, .optional = true},
    {.key = "lot_size", .title = "lot", .kind = COLUMN_DEC, .optional = true},
    {.key = "multiplier", .kind = COLUMN_DEC, .optional = true},
    {.key = "underlying", .kind = COLUMN_TEXT, .optional = true, .rank = 2},
    {.key = "expiry", .kind = COLUMN_TEXT, .optional = true},
    {.key = "strike", .kind = COLUMN_DEC, .optional = true},
    {.key = "right", .kind = COLUMN_TEXT, .optional = true},
    {.key = "style", .kind = COLUMN_TEXT, .data_only = true},
    {.key = "source", .kind = COLUMN_TEXT, .data_only = true},
};

static void add_facts(struct table *table, const struct instrument_facts *facts)
{
    char expiry[TIME_TEXT_MAX] = "";
    if (facts->expiry != TIME_NONE)
        expiry[date_format(expiry, date_from_days(facts->expiry))] = '\0';
    table_text(table, facts->symbol);
    table_text(table, instrument_kind_text(facts->kind));
    table_str(table, facts->name);
    table_text(table, facts->exchange);
    table_text(table, facts->calendar);
    table_text(table, facts->sector);
    table_text(table, facts->currency);
    table_dec(table, facts->settlement_unit);
    table_dec(table, facts->tick_size);
    table_dec(table, facts->lot_size);
    table_dec(table, facts->multiplier);
    table_text(table, facts->underlying);
    table_text(table, expiry);
    table_dec(table, facts->strike);
    table_text(table, option_right_text(facts->right));
    table_text(table, option_style_text(facts->style));
    table_text(table, facts->source);
}

static bool is_known(const struct instruments *all, const struct config *config, const char *symbol)
{
    if (names_find(&all->symbols, str_of(symbol)) >= 0)
        return true;
    for (int i = 0; i < config_titles(config, "instrument"); i++)
        if (strcmp(config_title(config, "instrument", i), symbol) == 0)
            return true;
    return false;
}

static int add_symbol(struct table *table, const struct instruments *all, const struct config *config,
                      const char *symbol, struct error *error)
{
    struct instrument_facts facts;
    if (!is_known(all, config, symbol)) {
        error_set(error, EXIT_NO, "nothing is known about '%.40s'", symbol);
        error_hint(error, "tn-quote search -s SOURCE --save WORD asks a source; tn-config(5) says what to write");
        return -1;
    }
    instruments_facts(all, config, symbol, &facts);
    add_facts(table, &facts);
    return 0;
}

/* Those of the file in its order, then those that only a section names. */
static int add_all(struct table *table, const struct instruments *all, const struct config *config, struct error *error)
{
    struct instrument_facts facts;
    const int titles = config_titles(config, "instrument");
    for (size_t i = 0; i < all->symbols.count; i++) {
        instruments_facts(all, config, all->symbols.name[i], &facts);
        add_facts(table, &facts);
    }
    for (int i = 0; i < titles; i++) {
        const char *symbol = config_title(config, "instrument", i);
        if (names_find(&all->symbols, str_of(symbol)) >= 0)
            continue;
        instruments_facts(all, config, symbol, &facts);
        add_facts(table, &facts);
    }
    return table_check(table, error);
}

enum exit_code quote_instruments(struct invocation *invocation, struct error *error)
{
    char path[PATH_MAX];
    char *const *symbol = invocation_operand_list(invocation);
    struct style style = {0};
    struct instruments all;
    struct table *table = NULL;
    instruments_init(&all);
    struct config *config = config_open(error);
    int result = config == NULL || instruments_path(config, path, error) != 0 ||
                         instruments_read(&all, path, error) != 0 || style_init(&style, invocation, NULL, error) != 0 ||
                         (table = table_new("instrument", columns, sizeof columns / sizeof *columns, error)) == NULL
                     ? -1
                     : 0;
    if (result == 0 && symbol[0] == NULL)
        result = add_all(table, &all, config, error);
    for (; result == 0 && *symbol != NULL; symbol++)
        result = add_symbol(table, &all, config, *symbol, error);
    if (result == 0 && table_rows(table) == 0)
        say(invocation, 0, "no instruments are known: all symbols trade like stocks");
    if (result == 0)
        result = table_show(table, &style, error);
    const bool none = result == 0 && table_rows(table) == 0;
    table_free(table);
    style_clear(&style);
    instruments_clear(&all);
    config_free(config);
    return none ? EXIT_NO : error->code;
}

int save_instruments(const struct config *config, const struct str *line, size_t lines, size_t *saved,
                     struct error *error)
{
    char path[PATH_MAX], lock_path[PATH_MAX + 8];
    struct instruments all;
    struct buf text, scratch;
    struct record *record = calloc(1, sizeof *record);
    struct lock *lock = NULL;
    int result = -1;
    *saved = 0;
    if (record == NULL)
        return error_memory(error);
    instruments_init(&all);
    buf_init(&text, INSTRUMENTS_FILE_MAX);
    buf_init(&scratch, RECORD_LINE_MAX);
    record->scratch = &scratch;
    if (instruments_path(config, path, error) != 0 || config_folder(config, "config", error) == NULL)
        goto out;
    (void)snprintf(lock_path, sizeof lock_path, "%s.lock", path);
    if ((lock = lock_take(lock_path, "instruments.ndjson", LOCK_WAIT, error)) == NULL ||
        (access(path, F_OK) == 0 && file_read(path, &text, error) != 0) || instruments_read(&all, path, error) != 0)
        goto out;
    if (text.n > 0 && text.p[text.n - 1] != '\n')
        buf_add_char(&text, '\n');
    for (size_t i = 0; i < lines; i++) {
        struct instrument_facts facts;
        if (record_scan(record, line[i].p, line[i].n, error) != 0 || record_decode(record, &facts, error) != 0)
            goto out;
        const int news = instruments_take(&all, &facts, error);
        if (news < 0)
            goto out;
        if (news == 0)
            continue;
        buf_add_str(&text, line[i]);
        buf_add_char(&text, '\n');
        ++*saved;
    }
    if (buf_check(&text, error) == 0)
        result = *saved == 0 ? 0 : file_replace(path, text.p, text.n, 0600, error);
out:
    lock_free(lock);
    instruments_clear(&all);
    buf_clear(&text);
    buf_clear(&scratch);
    free(record);
    return result;
}
