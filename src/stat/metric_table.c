/* The table of metrics: what each is called, how it is worked out, where the formula is from. */
#include "base/math.h"
#include "base/time.h"
#include "record/record.h"
#include "stat/confidence.h"
#include "stat/metrics.h"

#include <math.h>
#include <string.h>

#define SAME 1e-12 /* of a sum of squares: thousands of roundings of 1e-16 */

static double over(double a, double b)
{
    return b == 0 ? NAN : a / b;
}

static double years(const struct metrics *metrics)
{
    if (metrics->points < 2)
        return 0;
    return (double)(metrics->last_time - metrics->first_time) / (365.25 * (double)TIME_DAY);
}

/* What is reckoned a year is none of a single day: one return, over less than a week. */
static bool is_one_day(const struct metrics *metrics)
{
    return metrics->days <= 2 && metrics->last_time - metrics->first_time < 7 * TIME_DAY;
}

double money_to_double(money_sum sum)
{
    return sum > -DEC_MAX && sum < DEC_MAX ? dec_to_double((dec)sum) : (double)sum / (double)DEC_ONE;
}

static double start_equity(const struct metrics *metrics)
{
    return dec_to_double(metrics->first_equity);
}

static double end_equity(const struct metrics *metrics)
{
    return dec_to_double(metrics->last_equity);
}

static double net_profit(const struct metrics *metrics)
{
    dec profit;
    if (metrics->points == 0 || dec_subtract(&profit, metrics->last_equity, metrics->first_equity) != 0 ||
        dec_subtract(&profit, profit, metrics->flows) != 0)
        return NAN;
    return dec_to_double(profit);
}

static double total_return(const struct metrics *metrics)
{
    if (metrics->points < 2 || metrics->first_equity <= 0)
        return NAN;
    dec gain;
    if (metrics->ruined) { /* all is lost, or more than all, whatever came after it */
        const double lost = metrics->flows == 0 ? (double)metrics->last_equity / (double)metrics->first_equity - 1 : -1;
        return lost < -1 ? lost : -1;
    }
    if (metrics->flows == 0 && metrics->scale == 1 &&
        dec_subtract(&gain, metrics->last_equity, metrics->first_equity) == 0)
        return dec_to_double(gain) / start_equity(metrics); /* exact before the division */
    return metrics->value / (double)metrics->first_equity - 1;
}

static double cagr(const struct metrics *metrics)
{
    const double gain = total_return(metrics), span = years(metrics);
    if (isnan(gain) || gain < -1 || span * 365.25 < 1 || is_one_day(metrics))
        return NAN;
    const double rate = math_pow(1 + gain, 1 / span) - 1;
    return isfinite(rate) ? rate : NAN;
}

static double volatility(const struct metrics *metrics)
{
    return metrics->deviation * sqrt(metrics->periods);
}

static double excess(const struct metrics *metrics)
{
    return metrics->mean - metrics->options.risk_free / metrics->periods;
}

static double sharpe(const struct metrics *metrics)
{
    return over(excess(metrics), metrics->deviation) * sqrt(metrics->periods);
}

static double sortino(const struct metrics *metrics)
{
    return over(excess(metrics), metrics->downside) * sqrt(metrics->periods);
}

static double max_drawdown(const struct metrics *metrics)
{
    return metrics->points < 2 || metrics->first_equity <= 0 ? NAN : metrics->drawdown.deepest;
}

static double max_drawdown_days(const struct metrics *metrics)
{
    if (isnan(max_drawdown(metrics)))
        return NAN;
    if (metrics->drawdown.deepest == 0)
        return 0;
    const int64_t until =
        metrics->drawdown.deepest_until == TIME_NONE ? metrics->last_time : metrics->drawdown.deepest_until;
    return (double)(until - metrics->drawdown.deepest_from) / (double)TIME_DAY;
}

static double calmar(const struct metrics *metrics)
{
    return over(cagr(metrics), max_drawdown(metrics));
}

/* 0 − x and not −x: a quantile of exactly 0 is a VaR of 0, not of −0. */
static double var_95(const struct metrics *metrics)
{
    return metrics->coarse ? NAN : 0 - metrics->quantile;
}

static double cvar_95(const struct metrics *metrics)
{
    return metrics->coarse ? NAN : 0 - metrics->tail;
}

static double best_day(const struct metrics *metrics)
{
    return metrics->coarse ? NAN : metrics->best;
}

