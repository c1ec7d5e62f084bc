/* What the parts of the scanner share. */
#ifndef TN_RECORD_SCAN_H
#define TN_RECORD_SCAN_H

#include "record/record.h"
#include "record/schema.h"

/* record_scan without the fast path. */
int record_scan_portable(struct record *record, const char *line, size_t length, struct error *error);

/* One character of a checked JSON string at *p, decoded: writes its UTF-8 bytes (1–4), moves *p past it. */
size_t text_unit(const char **p, char unit[static 4]);

#endif
