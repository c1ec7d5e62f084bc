/* Numbers as spreadsheets and vendors write them. */
#ifndef TN_FEED_CSV_NUMBER_H
#define TN_FEED_CSV_NUMBER_H

#include "base/dec.h"
#include "base/str.h"

/* What a number says about the decimal mark of its file. */
enum csv_mark {
    MARK_NONE,   /* nothing: 12, 1 234 */
    MARK_EITHER, /* 1.234 or 1,234: three digits after the only mark */
    MARK_POINT,  /* 12.5  1,234.5  1,234,567 */
    MARK_COMMA,  /* 12,5  1.234,5  1.234.567 */
};

/* What the text is, whatever the file's mark is. */
enum csv_mark csv_number_mark(struct str text);

/* "", "null", "nan", "n/a", "-" and the like: no value. */
bool csv_number_is_null(struct str text);

/* An exact decimal. `mark` is the file's decimal mark; the other one, blanks and apostrophes may group digits. A
 * currency sign in front or behind and a missing zero before the mark are allowed. *rounded: it has more than 8 digits
 * after the mark that are not zero; a value that this would change by more than one part in 10,000 is refused. */
int csv_price_parse(dec *result, bool *rounded, struct str text, char mark, const char *what, struct error *error);

/* A volume or a count: the same with K, M, B or T behind (thousand to 10^12); NaN when there is none. */
int csv_count_parse(double *result, struct str text, char mark, const char *what, struct error *error);

#endif
