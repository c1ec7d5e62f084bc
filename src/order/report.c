/* What a venue reports, and what it means for the account. */
#include "order/internal.h"

int orders_report(struct order_manager *manager, struct report *report, struct error *error)
{
    if (report->kind == REPORT_FILL && report->assumed && orders_judge(manager, report, error) != 0)
        return -1;
    switch (report->kind) {
    case REPORT_PLACE_OVER:
        return orders_wake(manager, error);
    case REPORT_FILL:
        return orders_fill(manager, report, error);
    case REPORT_ACCEPTED:
        return orders_update(manager, report->ticket, STATUS_ACCEPTED, report->time, report->reason, error);
    case REPORT_REJECTED:
        return orders_update(manager, report->ticket, STATUS_REJECTED, report->time, report->reason, error);
    case REPORT_CANCELLED:
        return orders_update(manager, report->ticket, STATUS_CANCELED, report->time, report->reason, error);
    case REPORT_EXPIRED:
        return orders_update(manager, report->ticket, STATUS_EXPIRED, report->time, report->reason, error);
    case REPORT_TRIGGERED:
        return orders_trigger(manager, report->ticket, report->time, error);
    case REPORT_TRAILED:
        return orders_move_stop(manager, report->ticket, report->stop_price, report->time, "trail", error);
    }
    return 0;
}
