/* Reading the small JSON objects that adapters answer: members of raw text that a scan has accepted. */
#ifndef TN_ADAPTER_JSON_H
#define TN_ADAPTER_JSON_H

#include "record/record.h"

/* The member of a raw object, or false. */
bool json_find(struct str object, const char *key, struct field *member);
/* The decoded text of a string member, cut to nothing when it does not fit; false when there is none. */
bool json_text(struct str object, const char *key, char *text, size_t size);
/* A number, or a string that is one. */
bool json_number(struct str object, const char *key, double *number);

#endif
