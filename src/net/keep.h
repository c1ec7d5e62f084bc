/* Answers kept with what their server calls their version (ETag, Last-Modified), so that the next question can be
 * whether they have changed (RFC 9110 §13): an answer 304 costs no bytes, and what was kept is given in its place. One
 * file for each question, by its address without secrets; what a secret might be in is not kept. The oldest go when
 * there are more than 256 or they are larger than 64 MiB. A file that cannot be read is as if it were not there. */
#ifndef TN_NET_KEEP_H
#define TN_NET_KEEP_H

#include "net/internal.h"

/* Add the condition to a request whose answer is kept. */
int keep_ask(struct exchange *exchange, struct error *error);
/* After an answer: 200 is kept, where it has a version; 304 becomes what was kept. -1 when it has gone meanwhile,
 * or when a server says 304 unasked: `failure` is filled. A body that ends with its connection is not kept. */
int keep_answer(struct exchange *exchange, struct error *failure);

#endif
