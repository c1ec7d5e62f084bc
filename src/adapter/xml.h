/* XML answers as JSON, for adapters: feeds of news, filings. An element becomes
 * {"name": NAME, "attributes": {NAME: TEXT}, "text": TEXT, "children": [ELEMENT …]}; its text is what stands directly
 * in it, blanks at both ends left out. Names keep their prefixes.
 *
 * XML 1.0 (fifth edition) as far as such documents use it: UTF-8, at most 60 levels deep, tags that match. Comments and
 * processing instructions are passed over, a document type without declarations of its own too; nothing is ever fetched
 * or expanded but the five entities and character references, others stay as they are written. */
#ifndef TN_ADAPTER_XML_H
#define TN_ADAPTER_XML_H

#include "base/buf.h"

#define XML_DEPTH_MAX 60

/* Append the document's element. EXIT_INPUT with the byte where it goes wrong. */
int xml_take(struct buf *out, struct str body, struct error *error);

#endif
