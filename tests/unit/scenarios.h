/* Scenarios as tables: what is ordered or wanted and when, the bars, and what must come of it, all as text. All
 * scenarios of a table are played in one account, each in a symbol and by a strategy of its own. */
#ifndef TN_TESTS_SCENARIOS_H
#define TN_TESTS_SCENARIOS_H

#include "worlds.h"

#define DOES_MAX 8

struct scenario {
    const char *name;
    /* "DAY[/HH:MM] TYPE KEY=VALUE …", at the close of that day of January 2024 unless it says when. Left out, an order
     * is at the market, of 100, sized on 100, its id "x", its role by its side; a signal's id is "g", decided at its
     * time on bars of days. */
    const char *does[DOES_MAX];
    /* "OPEN HIGH LOW CLOSE[ VOLUME]|…", sessions of New York from 2 January on; "-": none on that day. One that begins
     * with DAY/HH:MM is a bar of the table's interval that starts then. */
    const char *bars;
    const char *want; /* "DAY ROLE QUANTITY PRICE, DAY ROLE STATUS REASON, …" */
};

static const int session_days[] = {2, 3, 4, 5, 8, 9, 10, 11, 12};

/* A line of the stream and when it is known. */
struct stream_line {
    int64_t known;
    int order; /* actions, bars, the rest */
    size_t number;
    char *text;
};

struct stream_lines {
    struct stream_line *line;
    size_t count, capacity;
};

static inline void add_line(struct stream_lines *lines, int64_t known, int order, const struct buf *text)
{
    if (lines->count == lines->capacity) {
        lines->capacity = lines->capacity == 0 ? 256 : 2 * lines->capacity;
        lines->line = realloc(lines->line, lines->capacity * sizeof *lines->line);
        require(lines->line != NULL);
    }
    lines->line[lines->count] = (struct stream_line){known, order, lines->count, strndup(text->p, text->n)};
    lines->count++;
}

static inline int by_time(const void *a, const void *b)
{
    const struct stream_line *x = a, *y = b;
    return x->known != y->known   ? (x->known > y->known) - (x->known < y->known)
           : x->order != y->order ? x->order - y->order
                                  : (x->number > y->number) - (x->number < y->number);
}

/* All of them in the order in which they are known; frees them. */
static inline void join_lines(struct buf *stream, struct stream_lines *lines)
{
    qsort(lines->line, lines->count, sizeof *lines->line, by_time);
    buf_reset(stream);
    for (size_t i = 0; i < lines->count; i++) {
        buf_add_text(stream, lines->line[i].text);
        buf_add_char(stream, '\n');
        free(lines->line[i].text);
    }
    free(lines->line);
    *lines = (struct stream_lines){NULL, 0, 0};
}

/* "3" or "3/15:30", and what follows it. */
static inline const char *read_when(const char *text, const char *clock, char when[static 24])
{
    char *end;
    const long day = strtol(text, &end, 10);
    if (*end == '/') {
        (void)snprintf(when, 24, "2024-01-%02dT%.5s:00Z", (int)(day % 100), end + 1);
        return end + 6;
    }
    (void)snprintf(when, 24, "2024-01-%02dT%.5s:00Z", (int)(day % 100), clock);
    return end;
}

static inline bool is_raw(const char *value, size_t n)
{
    return value[0] == '[' || (n == 4 && strncmp(value, "true", 4) == 0) ||
           strspn(value, "0123456789.") >= n; /* no dates */
}

/* " KEY=VALUE …" as members of a JSON object; ids are made the scenario's. */
static inline void add_members(struct buf *out, const char *symbol, const char *text)
{
    static const char *const ids[] = {"id", "oco", "oto", "order_id"};
    while (*text == ' ') {
        const char *key = ++text, *value = strchr(text, '=') + 1;
        const size_t n = (size_t)(value - key - 1);
        text = value + strcspn(value, " ");
        bool is_id = false;
        for (size_t i = 0; i < 4; i++)
            is_id |= strlen(ids[i]) == n && strncmp(ids[i], key, n) == 0;
        buf_printf(out, ",\"%.*s\":", (int)n, key);
        const bool raw = is_raw(value, (size_t)(text - value));
        if (!raw || is_id)
            buf_printf(out, "\"%s%s", is_id ? symbol : "", is_id ? "-" : "");
        for (const char *p = value; p < text; p++)
            buf_add_char(out, *p == '\'' ? '"' : *p);
        if (!raw || is_id)
            buf_add_char(out, '"');
    }
}

static inline void add_default(struct buf *out, const char *text, const char *key, const char *value)
{
    char word[32];
    (void)snprintf(word, sizeof word, " %s=", key);
    if (strstr(text, word) == NULL)
        buf_printf(out, ",\"%s\":%s", key, value);
}

