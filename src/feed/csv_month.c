/* Names of months as CSV files have them. */
#include "feed/csv_month.h"

#include <string.h>
#include <strings.h>

static const struct {
    const char *name;
    int month;
} known[] = {
    /* English and German */
    {"january", 1},
    {"february", 2},
    {"march", 3},
    {"april", 4},
    {"may", 5},
    {"june", 6},
    {"july", 7},
    {"august", 8},
    {"september", 9},
    {"sept", 9},
    {"october", 10},
    {"november", 11},
    {"december", 12},
    {"januar", 1},
    {"februar", 2},
    {"m\xc3\xa4rz", 3},
    {"m\xe4rz", 3},
    {"maerz", 3},
    {"mrz", 3},
    {"mai", 5},
    {"juni", 6},
    {"juli", 7},
    {"oktober", 10},
    {"dezember", 12},
    /* French */
    {"janvier", 1},
    {"f\xc3\xa9vrier", 2},
    {"f\xe9vrier", 2},
    {"fevrier", 2},
    {"mars", 3},
    {"avril", 4},
    {"juin", 6},
    {"juillet", 7},
    {"ao\xc3\xbbt", 8},
    {"ao\xfbt", 8},
    {"aout", 8},
    {"septembre", 9},
    {"octobre", 10},
    {"novembre", 11},
    {"d\xc3\xa9"
     "cembre",
     12},
    {"d\xe9"
     "cembre",
     12},
    {"decembre", 12},
    /* Spanish */
    {"enero", 1},
    {"febrero", 2},
    {"marzo", 3},
    {"abril", 4},
    {"mayo", 5},
    {"junio", 6},
    {"julio", 7},
    {"agosto", 8},
    {"septiembre", 9},
    {"setiembre", 9},
    {"octubre", 10},
    {"noviembre", 11},
    {"diciembre", 12},
};

int csv_month_find(const char *word, size_t length)
{
    int found = 0;
    if (length < 3)
        return 0;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        const size_t n = strlen(known[i].name);
        if (n < length || strncasecmp(known[i].name, word, length) != 0)
            continue;
        if (n == length)
            return known[i].month;
        if (found != 0 && found != known[i].month) /* "jui" may be June or July */
            return 0;
        found = known[i].month;
    }
    return found;
}
