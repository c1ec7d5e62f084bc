/* The marks of a moment on their way into the journal: they go with the equity point of their moment, and into an event
 * of their own only where something else of the account has to stand behind them, or the transaction ends.
 *
 * So a moment is one event, however many bars there were, and the events are in the order in which they happened. */
#ifndef TN_BROKER_MARK_LIST_H
#define TN_BROKER_MARK_LIST_H

#include "base/buf.h"
#include "record/types.h"

struct mark_list {
    int (*append)(void *context, enum record_type type, const void *value, struct error *error); /* to the journal */
    void *context;
    struct buf text;  /* of those that are not there yet … */
    struct mark last; /* … the last of them … */
    size_t count;     /* … and how many they are */
};

void mark_list_init(struct mark_list *list,
                    int (*append)(void *context, enum record_type type, const void *value, struct error *error),
                    void *context);
void mark_list_clear(struct mark_list *list);
/* Takes an event: a MARK is kept, all else is appended. */
int mark_list_take(struct mark_list *list, enum record_type type, const void *value, struct error *error);
/* Appends what is kept: nothing more comes of this moment or transaction. */
int mark_list_flush(struct mark_list *list, struct error *error);

#endif