static inline void add_deed(struct stream_lines *lines, const char *symbol, const char *text, struct buf *out)
{
    char when[24], quoted[64];
    text = read_when(text, "21:00", when);
    const char *type = text + 1;
    const size_t n = strcspn(type, " ");
    text = type + n;
    const bool order = strncmp(type, "order", n) == 0, signal = strncmp(type, "signal", n) == 0;
    buf_reset(out);
    buf_printf(out, "{\"type\":\"%.*s\",\"time\":\"%s\"", (int)n, type, when);
    if (strncmp(type, "replace", n) != 0 && strncmp(type, "cancel", n) != 0)
        buf_printf(out, ",\"symbol\":\"%s\"", symbol);
    if (order || signal) {
        (void)snprintf(quoted, sizeof quoted, "\"%s-%s\"", symbol, order ? "x" : "g");
        add_default(out, text, "id", quoted);
        (void)snprintf(quoted, sizeof quoted, "\"%s\"", symbol);
        add_default(out, text, "strategy", quoted);
    }
    if (order) {
        const char *side = strstr(text, "side=");
        const bool enters = side[strcspn(side, " _")] == '_' ? side[5] == 's' : side[5] == 'b';
        add_default(out, text, "role", enters ? "\"entry\"" : "\"exit\"");
        add_default(out, text, "quantity", "100");
        add_default(out, text, "order_type", "\"market\"");
        add_default(out, text, "reference_price", "100");
    }
    if (signal) {
        (void)snprintf(quoted, sizeof quoted, "\"%s\"", when);
        add_default(out, text, "decided", quoted);
        add_default(out, text, "interval", "\"1d\"");
        add_default(out, text, "price", "100");
    }
    add_members(out, symbol, text);
    buf_add_char(out, '}');
    add_line(lines, at(when), strncmp(type, "action", n) == 0 ? 0 : 2, out);
}

static inline void add_bar(struct stream_lines *lines, const char *symbol, const char *interval, int index,
                           const char *text, struct buf *out)
{
    char when[24], price[5][16] = {{0}};
    if (*text == '-')
        return;
    const bool daily = text[strcspn(text, "/ |")] != '/';
    if (daily)
        (void)snprintf(when, sizeof when, "2024-01-%02dT05:00:00Z", session_days[index]);
    else
        text = read_when(text, "", when);
    const int got = sscanf(text, "%15[0-9.] %15[0-9.] %15[0-9.] %15[0-9.] %15[0-9.]", price[0], price[1], price[2],
                           price[3], price[4]);
    const int skipped = got > 0 ? got
                                : sscanf(text, " %15[0-9.] %15[0-9.] %15[0-9.] %15[0-9.] %15[0-9.]", price[0], price[1],
                                         price[2], price[3], price[4]);
    require(skipped >= 4);
    buf_reset(out);
    buf_printf(out, "{\"type\":\"bar\",\"time\":\"%s\",\"symbol\":\"%s\",\"interval\":\"%s\"", when, symbol,
               daily ? "1d" : interval);
    int64_t known = at(when) + TIME_MINUTE;
    if (daily) {
        buf_printf(out, ",\"session\":\"%.10s\",\"end\":\"%.10sT21:00:00Z\"", when, when);
        known = at(when) + 16 * TIME_HOUR;
    } else if (strcmp(interval, "1m") != 0)
        known = at(when) + TIME_HOUR;
    buf_printf(out, ",\"open\":%s,\"high\":%s,\"low\":%s,\"close\":%s,\"volume\":%s}", price[0], price[1], price[2],
               price[3], price[4][0] == '\0' ? "1000000" : price[4]);
    add_line(lines, known, 1, out);
}

static inline void scenario_symbol(char symbol[static 24], const char *table, size_t number)
{
    (void)snprintf(symbol, 24, "%s%zu", table, number + 1);
}

/* `table`: the letters its symbols begin with. */
static inline void make_stream(struct buf *stream, const char *table, const char *interval,
                               const struct scenario *scenarios, size_t count)
{
    struct stream_lines lines = {NULL, 0, 0};
    struct buf out;
    buf_init(&out, 1 << 16);
    for (size_t i = 0; i < count; i++) {
        char symbol[24];
        scenario_symbol(symbol, table, i);
        for (int k = 0; k < DOES_MAX && scenarios[i].does[k] != NULL; k++)
            add_deed(&lines, symbol, scenarios[i].does[k], &out);
        int index = 0;
        for (const char *bar = scenarios[i].bars; bar != NULL; index++) {
            add_bar(&lines, symbol, interval, index, bar, &out);
            bar = strchr(bar, '|');
            bar += bar != NULL;
        }
    }
    join_lines(stream, &lines);
    buf_clear(&out);
}

