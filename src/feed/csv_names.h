/* Names of CSV files and the symbols they stand for. */
#ifndef TN_FEED_CSV_NAMES_H
#define TN_FEED_CSV_NAMES_H

#include "base/names.h"
#include "record/types.h"

/* The symbol a file name stands for: without folder, ".csv" or ".txt" and a browser's " (1)", in upper case; of a name
 * as TradingView gives it ("BATS_AAPL, 1D_3f2a1.csv") what stands between exchange and interval. "" when that is no
 * symbol. */
void csv_symbol_of_file(char symbol[static SYMBOL_SIZE], const char *path);

/* Adds the symbol of every .csv of the folder, by name, whatever it is, so that csv_folder_file says what is wrong with
 * it; files whose name is not a symbol are added to `nameless`. EXIT_UNAVAILABLE when no file has a symbol. */
int csv_folder_symbols(const char *folder, struct names *symbols, struct names *nameless, struct error *error);
/* The folder's file of a symbol, whatever its capitals are; '/' and ':' of a symbol are '-' in the name.
 * EXIT_UNAVAILABLE when there is none, EXIT_INPUT when it is not a regular file. */
int csv_folder_file(char *path, size_t size, const char *folder, const char *symbol, struct error *error);

/* EXIT_UNAVAILABLE: the symbol is not among those of a file; the hint names one that differs in capitals alone or
 * goes on with a suffix ("AAPL.US"), else the first there is. */
int csv_refuse_symbol(const struct names *symbols, const char *symbol, const char *file, struct error *error);

#endif
