/* The fast path of the scanner: an index of a block's structural bytes, and a walk over it that expects the key layout
 * (the shape) of an earlier line.
 *
 * A shape is everything of a line but its values: the text between two values (the lead) is compared whole, and the
 * index says where each must be, so no field waits for the one before it. The fast path only ever accepts; whatever it
 * does not recognise goes to record_scan, which has the rules and the messages. */
#ifndef TN_RECORD_SHAPE_H
#define TN_RECORD_SHAPE_H

#include "record/scan.h"

#include <stdalign.h>

enum {
    LAYOUT_LEAD_MAX = 48,
    LAYOUT_FIELDS_MAX = 128,
    SHAPES = 8,                  /* kept per input */
    LAYOUT_PADDING = 64,         /* bytes behind a block that must be readable */
    INDEX_STEP = 64,             /* bytes looked at together */
    INDEX_BLOCK = 16384,         /* bytes indexed in one go, so that they stay in the first-level cache */
    INDEX_MAX = 3 * INDEX_BLOCK, /* positions kept; a line with more goes byte by byte */
};

enum scan_path {
    SCAN_PORTABLE, /* byte by byte, no shapes */
    SCAN_SSE2,
    SCAN_AVX2,
};

/* The best path this machine has. */
enum scan_path scan_path_best(void);

/* Positions of quotes, backslashes, control bytes (LF too) and bytes above 0x7f in block[from, to), appended at
 * `position`, which has room for `to - from` + 8; returns how many. Reads up to LAYOUT_PADDING bytes behind `to`. */
size_t index_block(enum scan_path path, const char *block, size_t from, size_t to, uint32_t *position);

struct layout_field {
    alignas(16) char lead[LAYOUT_LEAD_MAX]; /* from the value before to this value, quotes of both included */
    uint8_t lead_length, key_at, key_length;
    uint16_t quote; /* how many quotes of the line stand before the key's */
    bool string;    /* else a number or a word */
    int8_t member;  /* of the schema, -1 for a field it does not know */
};

struct layout {
    int fields; /* without `type`, which is part of the first lead; 0: empty */
    uint32_t quotes;
    enum record_type type;
    struct str type_text; /* within the first lead */
    uint8_t type_at;      /* where its key is in the first lead */
    char tail[16];        /* from the last value to the end of the line */
    uint8_t tail_length;
    uint8_t followed_by;               /* the shape of the next line, last time */
    bool plain_bar;                    /* bar_take may be tried */
    uint8_t place[SCHEMA_MEMBERS_MAX]; /* the field of a member of the schema; 0: absent */
    uint8_t absent[SCHEMA_MEMBERS_MAX];
    int absents; /* members of the schema that the shape has not */
    struct layout_field field[LAYOUT_FIELDS_MAX];
};

struct layouts {
    struct layout layout[SHAPES];
    uint8_t last, oldest;
    uint32_t most_quotes; /* positions that let every known shape be tried */
};

/* Scan the line that starts at block[start] and whose structural bytes are at position[0], …, of which `positions` are
 * known. On success the record is filled and *length is that of the line; false: use record_scan. */
bool layouts_scan(struct layouts *layouts, struct record *record, const char *block, size_t start,
                  const uint32_t *position, size_t positions, size_t *length);
/* Remember the layout of a line that record_scan accepted. */
void layouts_learn(struct layouts *layouts, const struct record *record);

#endif
