/* A document as pages of A4, and as a workbook: for the files that write those. */
#ifndef TN_SHOW_DOCUMENT_PAGES_H
#define TN_SHOW_DOCUMENT_PAGES_H

#include "show/document.h"

/* The pages are the caller's to clear and free, after a failure too. */
int document_to_pages(const struct document *document, const struct style *style, struct drawing **page, size_t *count,
                      struct error *error);
/* Writes an .xlsx file: a sheet of what came of it, and one for each table, figures as numbers, times as dates in the
 * style's zone, text never as a formula (fault-075). */
int document_to_workbook(const struct document *document, const char *file, const struct style *style,
                         struct error *error);

#endif