static double worst_day(const struct metrics *metrics)
{
    return metrics->coarse ? NAN : metrics->worst;
}

static double days(const struct metrics *metrics)
{
    return metrics->coarse ? NAN : (double)metrics->returns;
}

static double trades(const struct metrics *metrics)
{
    return (double)metrics->trades;
}

static double win_rate(const struct metrics *metrics)
{
    return over((double)metrics->wins, (double)metrics->trades);
}

static double profit_factor(const struct metrics *metrics)
{
    return over(money_to_double(metrics->won), money_to_double(metrics->lost));
}

static double expectancy(const struct metrics *metrics)
{
    const money_sum sum = metrics->won - metrics->lost;
    dec mean;
    if (metrics->trades == 0)
        return NAN;
    if (sum <= -DEC_MAX || sum >= DEC_MAX || metrics->trades > (uint64_t)(DEC_MAX / DEC_ONE) ||
        dec_divide(&mean, (dec)sum, (dec)metrics->trades * DEC_ONE, ROUND_HALF_EVEN) != 0)
        return money_to_double(sum) / (double)metrics->trades;
    return dec_to_double(mean);
}

static double expectancy_r(const struct metrics *metrics)
{
    return over(metrics->risk_sum, (double)metrics->risk_trades);
}

static double payoff(const struct metrics *metrics)
{
    if (metrics->wins == 0 || metrics->losses == 0)
        return NAN;
    return money_to_double(metrics->won) / (double)metrics->wins /
           (money_to_double(metrics->lost) / (double)metrics->losses);
}

static double holding_days(const struct metrics *metrics)
{
    return over(metrics->holding_sum, (double)metrics->holding_trades);
}

static double exposure(const struct metrics *metrics)
{
    return over(metrics->exposure_sum, (double)metrics->exposure_points);
}

static double time_in_market(const struct metrics *metrics)
{
    return over((double)metrics->exposed_points, (double)metrics->exposure_points);
}

static double turnover(const struct metrics *metrics)
{
    if (metrics->ruined || !(metrics->mean_equity > 0) || is_one_day(metrics))
        return NAN;
    return over(money_to_double(metrics->traded) / 2 / metrics->mean_equity, years(metrics));
}

static double commission(const struct metrics *metrics)
{
    return money_to_double(metrics->cost);
}

static double slippage(const struct metrics *metrics)
{
    return metrics->knows_slippage ? money_to_double(metrics->slippage) : NAN;
}

static double costs(const struct metrics *metrics)
{
    return money_to_double(metrics->cost + metrics->slippage);
}

static double returns_measured(const struct metrics *metrics)
{
    return (double)metrics->returns;
}

static double periods(const struct metrics *metrics)
{
    return metrics->periods;
}

static double sharpe_standard_error(const struct metrics *metrics)
{
    return metrics->sample.n < 3 ? NAN : sharpe_error(&metrics->sample) * sqrt(metrics->periods);
}

static double sharpe_above_zero(const struct metrics *metrics)
{
    return metrics->sample.n < 3 ? NAN : sharpe_probability(&metrics->sample, 0);
}

static double sharpe_returns_needed(const struct metrics *metrics)
{
    return metrics->sample.n < 3 ? NAN : sharpe_least_length(&metrics->sample, 0, 0.95);
}

static double sharpe_by_lags(const struct metrics *metrics)
{
    return metrics->sample.sharpe * metrics->scale_by_lags;
}

static double skewness(const struct metrics *metrics)
{
    return metrics->sample.skewness;
}

static double kurtosis(const struct metrics *metrics)
{
    return metrics->sample.kurtosis;
}

static double ulcer(const struct metrics *metrics)
{
    return metrics->ulcer;
}

static double pain(const struct metrics *metrics)
{
    return metrics->pain;
}

static double martin(const struct metrics *metrics)
{
    return over(cagr(metrics), metrics->ulcer);
}

static double omega(const struct metrics *metrics)
{
    return over(metrics->gains, metrics->losses_sum);
}

static double gain_to_pain(const struct metrics *metrics)
{
    return over(metrics->gains - metrics->losses_sum, metrics->losses_sum);
}

static double tail_ratio(const struct metrics *metrics)
{
    return metrics->quantile < 0 ? metrics->upper / -metrics->quantile : NAN;
}

static double k_ratio(const struct metrics *metrics)
{
    return over(metrics->growth, metrics->growth_error) * sqrt(metrics->periods) / (double)metrics->returns;
}

