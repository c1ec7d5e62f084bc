/* Names of months. */
#ifndef TN_FEED_CSV_MONTH_H
#define TN_FEED_CSV_MONTH_H

#include <stddef.h>

/* The month (1 to 12) whose English, German, French or Spanish name, whole or shortened to at least three letters, the
 * word is; capitals do not count. 0: none. */
int csv_month_find(const char *word, size_t length);

#endif
