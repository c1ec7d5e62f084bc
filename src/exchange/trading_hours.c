/* Opens calendars for programs that trade for no account. */
#include "exchange/trading_hours.h"

int trading_hours_open(struct trading_hours *hours, const char *calendar, struct error *error)
{
    char path[PATH_MAX];
    *hours = (struct trading_hours){.open = true};
    instruments_init(&hours->listed);
    struct config *config = config_open(error);
    const int status = config != NULL && instruments_path(config, path, error) == 0 &&
                               instruments_read(&hours->listed, path, error) == 0 &&
                               exchange_open(&hours->exchange, calendar, error) == 0 &&
                               listed_calendars_open(&hours->own, &hours->listed, calendar, error) == 0
                           ? 0
                           : -1;
    config_free(config);
    hours->calendar = hours->exchange.calendar;
    hours->calendars = listed_calendars_of(&hours->own);
    return status;
}

void trading_hours_close(struct trading_hours *hours)
{
    if (!hours->open)
        return;
    exchange_close(&hours->exchange);
    listed_calendars_close(&hours->own);
    instruments_clear(&hours->listed);
    hours->open = false;
}