/* What was told of a symbol, in one line. */
static inline void told_of(struct buf *out, const struct buf *told, const char *symbol)
{
    const size_t n = strlen(symbol);
    buf_reset(out);
    for (const char *line = told->p, *end; line != NULL && line < told->p + told->n; line = end + 1) {
        end = strchr(line, '\n');
        if (strncmp(line, symbol, n) != 0 || line[n] != ' ')
            continue;
        if (out->n > 0)
            buf_add_text(out, ", ");
        buf_add(out, line + n + 1, (size_t)(end - line) - n - 1);
        while (out->p[out->n - 1] == ' ') /* a reason that says nothing */
            out->p[--out->n] = '\0';
    }
    if (out->n == 0)
        buf_add_text(out, "nothing");
}

/* Cut between every two of its events, the state saved there and loaded again goes on to the same end: in bytes, at
 * each of them. */
static inline void check_cuts(const struct traded *traded, const char *table)
{
    const struct ledger_terms terms = {.account = "paper",
                                       .currency = "USD",
                                       .mode = MODE_PAPER,
                                       .settlement_unit = DEC_ONE / 100,
                                       .day_rolls = 17 * TIME_HOUR};
    struct ledger whole, pieces;
    struct buf a, b;
    size_t at = 0, events = 0, wrong = 0;
    int64_t known;
    buf_init(&a, LEDGER_STATE_MAX);
    buf_init(&b, LEDGER_STATE_MAX);
    require(ledger_init(&whole, &terms, &error) == 0 && ledger_init(&pieces, &terms, &error) == 0);
    while (next_line(&traded->chain, &at, &known)) {
        events++;
        const enum record_type type = line_record.type;
        if (ledger_apply(&whole, type, &line_value, &error) != 0 ||
            ledger_apply(&pieces, type, &line_value, &error) != 0)
            break;
        buf_reset(&a);
        buf_reset(&b);
        wrong += ledger_save(&whole, &a, &error) != 0 || ledger_save(&pieces, &b, &error) != 0 || !same_bytes(&a, &b);
        ledger_clear(&pieces);
        if (ledger_load(&pieces, &terms, buf_str(&a), &error) != 0)
            break;
    }
    if (error_is_set(&error))
        printf("# event %zu: %s\n", events, error.text);
    check(wrong == 0 && events > 20 && !error_is_set(&error), "%s: a state cut between any two of %zu events goes on",
          table, events);
    ledger_clear(&whole);
    ledger_clear(&pieces);
    buf_clear(&a);
    buf_clear(&b);
}

/* Each scenario in the backtest and on paper, and on paper however often it was stopped or killed. */
static inline void check_table(const char *table, const char *settings, const char *interval,
                               const struct scenario *scenarios, size_t count)
{
    static struct traded traded[WAYS];
    struct buf stream, told;
    bool played[WAYS] = {false};
    char name[256];
    buf_init(&stream, 1 << 26);
    buf_init(&told, 1 << 20);
    make_stream(&stream, table, interval, scenarios, count);
    for (enum way way = BACKTEST; way < WAYS; way++) {
        if (way == SCANS) /* PIECES are smaller */
            continue;
        played[way] = play(&traded[way], settings, &stream, way, NULL, 0);
        check(played[way], "%s: %s", table, way_text[way]);
    }
    for (size_t i = 0; i < count; i++)
        for (enum way way = BACKTEST; way <= SESSION; way++) {
            char symbol[24];
            scenario_symbol(symbol, table, i);
            told_of(&told, &traded[way].told, symbol);
            (void)snprintf(name, sizeof name, "%s, %s: %s", symbol, way_text[way], scenarios[i].name);
            check_text(told.p, scenarios[i].want, name);
        }
    for (enum way way = PIECES; way <= KILLED; way++) {
        check(same_bytes(&traded[way].state, &traded[SESSION].state), "%s: the same account, %s", table, way_text[way]);
        check(same_bytes(&traded[way].others, &traded[SESSION].others), "%s: the same orders and fills, %s", table,
              way_text[way]);
        check(same_bytes(&traded[way].told, &traded[SESSION].told), "%s: the same is told, %s", table, way_text[way]);
    }
    check(same_bytes(&traded[KILLED].chain, &traded[SESSION].chain) && traded[KILLED].kills > 2,
          "%s: the same events, though killed %d times", table, traded[KILLED].kills);
    check_cuts(&traded[SESSION], table);
    for (enum way way = BACKTEST; way < WAYS; way++)
        if (way != SCANS)
            traded_clear(&traded[way]);
    buf_clear(&stream);
    buf_clear(&told);
}

#endif
