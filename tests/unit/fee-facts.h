/* Worked examples of fees: from published schedules, worked out in exact decimal arithmetic outside the programs; those
 * of futures, two of the STT and the SDRT are printed as such by their sources. */
#ifndef TN_TESTS_FEE_FACTS_H
#define TN_TESTS_FEE_FACTS_H

#include "cost/fees.h"

struct fee_fact {
    const char *name, *schedule, *date, *side; /* "buy+sell": a round turn */
    const char *quantity, *price;              /* with '+' and '/': several fills */
    int multiplier;
    const char *symbol;
    enum fee_liquidity liquidity;
    int level;
    const char *only; /* of the schedule only this fee, "": all */
    const char *total;
};

/* clang-format off */
static const struct fee_fact fee_facts[] = {
    {"F01 section-31", "us-reg", "2009-04-09", "sell", "1000", "50.00", 1, "X", FEE_TAKER, 0, "sec", "0.28"},
    {"F02 section-31", "us-reg", "2009-04-13", "sell", "1000", "50.00", 1, "X", FEE_TAKER, 0, "sec", "1.29"},
    {"F03 section-31", "us-reg", "2024-05-21", "sell", "1000", "50.00", 1, "X", FEE_TAKER, 0, "sec", "0.40"},
    {"F04 section-31", "us-reg", "2024-05-22", "sell", "1000", "50.00", 1, "X", FEE_TAKER, 0, "sec", "1.39"},
    {"F05 section-31", "us-reg", "2025-05-13", "sell", "1000", "50.00", 1, "X", FEE_TAKER, 0, "sec", "1.39"},
    {"F06 section-31", "us-reg", "2025-05-14", "sell", "1000", "50.00", 1, "X", FEE_TAKER, 0, "sec", "0.00"},
    {"F07 section-31", "us-reg", "2026-04-02", "sell", "1000", "50.00", 1, "X", FEE_TAKER, 0, "sec", "0.00"},
    {"F08 section-31", "us-reg", "2026-04-06", "sell", "1000", "50.00", 1, "X", FEE_TAKER, 0, "sec", "1.03"},
    {"F09 section-31-buy", "us-reg", "2026-05-04", "buy", "1000", "50.00", 1, "X", FEE_TAKER, 0, "sec", "0.00"},
    {"F10 taf-share", "us-reg", "2012-06-29", "sell", "1000", "10.00", 1, "X", FEE_TAKER, 0, "taf", "0.10"},
    {"F11 taf-share", "us-reg", "2021-12-31", "sell", "1000", "10.00", 1, "X", FEE_TAKER, 0, "taf", "0.12"},
    {"F12 taf-share", "us-reg", "2022-01-03", "sell", "1000", "10.00", 1, "X", FEE_TAKER, 0, "taf", "0.13"},
    {"F13 taf-share", "us-reg", "2023-01-03", "sell", "1000", "10.00", 1, "X", FEE_TAKER, 0, "taf", "0.15"},
    {"F14 taf-share", "us-reg", "2024-01-02", "sell", "1000", "10.00", 1, "X", FEE_TAKER, 0, "taf", "0.17"},
    {"F15 taf-share", "us-reg", "2025-12-31", "sell", "1000", "10.00", 1, "X", FEE_TAKER, 0, "taf", "0.17"},
    {"F16 taf-share", "us-reg", "2026-01-02", "sell", "1000", "10.00", 1, "X", FEE_TAKER, 0, "taf", "0.20"},
    {"F17 taf-share", "us-reg", "2026-10-01", "sell", "1000", "10.00", 1, "X", FEE_TAKER, 0, "taf", "0.00"},
    {"F18 taf-share", "us-reg", "2027-01-04", "sell", "1000", "10.00", 1, "X", FEE_TAKER, 0, "taf", "0.20"},
    {"F19 taf-cap", "us-reg", "2026-05-04", "sell", "60000", "10.00", 1, "X", FEE_TAKER, 0, "taf", "9.79"},
    {"F20 taf-cap-edge", "us-reg", "2026-05-04", "sell", "50205", "10.00", 1, "X", FEE_TAKER, 0, "taf", "9.79"},
    {"F21 taf-option", "us-reg-options", "2026-05-04", "sell", "10", "2.00", 100, "X", FEE_TAKER, 0, "taf", "0.04"},
    {"F22 alpaca-sell", "alpaca", "2026-09-18", "sell", "1000", "10.00", 1, "X", FEE_TAKER, 0, "", "0.42"},
    {"F23 alpaca-tiny-buy", "alpaca", "2026-09-21", "buy", "0.01", "100.00", 1, "X", FEE_TAKER, 0, "", "0.01"},
    {"F24 alpaca-tiny-sell", "alpaca", "2026-09-22", "sell", "0.01", "100.00", 1, "X", FEE_TAKER, 0, "", "0.03"},
    {"F25 alpaca-3-fills-day", "alpaca", "2026-09-18", "sell", "100+200+50", "20.00/20.50/21.00", 1, "X", FEE_TAKER, 0, "", "0.23"},
    {"F27 ibkr-fixed", "ibkr-fixed", "2026-06-01", "buy", "100", "50.00", 1, "X", FEE_TAKER, 0, "", "1.00"},
    {"F28 ibkr-fixed", "ibkr-fixed", "2026-06-01", "buy", "1000", "50.00", 1, "X", FEE_TAKER, 0, "", "5.00"},
    {"F29 ibkr-fixed", "ibkr-fixed", "2026-06-01", "buy", "1000", "0.25", 1, "X", FEE_TAKER, 0, "", "2.50"},
    {"F30 ibkr-fixed", "ibkr-fixed", "2026-06-01", "buy", "10", "0.20", 1, "X", FEE_TAKER, 0, "", "0.02"},
    {"F31 ibkr-fixed-sell", "ibkr-fixed", "2026-06-01", "sell", "1000", "50.00", 1, "X", FEE_TAKER, 0, "", "6.23"},
    {"F32 ibkr-tiered", "ibkr-tiered", "2026-06-01", "buy", "100", "50.00", 1, "X", FEE_TAKER, 0, "", "0.67"},
    {"F33 ibkr-tiered", "ibkr-tiered", "2026-06-01", "sell", "1000", "50.00", 1, "X", FEE_MAKER, 0, "", "4.93"},
    {"F34 ibkr-tiered", "ibkr-tiered", "2026-10-05", "sell", "1000", "50.00", 1, "X", FEE_MAKER, 0, "", "4.74"},
    {"F35 ibkr-tiered", "ibkr-tiered", "2026-06-01", "buy", "2000", "12.00", 1, "X", FEE_CLOSING, 0, "", "10.61"},
    {"F36 venue-remove", "us-venue", "2026-06-01", "buy", "1000", "25.00", 1, "X", FEE_TAKER, 0, "access", "3.00"},
    {"F37 venue-add", "us-venue", "2026-06-01", "buy", "1000", "25.00", 1, "X", FEE_MAKER, 0, "rebate", "-2.00"},
    {"F38 venue-subdollar", "us-venue", "2026-06-01", "buy", "1000", "0.80", 1, "X", FEE_TAKER, 0, "access", "2.40"},
    {"F39 ibkr-option", "ibkr-options", "2026-07-15", "buy", "1", "2.50", 100, "X", FEE_TAKER, 0, "", "1.05"},
    {"F40 ibkr-option", "ibkr-options", "2026-07-15", "sell", "10", "0.07", 100, "X", FEE_TAKER, 0, "", "5.49"},
    {"F41 ibkr-option", "ibkr-options", "2026-10-05", "sell", "10", "2.00", 100, "X", FEE_TAKER, 0, "", "6.99"},
    {"F42 schwab-option", "schwab-options", "2026-07-15", "buy", "3", "2.00", 100, "X", FEE_TAKER, 0, "", "1.95"},
    {"F43 tastytrade-open-cap", "tastytrade-options", "2026-07-15", "buy", "15", "2.00", 100, "X", FEE_TAKER, 0, "", "11.50"},
    {"F44 tradier-lite", "tradier-options", "2026-07-15", "buy", "5", "2.00", 100, "X", FEE_TAKER, 0, "", "1.75"},
    {"F45 ibkr-future", "ibkr-futures", "2026-06-30", "buy", "1", "100", 1, "ES", FEE_TAKER, 0, "", "2.25"},
    {"F46 ibkr-future", "ibkr-futures", "2026-07-01", "buy", "1", "100", 1, "ES", FEE_TAKER, 0, "", "2.24"},
    {"F47 ibkr-future", "ibkr-futures", "2027-07-01", "buy", "1", "100", 1, "ES", FEE_TAKER, 0, "", "2.25"},
    {"F48 ibkr-future", "ibkr-futures", "2026-06-30", "buy", "1", "100", 1, "MES", FEE_TAKER, 0, "", "0.62"},
    {"F49 ibkr-future", "ibkr-futures", "2026-07-01", "buy", "1", "100", 1, "MES", FEE_TAKER, 0, "", "0.61"},
    {"F50 topstep-round-turn", "topstepx", "2026-08-14", "buy+sell", "1", "100", 1, "ES", FEE_TAKER, 0, "", "3.78"},
    {"F51 topstep-round-turn", "topstepx", "2026-08-14", "buy+sell", "1", "100", 1, "MES", FEE_TAKER, 0, "", "1.22"},
    {"F52 topstep-round-turn", "topstepx", "2026-08-14", "buy+sell", "1", "100", 1, "CL", FEE_TAKER, 0, "", "4.02"},
    {"F53 topstep-round-turn", "topstepx", "2026-08-14", "buy+sell", "1", "100", 1, "MCL", FEE_TAKER, 0, "", "1.52"},
    {"F54 topstep-round-turn", "topstepx", "2026-08-14", "buy+sell", "1", "100", 1, "GC", FEE_TAKER, 0, "", "4.32"},
    {"F55 topstep-round-turn", "topstepx", "2026-08-14", "buy+sell", "1", "100", 1, "MGC", FEE_TAKER, 0, "", "1.92"},
    {"F56 tradovate-free", "tradovate", "2026-05-04", "buy", "1", "100", 1, "ES", FEE_TAKER, 0, "", "2.88"},
    {"F57 tradovate-monthly", "tradovate", "2026-05-04", "buy", "1", "100", 1, "ES", FEE_TAKER, 1, "", "2.58"},
    {"F58 tradovate-lifetime", "tradovate", "2026-05-04", "buy", "1", "100", 1, "ES", FEE_TAKER, 2, "", "2.18"},
    {"F59 tradovate-free", "tradovate", "2026-05-04", "buy", "1", "100", 1, "MES", FEE_TAKER, 0, "", "0.95"},
    {"F60 schwab-future", "schwab-futures", "2026-08-14", "buy", "1", "100", 1, "MES", FEE_TAKER, 0, "", "2.61"},
    {"F61 binance-spot", "binance-spot", "2026-06-01", "buy", "0.5", "60000", 1, "BTC", FEE_TAKER, 0, "", "30.00"},
    {"F62 binance-spot-bnb", "binance-spot", "2026-06-01", "buy", "0.5", "60000", 1, "BTC", FEE_TAKER, 1, "", "22.50"},
    {"F63 binance-usdm", "binance-usdm", "2026-06-01", "buy", "1", "60000", 1, "BTC", FEE_TAKER, 0, "", "30.00"},
    {"F64 binance-usdm-maker-bnb", "binance-usdm", "2026-06-01", "buy", "1", "60000", 1, "BTC", FEE_MAKER, 1, "", "10.80"},
    {"F65 kraken-taker", "kraken", "2024-01-02", "buy", "0.1", "50000", 1, "BTC", FEE_TAKER, 0, "", "13.00"},
    {"F66 kraken-taker", "kraken", "2026-07-08", "buy", "0.1", "50000", 1, "BTC", FEE_TAKER, 0, "", "20.00"},
    {"F67 kraken-taker", "kraken", "2026-07-09", "buy", "0.1", "50000", 1, "BTC", FEE_TAKER, 0, "", "40.00"},
    {"F68 coinbase-taker", "coinbase", "2026-08-01", "buy", "0.1", "50000", 1, "BTC", FEE_TAKER, 0, "", "60.00"},
    {"F75 zerodha-delivery", "zerodha-delivery", "2025-06-02", "buy", "100", "1500.00", 1, "X", FEE_TAKER, 0, "", "178.62"},
    {"F76 zerodha-delivery", "zerodha-delivery", "2025-07-01", "sell", "100", "1600.00", 1, "X", FEE_TAKER, 0, "", "181.32"},
    {"F77 zerodha-intraday", "zerodha-intraday", "2025-06-02", "sell", "200", "520.00", 1, "X", FEE_TAKER, 0, "", "53.48"},
    {"F78 zerodha-intraday", "zerodha-intraday", "2025-06-02", "buy", "200", "515.00", 1, "X", FEE_TAKER, 0, "", "30.45"},
    {"F79 stt-future", "zerodha-futures", "2024-09-30", "sell", "75", "25000.00", 1, "X", FEE_TAKER, 0, "stt", "234"},
    {"F80 stt-future", "zerodha-futures", "2024-10-01", "sell", "75", "25000.00", 1, "X", FEE_TAKER, 0, "stt", "375"},
    {"F81 stt-future", "zerodha-futures", "2026-04-01", "sell", "75", "25000.00", 1, "X", FEE_TAKER, 0, "stt", "938"},
    {"F82 zerodha-future", "zerodha-futures", "2026-04-01", "sell", "75", "25000.00", 1, "X", FEE_TAKER, 0, "", "1004.30"},
    {"F83 stt-option", "zerodha-options", "2024-09-30", "sell", "75", "120.00", 1, "X", FEE_TAKER, 0, "stt", "6"},
    {"F84 stt-option", "zerodha-options", "2024-10-01", "sell", "75", "120.00", 1, "X", FEE_TAKER, 0, "stt", "9"},
    {"F85 stt-option", "zerodha-options", "2026-04-01", "sell", "75", "120.00", 1, "X", FEE_TAKER, 0, "stt", "14"},
    {"F86 zerodha-option", "zerodha-options", "2025-06-02", "sell", "75", "120.00", 1, "X", FEE_TAKER, 0, "", "36.39"},
    {"F89 stt-average-intraday", "zerodha-intraday", "2024-03-19", "sell", "500", "103.75", 1, "X", FEE_TAKER, 0, "stt", "13"},
    {"F90 stt-average-delivery", "zerodha-delivery", "2024-03-19", "buy", "200", "103.75", 1, "X", FEE_TAKER, 0, "stt", "21"},
    {"F91 uk-sdrt", "uk", "2025-06-02", "buy", "1000", "2.691", 1, "X", FEE_TAKER, 0, "", "13.46"},
    {"F92 uk-sdrt-ptm", "uk", "2025-06-02", "buy", "2000", "10.00", 1, "X", FEE_TAKER, 0, "", "101.50"},
    {"F95 it-ftt", "italy", "2025-12-30", "buy", "1000", "10.00", 1, "X", FEE_TAKER, 0, "", "10.00"},
    {"F96 it-ftt", "italy", "2026-01-02", "buy", "1000", "10.00", 1, "X", FEE_TAKER, 0, "", "20.00"},
    {"F97 ie-stamp", "ireland", "2025-06-02", "buy", "1000", "10.00", 1, "X", FEE_TAKER, 0, "", "100.00"},
    {"F107 taf-float", "us-reg", "2026-05-04", "sell", "46000", "10.00", 1, "X", FEE_TAKER, 0, "taf", "8.97"},
    {"F108 section-31-float", "us-reg", "2024-06-03", "sell", "17000", "50.00", 1, "X", FEE_TAKER, 0, "sec", "23.63"},
    {"F109 robinhood-waiver", "robinhood", "2026-05-04", "sell", "40", "12.00", 1, "X", FEE_TAKER, 0, "", "0.00"},
};
/* clang-format on */

#endif
