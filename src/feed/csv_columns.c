/* Which column of a CSV file is what: a table of the names that brokers, data sellers, spreadsheets and libraries use.
 */
#include "feed/csv_columns.h"

#include <stddef.h>
#include <stdio.h>

/* As csv_plain_name has them: letters beyond ASCII are left out, so "Eröffnung" is "erffnung" in any encoding. Of two
 * columns that could be the same thing the one of the lower rank is. */
static const struct {
    const char *name;
    enum csv_column column;
    int rank;
} known[] = {
    {"date", COLUMN_TIME, 1},
    {"datetime", COLUMN_TIME, 1},
    {"timestamp", COLUMN_TIME, 1},
    {"dateandtime", COLUMN_TIME, 1},
    {"datetimes", COLUMN_TIME, 1},
    {"day", COLUMN_TIME, 1},
    {"tradingday", COLUMN_TIME, 1},
    {"tradedate", COLUMN_TIME, 1},
    {"tradingdate", COLUMN_TIME, 1},
    {"opentime", COLUMN_TIME, 1},
    {"starttime", COLUMN_TIME, 1},
    {"windowstart", COLUMN_TIME, 1},
    {"begintime", COLUMN_TIME, 1},
    {"begin", COLUMN_TIME, 1},
    {"ts", COLUMN_TIME, 1},
    {"t", COLUMN_TIME, 1},
    {"datum", COLUMN_TIME, 1},
    {"fecha", COLUMN_TIME, 1},
    {"dates", COLUMN_TIME, 1},
    {"bartime", COLUMN_TIME, 1},
    {"periodstart", COLUMN_TIME, 1},
    {"datehour", COLUMN_TIME, 1},
    {"fechahora", COLUMN_TIME, 1},
    {"unix", COLUMN_TIME, 0},
    {"unixtimestamp", COLUMN_TIME, 0},
    {"epoch", COLUMN_TIME, 0},
    {"epochtime", COLUMN_TIME, 0},
    {"unixtime", COLUMN_TIME, 0},
    {"time", COLUMN_TIME_OF_DAY, 0},
    {"timeofday", COLUMN_TIME_OF_DAY, 0},
    {"uhrzeit", COLUMN_TIME_OF_DAY, 0},
    {"zeit", COLUMN_TIME_OF_DAY, 0},
    {"heure", COLUMN_TIME_OF_DAY, 0},
    {"hora", COLUMN_TIME_OF_DAY, 0},
    {"tijd", COLUMN_TIME_OF_DAY, 0},
    {"symbol", COLUMN_SYMBOL, 0},
    {"ticker", COLUMN_SYMBOL, 0},
    {"sym", COLUMN_SYMBOL, 0},
    {"instrument", COLUMN_SYMBOL, 0},
    {"name", COLUMN_SYMBOL, 1},
    {"isin", COLUMN_SYMBOL, 1},
    {"open", COLUMN_OPEN, 0},
    {"o", COLUMN_OPEN, 0},
    {"openprice", COLUMN_OPEN, 0},
    {"op", COLUMN_OPEN, 0},
    {"opn", COLUMN_OPEN, 0},
    {"erffnung", COLUMN_OPEN, 0},
    {"eroffnung", COLUMN_OPEN, 0},
    {"eroeffnung", COLUMN_OPEN, 0},
    {"erffnungskurs", COLUMN_OPEN, 0},
    {"eroeffnungskurs", COLUMN_OPEN, 0},
    {"ouverture", COLUMN_OPEN, 0},
    {"ouv", COLUMN_OPEN, 0},
    {"apertura", COLUMN_OPEN, 0},
    {"openvalue", COLUMN_OPEN, 0},
    {"first", COLUMN_OPEN, 1},
    {"erster", COLUMN_OPEN, 1},
    {"high", COLUMN_HIGH, 0},
    {"h", COLUMN_HIGH, 0},
    {"highprice", COLUMN_HIGH, 0},
    {"hi", COLUMN_HIGH, 0},
    {"hoch", COLUMN_HIGH, 0},
    {"hchst", COLUMN_HIGH, 0},
    {"hoechst", COLUMN_HIGH, 0},
    {"hchstkurs", COLUMN_HIGH, 0},
    {"hoechstkurs", COLUMN_HIGH, 0},
    {"tageshoch", COLUMN_HIGH, 0},
    {"plushaut", COLUMN_HIGH, 0},
    {"haut", COLUMN_HIGH, 0},
    {"mximo", COLUMN_HIGH, 0},
    {"maximo", COLUMN_HIGH, 0},
    {"highvalue", COLUMN_HIGH, 0},
    {"max", COLUMN_HIGH, 1},
    {"mx", COLUMN_HIGH, 1},
    {"low", COLUMN_LOW, 0},
    {"l", COLUMN_LOW, 0},
    {"lowprice", COLUMN_LOW, 0},
    {"lo", COLUMN_LOW, 0},
    {"tief", COLUMN_LOW, 0},
    {"tiefst", COLUMN_LOW, 0},
    {"tiefstkurs", COLUMN_LOW, 0},
    {"tagestief", COLUMN_LOW, 0},
    {"plusbas", COLUMN_LOW, 0},
    {"bas", COLUMN_LOW, 0},
    {"mnimo", COLUMN_LOW, 0},
    {"minimo", COLUMN_LOW, 0},
    {"lowvalue", COLUMN_LOW, 0},
    {"min", COLUMN_LOW, 1},
    {"mn", COLUMN_LOW, 1},
    {"close", COLUMN_CLOSE, 0},
    {"c", COLUMN_CLOSE, 0},
    {"closeprice", COLUMN_CLOSE, 0},
    {"closelast", COLUMN_CLOSE, 0},
    {"cl", COLUMN_CLOSE, 0},
    {"cls", COLUMN_CLOSE, 0},
    {"schluss", COLUMN_CLOSE, 0},
    {"schlusskurs", COLUMN_CLOSE, 0},
    {"schlukurs", COLUMN_CLOSE, 0},
    {"schlu", COLUMN_CLOSE, 0},
    {"clture", COLUMN_CLOSE, 0},
    {"cloture", COLUMN_CLOSE, 0},
    {"cierre", COLUMN_CLOSE, 0},
    {"closevalue", COLUMN_CLOSE, 0},
    {"last", COLUMN_CLOSE, 1},
    {"lastprice", COLUMN_CLOSE, 1},
    {"latest", COLUMN_CLOSE, 1},
    {"zuletzt", COLUMN_CLOSE, 1},
    {"dernier", COLUMN_CLOSE, 1},
    {"ltimo", COLUMN_CLOSE, 1},
    {"ultimo", COLUMN_CLOSE, 1},
    {"ltp", COLUMN_CLOSE, 1},
    {"price", COLUMN_CLOSE, 2},
    {"precio", COLUMN_CLOSE, 2},
    {"kurs", COLUMN_CLOSE, 2},
    {"vwap", COLUMN_VWAP, 0},
    {"vw", COLUMN_VWAP, 0},
    {"wap", COLUMN_VWAP, 0},
    {"average", COLUMN_VWAP, 0},
    {"averageprice", COLUMN_VWAP, 0},
    {"stcke", COLUMN_VOLUME, 0},
    {"stuecke", COLUMN_VOLUME, 0},
    {"stucke", COLUMN_VOLUME, 0},
    {"stck", COLUMN_VOLUME, 0},
    {"tottrdqty", COLUMN_VOLUME, 0},
    {"totaltradequantity", COLUMN_VOLUME, 0},
    {"totaltradedquantity", COLUMN_VOLUME, 0},
    {"sharestraded", COLUMN_VOLUME, 0},
    {"volume", COLUMN_VOLUME, 1},
    {"vol", COLUMN_VOLUME, 1},
    {"v", COLUMN_VOLUME, 1},
    {"totalvolume", COLUMN_VOLUME, 1},
    {"qty", COLUMN_VOLUME, 1},
    {"basevolume", COLUMN_VOLUME, 1},
    {"volumen", COLUMN_VOLUME, 1},
    {"titres", COLUMN_VOLUME, 1},
    {"shares", COLUMN_VOLUME, 1},
    {"volumes", COLUMN_VOLUME, 1},
    {"tickvol", COLUMN_TICKS, 0},
    {"tickvolume", COLUMN_TICKS, 0},
    {"ticks", COLUMN_TICKS, 0},
    {"trades", COLUMN_TRADES, 0},
    {"tradecount", COLUMN_TRADES, 0},
    {"numberoftrades", COLUMN_TRADES, 0},
    {"transactions", COLUMN_TRADES, 0},
    {"n", COLUMN_TRADES, 0},
    {"numtrades", COLUMN_TRADES, 0},
    {"nooftrades", COLUMN_TRADES, 0},
    {"totaltrades", COLUMN_TRADES, 0},
    {"barcount", COLUMN_TRADES, 1},
    {"count", COLUMN_TRADES, 1},
    {"openinterest", COLUMN_INTEREST, 0},
    {"oi", COLUMN_INTEREST, 0},
    {"openint", COLUMN_INTEREST, 0},
    {"opnint", COLUMN_INTEREST, 0},
    {"dividend", COLUMN_DIVIDEND, 0},
    {"dividends", COLUMN_DIVIDEND, 0},
    {"dividendamount", COLUMN_DIVIDEND, 0},
    {"exdividend", COLUMN_DIVIDEND, 0},
    {"divcash", COLUMN_DIVIDEND, 0},
    {"div", COLUMN_DIVIDEND, 0},
    {"split", COLUMN_SPLIT, 0},
    {"splits", COLUMN_SPLIT, 0},
    {"stocksplits", COLUMN_SPLIT, 0},
    {"stocksplit", COLUMN_SPLIT, 0},
    {"splitratio", COLUMN_SPLIT, 0},
    {"splitfactor", COLUMN_SPLIT, 0},
    {"splitcoefficient", COLUMN_SPLIT, 0},
};

