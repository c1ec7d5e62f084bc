/* The days of the New York Stock Exchange before 1990 that no rule gives; for market/nyse.c. */
#ifndef TN_MARKET_NYSE_OLD_H
#define TN_MARKET_NYSE_OLD_H

enum nyse_day { NYSE_BY_RULE, NYSE_CLOSED, NYSE_OTHER_HOURS };

/* Of a date from 1950 to 1989, weekday 0 being Sunday: NYSE_OTHER_HOURS sets opening and closing time in minutes after
 * midnight. A holiday by rule is one whatever this says of the hours around it. */
enum nyse_day nyse_old_day(int year, int month, int day, int weekday, int *open, int *close);

#endif
