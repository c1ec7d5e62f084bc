/* What rules ask beside bars. Who answers is strategy/known.h. */
#ifndef TN_EXPR_KNOWN_H
#define TN_EXPR_KNOWN_H

#define KNOWN_NAME_SIZE 96

/* Sessions to the next event of a kind, since the last one; a figure of a company, of the economy. */
enum known_what { KNOWN_NEXT, KNOWN_LAST, KNOWN_FACT, KNOWN_OBSERVATION };
enum known_period { KNOWN_ANY, KNOWN_QUARTER, KNOWN_YEAR };

struct known_ask {
    enum known_what what;
    enum known_period period;
    char name[KNOWN_NAME_SIZE]; /* of an event's kind, a figure, a series of the economy */
    char text[KNOWN_NAME_SIZE]; /* as the rule says it, cut off where it is longer */
};

#endif
