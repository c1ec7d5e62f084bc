/* Which column of a CSV header is what: a table of the names that brokers, data sellers and libraries use. */
#include "feed/csv_columns.h"

#include <stddef.h>

static const struct {
    const char *name; /* lower case, letters and digits only */
    enum csv_column column;
} known[] = {
    {"date", COLUMN_TIME},
    {"datetime", COLUMN_TIME},
    {"timestamp", COLUMN_TIME},
    {"dateandtime", COLUMN_TIME},
    {"day", COLUMN_TIME},
    {"tradingday", COLUMN_TIME},
    {"tradedate", COLUMN_TIME},
    {"opentime", COLUMN_TIME},
    {"starttime", COLUMN_TIME},
    {"windowstart", COLUMN_TIME},
    {"ts", COLUMN_TIME},
    {"t", COLUMN_TIME},
    {"unix", COLUMN_TIME},
    {"unixtimestamp", COLUMN_TIME},
    {"epoch", COLUMN_TIME},
    {"time", COLUMN_TIME_OF_DAY},
    {"timeofday", COLUMN_TIME_OF_DAY},
    {"symbol", COLUMN_SYMBOL},
    {"ticker", COLUMN_SYMBOL},
    {"sym", COLUMN_SYMBOL},
    {"instrument", COLUMN_SYMBOL},
    {"name", COLUMN_SYMBOL},
    {"open", COLUMN_OPEN},
    {"o", COLUMN_OPEN},
    {"openprice", COLUMN_OPEN},
    {"first", COLUMN_OPEN},
    {"op", COLUMN_OPEN},
    {"high", COLUMN_HIGH},
    {"h", COLUMN_HIGH},
    {"highprice", COLUMN_HIGH},
    {"max", COLUMN_HIGH},
    {"hi", COLUMN_HIGH},
    {"low", COLUMN_LOW},
    {"l", COLUMN_LOW},
    {"lowprice", COLUMN_LOW},
    {"min", COLUMN_LOW},
    {"lo", COLUMN_LOW},
    {"close", COLUMN_CLOSE},
    {"c", COLUMN_CLOSE},
    {"closeprice", COLUMN_CLOSE},
    {"closelast", COLUMN_CLOSE},
    {"last", COLUMN_CLOSE},
    {"price", COLUMN_CLOSE},
    {"cl", COLUMN_CLOSE},
    {"volume", COLUMN_VOLUME},
    {"vol", COLUMN_VOLUME},
    {"v", COLUMN_VOLUME},
    {"totalvolume", COLUMN_VOLUME},
    {"qty", COLUMN_VOLUME},
    {"basevolume", COLUMN_VOLUME},
    {"vwap", COLUMN_VWAP},
    {"vw", COLUMN_VWAP},
    {"wap", COLUMN_VWAP},
    {"trades", COLUMN_TRADES},
    {"tradecount", COLUMN_TRADES},
    {"numberoftrades", COLUMN_TRADES},
    {"transactions", COLUMN_TRADES},
    {"n", COLUMN_TRADES},
    {"numtrades", COLUMN_TRADES},
    {"dividend", COLUMN_DIVIDEND},
    {"dividends", COLUMN_DIVIDEND},
    {"dividendamount", COLUMN_DIVIDEND},
    {"exdividend", COLUMN_DIVIDEND},
    {"divcash", COLUMN_DIVIDEND},
    {"div", COLUMN_DIVIDEND},
    {"split", COLUMN_SPLIT},
    {"splits", COLUMN_SPLIT},
    {"stocksplits", COLUMN_SPLIT},
    {"stocksplit", COLUMN_SPLIT},
    {"splitratio", COLUMN_SPLIT},
    {"splitfactor", COLUMN_SPLIT},
    {"splitcoefficient", COLUMN_SPLIT},
};

static const char *const title[CSV_COLUMNS] = {
    [COLUMN_TIME] = "the date or time", [COLUMN_TIME_OF_DAY] = "the time of day",
    [COLUMN_SYMBOL] = "the symbol",     [COLUMN_OPEN] = "the open",
    [COLUMN_HIGH] = "the high",         [COLUMN_LOW] = "the low",
    [COLUMN_CLOSE] = "the close",       [COLUMN_VWAP] = "the vwap",
    [COLUMN_VOLUME] = "the volume",     [COLUMN_TRADES] = "the trades",
    [COLUMN_DIVIDEND] = "the dividend", [COLUMN_SPLIT] = "the split",
};

void csv_plain_name(char plain[static 32], struct str name)
{
    size_t n = 0;
    plain[0] = '\0';
    for (size_t i = 0; i < name.n; i++) {
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

int csv_columns_find(struct csv_columns *columns, const struct str *header, int count, struct error *error)
{
    *columns = (struct csv_columns){.count = count};
    for (int i = 0; i < CSV_COLUMNS; i++)
        columns->at[i] = -1;
    for (int i = 0; i < count; i++) {
        char plain[32];
        csv_plain_name(plain, header[i]);
        for (size_t k = 0; k < sizeof known / sizeof *known && plain[0] != '\0'; k++) {
            if (!str_is(str_of(plain), known[k].name))
                continue;
            const enum csv_column column = known[k].column;
            if (columns->at[column] >= 0)
                return error_set(error, EXIT_INPUT, "columns %d and %d both look like %s", columns->at[column] + 1,
                                 i + 1, title[column]);
            columns->at[column] = i;
            columns->column[i] = column;
            break;
        }
    }
    if (columns->at[COLUMN_TIME] < 0 && columns->at[COLUMN_TIME_OF_DAY] >= 0) { /* "time" alone is the whole time */
        columns->at[COLUMN_TIME] = columns->at[COLUMN_TIME_OF_DAY];
        columns->column[columns->at[COLUMN_TIME]] = COLUMN_TIME;
        columns->at[COLUMN_TIME_OF_DAY] = -1;
    }
    static const enum csv_column must[] = {COLUMN_TIME, COLUMN_OPEN, COLUMN_HIGH, COLUMN_LOW, COLUMN_CLOSE};
    for (size_t i = 0; i < sizeof must / sizeof *must; i++) {
        if (columns->at[must[i]] >= 0)
            continue;
        (void)error_set(error, EXIT_INPUT, "no column for %s", title[must[i]]);
        error_hint(error, "the first line names the columns: date,open,high,low,close,volume");
        return -1;
    }
    for (int i = 0; i < CSV_COLUMNS; i++)
        if (columns->at[i] >= columns->needed)
            columns->needed = columns->at[i] + 1;
    return 0;
}
