/* The service manager's watchdog: one datagram to the socket that NOTIFY_SOCKET names, as sd_notify(3) describes it.
 * Without that variable nothing is sent; what cannot be sent is left out, for then the manager acts. */
#ifndef TN_BASE_WATCHDOG_H
#define TN_BASE_WATCHDOG_H

void watchdog_ready(void); /* all that is needed is open */
void watchdog_alive(void); /* work goes on: to be told more often than WatchdogSec */

#endif