static const char *const title[CSV_COLUMNS] = {
    [COLUMN_TIME] = "the date or time",
    [COLUMN_TIME_OF_DAY] = "the time of day",
    [COLUMN_SYMBOL] = "the symbol",
    [COLUMN_OPEN] = "the open",
    [COLUMN_HIGH] = "the high",
    [COLUMN_LOW] = "the low",
    [COLUMN_CLOSE] = "the close",
    [COLUMN_VWAP] = "the vwap",
    [COLUMN_VOLUME] = "the volume",
    [COLUMN_TICKS] = "the ticks",
    [COLUMN_TRADES] = "the trades",
    [COLUMN_DIVIDEND] = "the dividend",
    [COLUMN_INTEREST] = "the open interest",
    [COLUMN_SPLIT] = "the split",
    [COLUMN_ADJUSTED_CLOSE] = "the adjusted close",
};

#define RANK_LAST 1000 /* of a name that is only like a known one */

void csv_plain_name(char plain[static 32], struct str name)
{
    size_t n = 0;
    plain[0] = '\0';
    for (size_t i = 0; i < name.n && !(name.p[i] == '(' && n > 0); i++) { /* "Open (USD)" */
        char c = name.p[i];
        if (c >= 'A' && c <= 'Z')
            c = (char)(c - 'A' + 'a');
        const bool digit = c >= '0' && c <= '9';
        if ((c >= 'a' && c <= 'z') || (digit && n > 0)) {
            if (n == 31) {
                plain[0] = '\0';
                return;
            }
            plain[n++] = c;
            plain[n] = '\0';
        }
    }
}