static double win_rate_low(const struct metrics *metrics)
{
    return wilson_interval(metrics->wins, metrics->trades, 0.95).low;
}

static double win_rate_high(const struct metrics *metrics)
{
    return wilson_interval(metrics->wins, metrics->trades, 0.95).high;
}

/* Of a mean of n figures with this sum and this sum of squares; the deviation with n - 1. What the difference of the
 * two sums leaves of figures that are all the same is rounding, and no deviation to divide by. */
static double deviation_of(double sum, double squares, double n)
{
    const double left = squares - sum * sum / n;
    return n >= 2 && left > SAME * squares ? sqrt(left / (n - 1)) : NAN;
}

static double expectancy_error(const struct metrics *metrics)
{
    const double n = (double)metrics->trades;
    return deviation_of(money_to_double(metrics->won - metrics->lost), metrics->pnl_squares, n) / sqrt(n);
}

static double sqn(const struct metrics *metrics)
{
    const double n = (double)metrics->risk_trades;
    return sqrt(n < 100 ? n : 100) * metrics->risk_sum / n / deviation_of(metrics->risk_sum, metrics->risk_squares, n);
}

static double mfe(const struct metrics *metrics)
{
    return over(metrics->mfe_sum, (double)metrics->excursion_trades);
}

static double mae(const struct metrics *metrics)
{
    return over(metrics->mae_sum, (double)metrics->excursion_trades);
}

static double edge_ratio(const struct metrics *metrics)
{
    return over(metrics->mfe_sum, 0 - metrics->mae_sum);
}

static double losing_streak(const struct metrics *metrics)
{
    return metrics->trades == 0 ? NAN : (double)metrics->losing_streak;
}

