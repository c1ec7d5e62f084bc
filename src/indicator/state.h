/* The state of an indicator on disk, so that a session or a sweep may go on where it stopped.
 *
 * A line of text says whose state it is: name and parameters, the version of its meaning, its size, the last bar it has
 * seen, and the SHA-256 of all that and of the bytes, which follow. They are those of this machine's doubles
 * (little-endian). What does not fit in every point is not read but computed anew. */
#ifndef TN_INDICATOR_STATE_H
#define TN_INDICATOR_STATE_H

#include "base/buf.h"
#include "indicator/indicator.h"

/* Append the state; `last` is the time of the last bar. */
int indicator_save(const struct indicator_use *use, const void *state, int64_t last, struct buf *out,
                   struct error *error);
/* 1: the state and the time of its last bar; 0: it is none of this indicator with these parameters and of this version,
 * or damaged, and nothing was written. */
int indicator_load(const struct indicator_use *use, void *state, int64_t *last, struct str saved, struct error *error);

#endif
