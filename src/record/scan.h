/* What the parts of the scanner share. */
#ifndef TN_RECORD_SCAN_H
#define TN_RECORD_SCAN_H

#include "record/record.h"
#include "record/schema.h"

/* Is field->value a number, true, false or null as a whole? Then the field's kind and `whole` are set. */
bool scan_bare(struct field *field);

/* One character of a checked JSON string at *p, decoded: writes its UTF-8 bytes (1–4), moves *p past it. */
size_t text_unit(const char **p, char unit[static 4]);

#endif