static enum csv_column look_up(const char *plain, int *rank)
{
    for (size_t k = 0; k < sizeof known / sizeof *known; k++)
        if (strcmp(plain, known[k].name) == 0) {
            *rank = known[k].rank;
            return known[k].column;
        }
    return COLUMN_NONE;
}

static bool names_utc(struct str name)
{
    for (size_t i = 0; i + 3 <= name.n; i++) {
        char word[4] = {0};
        for (int k = 0; k < 3; k++)
            word[k] = (char)(name.p[i + (size_t)k] | 0x20);
        if (strcmp(word, "utc") == 0 || strcmp(word, "gmt") == 0)
            return true;
    }
    return false;
}

/* "Gmt time", "time_utc": the name without the zone. */
static void without_utc(char plain[static 32])
{
    const size_t n = strlen(plain);
    if (n > 3 && (strncmp(plain, "utc", 3) == 0 || strncmp(plain, "gmt", 3) == 0))
        memmove(plain, plain + 3, n - 2);
    else if (n > 3 && (strcmp(plain + n - 3, "utc") == 0 || strcmp(plain + n - 3, "gmt") == 0))
        plain[n - 3] = '\0';
}

/* What a name says; *utc: that its times are those of UTC. */
static enum csv_column column_of(struct str name, int position, int *rank, bool *utc)
{
    char plain[32];
    csv_plain_name(plain, name);
    *utc = false;
    enum csv_column column = look_up(plain, rank);
    if (column == COLUMN_NONE && strncmp(plain, "volume", 6) == 0) { /* "Volume BTC": the first of them */
        *rank = RANK_LAST + position;
        return COLUMN_VOLUME;
    }
    if (strncmp(plain, "adj", 3) == 0 && strstr(plain, "clos") != NULL) { /* "Adj. Close", "adjusted_closing_price" */
        *rank = RANK_LAST + position;
        return COLUMN_ADJUSTED_CLOSE;
    }
    if (!names_utc(name))
        return column;
    without_utc(plain);
    if (column == COLUMN_NONE)
        column = look_up(plain, rank);
    *utc = column == COLUMN_TIME || column == COLUMN_TIME_OF_DAY;
    return *utc || look_up(plain, rank) != COLUMN_NONE ? column : COLUMN_NONE;
}

bool csv_columns_know(struct str name)
{
    int rank;
    bool utc;
    return column_of(name, 0, &rank, &utc) != COLUMN_NONE;
}

