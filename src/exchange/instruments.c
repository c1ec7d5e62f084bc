/* What symbols are, as a file says it. */
#include "exchange/instruments.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/list.h"
#include "record/record.h"
#include "record/schema.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void instruments_init(struct instruments *instruments)
{
    *instruments = (struct instruments){.list = NULL};
    names_init(&instruments->symbols);
    arena_init(&instruments->texts, INSTRUMENTS_FILE_MAX);
}

void instruments_clear(struct instruments *instruments)
{
    names_clear(&instruments->symbols);
    arena_clear(&instruments->texts);
    free(instruments->list);
    instruments->list = NULL;
}

int instruments_path(const struct config *config, char path[static PATH_MAX], struct error *error)
{
    const char *folder = config_folder_name(config, "config");
    if (snprintf(path, PATH_MAX, "%s/instruments.ndjson", folder) >= PATH_MAX)
        return error_set(error, EXIT_USAGE, "the path of instruments.ndjson is too long");
    return 0;
}

/* The facts of a symbol, blank when it is new. */
static struct instrument_facts *facts_of(struct instruments *instruments, const char *symbol, struct error *error)
{
    const size_t known = instruments->symbols.count;
    const int64_t index = names_add(&instruments->symbols, str_of(symbol), error);
    if (index < 0)
        return NULL;
    while ((size_t)index >= instruments->capacity)
        if (list_grow(&instruments->list, &instruments->capacity, instruments->capacity, sizeof *instruments->list,
                      error) != 0)
            return NULL;
    if ((size_t)index >= known)
        record_blank(RECORD_INSTRUMENT, &instruments->list[index]);
    return &instruments->list[index];
}

static size_t size_of(const struct member *member)
{
    switch (member->kind) {
    case MEMBER_SYMBOL:
        return SYMBOL_SIZE;
    case MEMBER_TEXT:
        return member->size;
    case MEMBER_STR:
        return sizeof(struct str);
    case MEMBER_WORD:
        return sizeof(enum instrument_kind);
    default:
        return sizeof(int64_t);
    }
}

/* Is it other than what is kept? Bytes behind a text's end do not count. */
static bool differs(const struct member *member, const char *kept, const char *said)
{
    if (member->kind == MEMBER_SYMBOL || member->kind == MEMBER_TEXT)
        return strcmp(kept, said) != 0;
    if (member->kind != MEMBER_STR)
        return memcmp(kept, said, size_of(member)) != 0;
    struct str a, b;
    memcpy(&a, kept, sizeof a);
    memcpy(&b, said, sizeof b);
    return a.n != b.n || (a.n > 0 && memcmp(a.p, b.p, a.n) != 0);
}

/* Take what is said of one member: 1, or 0 when it is nothing, or known. */
static int take_member(struct arena *texts, const struct member *member, char *kept, const char *said,
                       struct error *error)
{
    union {
        struct instrument_facts facts;
        char bytes[sizeof(struct instrument_facts)];
    } blank;
    record_blank(RECORD_INSTRUMENT, &blank.facts);
    if (!differs(member, blank.bytes + member->offset, said) || !differs(member, kept, said))
        return 0;
    memcpy(kept, said, size_of(member));
    if (member->kind != MEMBER_STR)
        return 1;
    struct str text;
    memcpy(&text, said, sizeof text);
    if ((text.p = arena_text(texts, text, error)) == NULL)
        return -1;
    memcpy(kept, &text, sizeof text);
    return 1;
}

int instruments_take(struct instruments *instruments, const struct instrument_facts *facts, struct error *error)
{
    const struct schema *schema = &schema_table[RECORD_INSTRUMENT];
    struct instrument_facts *kept = facts_of(instruments, facts->symbol, error);
    int news = 0;
    if (kept == NULL)
        return -1;
    for (int i = 0; i < schema->members; i++) {
        const struct member *member = &schema->member[i];
        const int taken = take_member(&instruments->texts, member, (char *)kept + member->offset,
                                      (const char *)facts + member->offset, error);
        if (taken < 0)
            return -1;
        news |= taken == 1 && strcmp(member->name, "time") != 0 && strcmp(member->name, "source") != 0;
    }
    return news;
}

static int take_line(struct instruments *instruments, struct record *record, struct str line, struct error *error)
{
    struct instrument_facts facts;
    while (line.n > 0 && strchr(" \t\r", line.p[line.n - 1]) != NULL)
        line.n--;
    if (line.n == 0)
        return 0;
    if (record_scan(record, line.p, line.n, error) != 0)
        return -1;
    if (record->type == RECORD_END)
        return 0;
    if (record->type != RECORD_INSTRUMENT)
        return error_set(error, EXIT_USAGE, "not an instrument record");
    return record_decode(record, &facts, error) != 0 || instruments_take(instruments, &facts, error) < 0 ? -1 : 0;
}

int instruments_read(struct instruments *instruments, const char *path, struct error *error)
{
    struct buf text, scratch;
    struct record *record = calloc(1, sizeof *record);
    if (record == NULL)
        return error_memory(error);
    buf_init(&text, INSTRUMENTS_FILE_MAX);
    buf_init(&scratch, RECORD_LINE_MAX);
    record->scratch = &scratch;
    int result = access(path, F_OK) != 0 ? 0 : file_read_any(path, &text, error);
    struct str rest = buf_str(&text);
    for (int number = 1; result == 0 && rest.n > 0; number++) {
        const char *end = memchr(rest.p, '\n', rest.n);
        const size_t n = end == NULL ? rest.n : (size_t)(end - rest.p);
        result = take_line(instruments, record, (struct str){rest.p, n}, error);
        rest = (struct str){rest.p + n + (end != NULL), rest.n - n - (end != NULL)};
        if (result != 0) {
            error_recode(error, EXIT_USAGE);
            error_prefix(error, "%s:%d", path, number);
        }
    }
    buf_clear(&scratch);
    buf_clear(&text);
    free(record);
    return result;
}

/* What the section of a symbol says, else what is said already. */
static void take_setting(const struct config *config, const char *symbol, const char *name, dec *value)
{
    const char *origin = "default";
    (void)config_text(config, "instrument", symbol, name, &origin);
    if (strcmp(origin, "default") != 0)
        *value = config_decimal(config, "instrument", symbol, name);
}

void instruments_facts(const struct instruments *instruments, const struct config *config, const char *symbol,
                       struct instrument_facts *facts)
{
    const int64_t index = names_find(&instruments->symbols, str_of(symbol));
    if (index >= 0)
        *facts = instruments->list[index];
    else
        record_blank(RECORD_INSTRUMENT, facts);
    (void)snprintf(facts->symbol, sizeof facts->symbol, "%s", symbol);
    take_setting(config, symbol, "tick_size", &facts->tick_size);
    take_setting(config, symbol, "lot_size", &facts->lot_size);
    take_setting(config, symbol, "multiplier", &facts->multiplier);
}
