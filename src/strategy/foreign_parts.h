/* What the files of strategy/foreign share. */
#ifndef TN_STRATEGY_FOREIGN_PARTS_H
#define TN_STRATEGY_FOREIGN_PARTS_H

#include "strategy/foreign.h"

struct foreign {
    struct strategy strategy; /* what the others see of it */
    char name[64];
    char parameter_name[STRATEGY_PARAMS_MAX][32];
    char *command, **word, **argv; /* as it was given; its words; those with the values in them */
    int64_t patience;
    const struct foreign_door *door;
};

#endif