static void clear(struct csv_columns *columns, int count)
{
    *columns = (struct csv_columns){.count = count};
    for (int i = 0; i < CSV_COLUMNS; i++)
        columns->at[i] = -1;
}

/* "time" alone is the whole time; an epoch count needs no time of day beside it. */
static void settle_time(struct csv_columns *columns, int time_rank)
{
    int *date = &columns->at[COLUMN_TIME], *time = &columns->at[COLUMN_TIME_OF_DAY];
    if (*date < 0)
        *date = *time;
    if (*date == *time || time_rank == 0)
        *time = -1;
}

static bool is_closes_alone(const struct csv_columns *columns)
{
    return columns->at[COLUMN_TIME] >= 0 && columns->at[COLUMN_CLOSE] >= 0 && columns->at[COLUMN_OPEN] < 0 &&
           columns->at[COLUMN_HIGH] < 0 && columns->at[COLUMN_LOW] < 0;
}

static int finish(struct csv_columns *columns, struct error *error)
{
    static const enum csv_column must[] = {COLUMN_TIME, COLUMN_OPEN, COLUMN_HIGH, COLUMN_LOW, COLUMN_CLOSE};
    if (is_closes_alone(columns))
        return error_set(error, EXIT_INPUT, "no columns for open, high and low: bars need more than closes");
    for (size_t i = 0; i < sizeof must / sizeof *must; i++) {
        if (columns->at[must[i]] >= 0)
            continue;
        (void)error_set(error, EXIT_INPUT, "no column for %s", title[must[i]]);
        error_hint(error, "name them by position: --columns time,open,high,low,close,volume (- for an unused one)");
        return -1;
    }
    for (int i = 0; i < CSV_COLUMNS; i++)
        if (i != COLUMN_ADJUSTED_CLOSE && columns->at[i] >= columns->needed)
            columns->needed = columns->at[i] + 1;
    return 0;
}

int csv_columns_find(struct csv_columns *columns, const struct str *header, int count, struct error *error)
{
    int ranks[CSV_COLUMNS] = {0};
    clear(columns, count);
    for (int i = 0; i < count; i++) {
        int rank;
        bool utc;
        const enum csv_column column = column_of(header[i], i, &rank, &utc);
        if (column == COLUMN_NONE)
            continue;
        int *at = &columns->at[column];
        if (*at >= 0 && ranks[column] == rank)
            return error_set(error, EXIT_INPUT, "columns %d and %d both look like %s", *at + 1, i + 1, title[column]);
        if (*at >= 0 && ranks[column] < rank)
            continue;
        *at = i;
        ranks[column] = rank;
        columns->utc |= utc;
    }
    settle_time(columns, columns->at[COLUMN_TIME] >= 0 ? ranks[COLUMN_TIME] : 1);
    return finish(columns, error);
}

/* The next name of a list with commas. */
static bool next_name(const char **p, struct str *name)
{
    if (*p == NULL)
        return false;
    const char *comma = strchr(*p, ',');
    *name = (struct str){*p, comma == NULL ? strlen(*p) : (size_t)(comma - *p)};
    while (name->n > 0 && *name->p == ' ')
        *name = (struct str){name->p + 1, name->n - 1};
    while (name->n > 0 && name->p[name->n - 1] == ' ')
        name->n--;
    *p = comma == NULL ? NULL : comma + 1;
    return true;
}

int csv_columns_name(struct csv_columns *columns, const char *list, struct error *error)
{
    struct str name;
    int i = 0, time_rank = 1;
    clear(columns, 0);
    for (const char *p = list; next_name(&p, &name); i++) {
        int rank;
        bool utc;
        if (name.n == 0 || str_is(name, "-"))
            continue;
        const enum csv_column column = column_of(name, i, &rank, &utc);
        if (column == COLUMN_NONE || i >= CSV_FIELDS_MAX) {
            (void)error_set(error, EXIT_USAGE, "--columns: '" STR_FMT "' is not a column of bars",
                            name.n > 40 ? 40 : (int)name.n, name.p);
            error_hint(error, "time date symbol open high low close volume vwap trades dividend split, "
                              "openinterest, - for others");
            return -1;
        }
        if (columns->at[column] >= 0)
            return error_set(error, EXIT_USAGE, "--columns: %s is named twice", title[column]);
        columns->at[column] = i;
        columns->utc |= utc;
        if (column == COLUMN_TIME)
            time_rank = rank;
    }
    columns->count = i;
    settle_time(columns, time_rank);
    if (finish(columns, error) == 0)
        return 0;
    error_recode(error, EXIT_USAGE);
    error_prefix(error, "--columns");
    return -1;
}