const struct metric metric_table[] = {
    {"start_equity", "equity at start", METRIC_MONEY, "the first point of the equity curve", "definition",
     start_equity},
    {"end_equity", "equity at end", METRIC_MONEY, "the last point of the equity curve", "definition", end_equity},
    {"net_profit", "net profit", METRIC_MONEY, "equity at end - equity at start - money paid in + money taken out",
     "definition", net_profit},
    {"return", "return", METRIC_FRACTION,
     "product of (equity before the payment / equity after the last one) - 1; without payments: end / start - 1",
     "time-weighted return: Bodie, Kane, Marcus, Investments, ch. 24", total_return},
    {"cagr", "yearly return (CAGR)", METRIC_FRACTION,
     "(1 + return) ^ (365.25 / calendar days) - 1; shorter than a year, it is extrapolated; none of a single day",
     "Bacon, Practical Portfolio Performance Measurement and Attribution", cagr},
    {"volatility", "volatility", METRIC_FRACTION,
     "standard deviation of daily returns (n - 1) x sqrt(sessions a year); of points over 3.5 days apart on average: "
     "of "
     "their returns, 365.25 / that many days a year",
     "Hull, Options, Futures, and Other Derivatives, 15.4, with simple returns", volatility},
    {"sharpe", "Sharpe ratio", METRIC_RATIO,
     "(mean daily return - risk-free rate a day) / standard deviation of daily returns x sqrt(sessions a year)",
     "Sharpe, The Sharpe Ratio, Journal of Portfolio Management, 1994", sharpe},
    {"sharpe_error", "Sharpe ratio, standard error", METRIC_RATIO,
     "sqrt((1 - skewness s + (kurtosis - 1) / 4 s^2) / (n - 1)) x sqrt(returns a year), s the ratio of one period; two "
     "of "
     "them to each side are 95 %",
     "Mertens 2002; Opdyke, Comparing Sharpe Ratios, Journal of Asset Management, 2007", sharpe_standard_error},
    {"sharpe_probability", "Sharpe ratio, probability above 0", METRIC_FRACTION,
     "normal probability of s / its standard error: of this run alone, as if nothing else had been tried",
     "Bailey and Lopez de Prado, The Sharpe Ratio Efficient Frontier, Journal of Risk, 2012", sharpe_above_zero},
    {"sharpe_length", "Sharpe ratio, returns to be sure", METRIC_COUNT,
     "1 + (1 - skewness s + (kurtosis - 1) / 4 s^2) (1.645 / s)^2; none where s is not above 0",
     "Bailey and Lopez de Prado, The Sharpe Ratio Efficient Frontier, Journal of Risk, 2012", sharpe_returns_needed},
    {"sharpe_correlated", "Sharpe ratio, by correlation", METRIC_RATIO,
     "s x q / sqrt(q + 2 sum of (q - k) r_k), q returns a year, r_k their autocorrelation, k to 4 (n / 100)^(2/9)",
     "Lo, The Statistics of Sharpe Ratios, Financial Analysts Journal, 2002", sharpe_by_lags},
    {"sortino", "Sortino ratio", METRIC_RATIO,
     "(mean daily return - t) / sqrt(mean of min(0, daily return - t)^2) x sqrt(sessions a year), t the risk-free rate "
     "a day; none under two returns",
     "Sortino and Price, Performance Measurement in a Downside Risk Framework, Journal of Investing, 1994", sortino},
    {"calmar", "Calmar ratio", METRIC_RATIO, "CAGR / maximum drawdown, over the whole run",
     "Young, Calmar Ratio: A Smoother Tool, Futures, 1991", calmar},
    {"max_drawdown", "maximum drawdown", METRIC_FRACTION,
     "largest 1 - equity / highest equity before it, over every point of the curve",
     "Magdon-Ismail and Atiya, Maximum Drawdown, Risk, 2004", max_drawdown},
    {"max_drawdown_days", "drawdown duration", METRIC_DAYS,
     "calendar days from the peak of the maximum drawdown until that height was reached again, or until the end",
     "definition", max_drawdown_days},
    {"ulcer", "ulcer index", METRIC_FRACTION,
     "sqrt(mean of d^2), d what the value at the end of each return is below the highest one so far",
     "Martin and McCann, The Investor's Guide to Fidelity Funds, 1989", ulcer},
    {"pain", "pain index", METRIC_FRACTION, "mean of d, as in the ulcer index", "Becker, The Zephyr Pain Index, 2006",
     pain},
    {"martin", "Martin ratio", METRIC_RATIO, "CAGR / ulcer index",
     "Martin and McCann, The Investor's Guide to Fidelity Funds, 1989", martin},
    {"var_95", "daily VaR 95 %", METRIC_FRACTION,
     "- 5 % quantile of daily returns (linear between ranks, type 7 of Hyndman and Fan); none under 20 days",
     "historical simulation: Jorion, Value at Risk, 3rd ed., ch. 10", var_95},
    {"cvar_95", "daily CVaR 95 %", METRIC_FRACTION, "- mean of the daily returns at or below the 5 % quantile",
     "Rockafellar and Uryasev, Optimization of Conditional Value-at-Risk, Journal of Risk, 2000", cvar_95},
    {"best_day", "best day", METRIC_FRACTION, "largest daily return", "definition", best_day},
    {"worst_day", "worst day", METRIC_FRACTION, "smallest daily return", "definition", worst_day},
    {"tail_ratio", "tail ratio", METRIC_RATIO, "95 % quantile / - 5 % quantile of the returns; none under 20",
     "definition; quantiles as in VaR", tail_ratio},
    {"omega", "omega", METRIC_RATIO, "sum of the gains / sum of the losses of the returns",
     "Keating and Shadwick, A Universal Performance Measure, 2002; Bernardo and Ledoit, 2000", omega},
    {"gain_to_pain", "gain to pain", METRIC_RATIO, "sum of the returns / sum of their losses",
     "Schwager, Hedge Fund Market Wizards, 2012", gain_to_pain},
    {"skewness", "skewness", METRIC_RATIO, "third central moment / variance^(3/2) of the returns, as a population",
     "definition", skewness},
    {"kurtosis", "kurtosis", METRIC_RATIO, "fourth central moment / variance^2, as a population; 3 is normal",
     "definition", kurtosis},
    {"k_ratio", "K-ratio", METRIC_RATIO,
     "slope of log value by return / its standard error x sqrt(returns a year) / returns", "Kestner, as of 2013",
     k_ratio},
    {"returns", "returns measured", METRIC_COUNT, "how many returns the ratios are made of (n)", "definition",
     returns_measured},
    {"periods", "returns a year", METRIC_RATIO, "sessions a year; of points over 3.5 days apart by their spacing",
     "definition", periods},
    {"days", "days", METRIC_COUNT, "daily returns that the figures above are made of", "definition", days},
    {"trades", "trades", METRIC_COUNT, "round trips closed: each pairing of an entry with an exit", "definition",
     trades},
    {"win_rate", "winning trades", METRIC_FRACTION, "trades with P&L > 0 / trades",
     "Tharp, Trade Your Way to Financial Freedom", win_rate},
    {"win_rate_low", "winning trades, at least", METRIC_FRACTION, "lower end of the Wilson interval at 95 %",
     "Wilson, Probable Inference, JASA 22, 1927", win_rate_low},
    {"win_rate_high", "winning trades, at most", METRIC_FRACTION, "upper end of the Wilson interval at 95 %",
     "Wilson, Probable Inference, JASA 22, 1927", win_rate_high},
    {"losing_streak", "losing trades in a row", METRIC_COUNT, "the most", "definition", losing_streak},
    {"profit_factor", "profit factor", METRIC_RATIO, "sum of winning P&L / sum of losing P&L; none without a loss",
     "definition", profit_factor},
    {"payoff", "payoff ratio", METRIC_RATIO, "mean winning P&L / mean losing P&L; none without both",
     "Tharp, Trade Your Way to Financial Freedom", payoff},
    {"expectancy", "expectancy", METRIC_MONEY, "mean P&L of a trade after costs",
     "Tharp, Trade Your Way to Financial Freedom", expectancy},
    {"expectancy_error", "expectancy, standard error", METRIC_MONEY,
     "deviation of the P&L of trades (n - 1) / sqrt(trades)", "definition", expectancy_error},
    {"expectancy_r", "expectancy in R", METRIC_RATIO,
     "mean of P&L / R over trades whose entry had a stop; R = |entry price - stop| x quantity x multiplier",
     "Tharp, Trade Your Way to Financial Freedom", expectancy_r},
    {"sqn", "system quality (SQN)", METRIC_RATIO, "sqrt(trades, at most 100) x mean of P&L / R / its deviation (n - 1)",
     "Tharp, The Definitive Guide to Position Sizing, 2008", sqn},
    {"mfe", "best excursion (MFE)", METRIC_MONEY,
     "mean over the trades of the most they were ahead while open, by the bars and before costs",
     "Sweeney, Maximum Adverse Excursion, 1997", mfe},
    {"mae", "worst excursion (MAE)", METRIC_MONEY, "the same of the most they were behind, 0 or less",
     "Sweeney, Maximum Adverse Excursion, 1997", mae},
    {"edge_ratio", "edge ratio", METRIC_RATIO, "mean MFE / - mean MAE; none where no trade was ever behind",
     "Faith, Way of the Turtle, 2007, without its division by the ATR", edge_ratio},
    {"holding_days", "holding time", METRIC_DAYS, "mean calendar days from entry to exit", "definition", holding_days},
    {"exposure", "exposure", METRIC_FRACTION,
     "mean over the points of the curve of (sum of absolute position values / equity)", "definition", exposure},
    {"time_in_market", "time in the market", METRIC_FRACTION, "points with a position / points", "definition",
     time_in_market},
    {"turnover", "turnover a year", METRIC_FRACTION,
     "(bought + sold) / 2 / mean daily equity / years; none of a single day", "definition", turnover},
    {"commission", "commission and fees", METRIC_MONEY, "sum over the fills", "definition", commission},
    {"slippage", "slippage", METRIC_MONEY,
     "sum over the fills of |fill price - price before slippage| x quantity, where known", "definition", slippage},
    {"costs", "costs", METRIC_MONEY, "commission and fees + slippage where known", "definition", costs},
};

const int metric_count = (int)(sizeof metric_table / sizeof *metric_table);

const struct metric *metric_find(const char *name)
{
    for (int i = 0; i < metric_count; i++)
        if (strcmp(metric_table[i].name, name) == 0)
            return &metric_table[i];
    return NULL;
}

bool metric_less_is_better(const struct metric *metric)
{
    static const char *const less[] = {"volatility", "max_drawdown", "max_drawdown_days", "var_95", "cvar_95", "ulcer",
                                       "pain",       "commission",   "slippage",          "costs",  "turnover"};
    for (size_t i = 0; i < sizeof less / sizeof *less; i++)
        if (strcmp(metric->name, less[i]) == 0)
            return true;
    return false;
}

void metrics_json(const struct metrics *metrics, struct buf *out)
{
    require(metrics->finished);
    for (int i = 0; i < metric_count; i++) {
        buf_printf(out, "%c\"%s\":", i == 0 ? '{' : ',', metric_table[i].name);
        json_add_double(out, metric_table[i].figure(metrics));
    }
    buf_add_char(out, '}');
}
