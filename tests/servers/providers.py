"""What the providers of market data answer, as their documentation shows it: a module for standin.py. One server speaks
all of them, since their paths differ. Prices come from price(), a rule that a test can compute for itself.

Symbols that misbehave: NODATA (nothing), UNKNOWN (no such symbol), CIRCLE (pages in a circle), ELSEWHERE (the next page
at another server), HTML (a web page with 200), LIE (a high below the low), NAN (a price that is no number), TWICE (a key
twice), FUTURE (a bar of tomorrow)."""
import datetime, hashlib, json, os, sys, time, urllib.parse

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import brokers, people  # noqa: E402: their answers need what stands here

EPOCH = datetime.date(1970, 1, 1)
HOLIDAYS = {"2026-11-26", "2026-09-07", "2026-07-03", "2026-06-19", "2026-05-25", "2026-04-03", "2026-02-16",
            "2026-01-19", "2026-01-01", "2025-12-25", "2025-11-27"}
LAST = datetime.date(2026, 11, 25)
DELAY = float(os.environ.get("STANDIN_DELAY", "0"))


def price(symbol, day):
    """Open, high, low, close and volume of a day (counted from 1970)."""
    base = 100 + (sum(symbol.encode()) + day) % 50
    return base, base + 1.5, base - 0.5, base + 0.25, 1000 + day % 100


def days(start, end, always=False):
    """Days with a session, both ends included."""
    day = max(start, datetime.date(2025, 11, 3))
    while day <= min(end, LAST):
        if always or (day.weekday() < 5 and str(day) not in HOLIDAYS):
            yield day
        day += datetime.timedelta(days=1)


def date_of(text):
    return datetime.date.fromisoformat(text[:10])


def new_york(day, hour=0, minute=0):
    """Unix seconds of a New York wall clock; summer time from March 8 to October 31 in 2026."""
    summer = datetime.date(2026, 3, 8) <= day < datetime.date(2026, 11, 1)
    utc = datetime.datetime(day.year, day.month, day.day, hour, minute, tzinfo=datetime.timezone.utc)
    return int(utc.timestamp()) + (4 if summer else 5) * 3600


def reply(body, status=200, **headers):
    if isinstance(body, str):
        return status, headers, body
    return status, {"Content-Type": "application/json"} | headers, json.dumps(body)


def is_unknown(symbol):
    return symbol.upper().startswith(("UNKNOWN", "ZZZZZ"))


def odd(symbol):
    """A body that is wrong whatever the provider."""
    return {"HTML": reply("<!DOCTYPE html><html>Verify you are human</html>"),
            "TWICE": reply('{"status":"OK","status":"OK"}'),
            "CUT": reply('{"status":"OK","results":[{"t":1')}.get(symbol)


# ---- Alpaca

def alpaca_bar(symbol, day):
    o, h, l, c, v = price(symbol, (day - EPOCH).days)
    if symbol == "LIE":
        h, l = l, h
    stamp = datetime.datetime.fromtimestamp(new_york(day), datetime.timezone.utc)
    return {"t": stamp.strftime("%Y-%m-%dT%H:%M:%SZ"), "o": o, "h": h, "l": l, "c": c, "v": v, "n": 12, "vw": o + 0.125}


def alpaca(r, q):
    if r["headers"].get("apca-api-key-id") != "PKTEST" or r["headers"].get("apca-api-secret-key") != "canary-secret":
        return reply({"message": "forbidden."}, 403)
    symbols = [s for s in q.get("symbols", "").split(",") if s]
    for symbol in symbols:
        if is_unknown(symbol):
            return reply({"message": f"invalid symbol: {symbol}"}, 400)
    for symbol in symbols:
        if odd(symbol):
            return odd(symbol)
    if r["path"] == "/v2/stocks/bars":
        rows = [(s, d) for s in sorted(symbols) if s != "NODATA" for d in days(date_of(q["start"]), date_of(q["end"]))]
        at = int(q.get("page_token") or 0)
        size = min(int(q["limit"]), 3000)
        page, bars = rows[at:at + size], {}
        for s, d in page:
            bars.setdefault(s, []).append(alpaca_bar(s, d))
        token = str(at + size) if at + size < len(rows) else None
        if "CIRCLE" in symbols:
            token = "0"
        return reply({"bars": bars, "next_page_token": token, "currency": "USD"})
    if r["path"] == "/v1/corporate-actions":
        actions = {"cash_dividends": [], "forward_splits": []}
        for s in symbols:
            if s == "AAPL" and q["start"] <= "2026-11-24" <= q["end"]:
                actions["cash_dividends"].append({"id": "d1", "symbol": s, "cusip": "037833100", "rate": 0.26, "special": False, "foreign": False,
                                                  "ex_date": "2026-11-24", "payable_date": "2026-12-01", "process_date": "2026-12-01"})
            if s == "NVDA" and q["start"] <= "2026-11-23" <= q["end"]:
                actions["forward_splits"].append({"id": "s1", "symbol": s, "cusip": "67066G104", "new_rate": 1.5, "old_rate": 1, "ex_date": "2026-11-23",
                                                  "process_date": "2026-11-23"})
        return reply({"corporate_actions": actions, "next_page_token": None})
    if r["path"] == "/v2/stocks/quotes/latest":
        return reply({"quotes": {s: {"t": "2026-11-24T14:31:02.208417003Z", "ax": "Q", "ap": 190.31, "as": 200, "bx": "P",
                                     "bp": 190.29, "bs": 100, "c": ["R"], "z": "C"} for s in symbols if s != "GONE"}})
    if r["path"] == "/v1beta1/news":
        return reply({"news": [{"id": 51200417, "headline": "Apple &amp; friends", "author": "a", "created_at": "2026-11-24T14:00:00Z",
                                "updated_at": "2026-11-24T14:05:00Z", "summary": "", "content": "", "images": [],
                                "symbols": ["AAPL"], "source": "benzinga", "url": "https://example.com/1"}],
                      "next_page_token": None})
    if r["path"].startswith("/v1beta1/options/snapshots/"):
        return reply({"snapshots": {"AAPL261218C00190000": {
            "latestQuote": {"t": "2026-11-24T14:31:02Z", "ax": "B", "ap": 5.3, "as": 12, "bx": "B", "bp": 5.1, "bs": 10, "c": " "},
            "latestTrade": {"t": "2026-11-24T14:30:55Z", "x": "B", "p": 5.2, "s": 1, "c": "I"}, "greeks": {"delta": 0.52, "gamma": 0.03, "rho": 0.1, "theta": -0.08, "vega": 0.2},
            "impliedVolatility": 0.2871}}, "next_page_token": None})
    return None


# ---- Massive

def massive(r, q):
    if "canary-key" not in (r["headers"].get("authorization", "").removeprefix("Bearer "), q.get("apiKey")):
        return reply({"status": "ERROR", "request_id": "a", "error": "Unknown API Key"}, 401)
    part = r["path"].split("/")
    here = "http://" + r["headers"]["host"]
    if r["path"].startswith("/v2/aggs/ticker/"):
        symbol, unit, start, end = part[4], part[7], part[8], part[9]
        if symbol == "PLAN":
            return reply({"status": "NOT_AUTHORIZED", "request_id": "a", "message": "You are not entitled to this data."}, 403)
        if symbol == "THROTTLE":
            return reply({"status": "ERROR", "error": "You've exceeded the maximum requests per minute"}, 429, **{"Retry-After": "100"})
        if odd(symbol):
            return odd(symbol)
        if symbol == "NODATA" or is_unknown(symbol):
            return reply({"ticker": symbol, "queryCount": 0, "resultsCount": 0, "adjusted": False, "status": "OK", "request_id": "a"})
        rows = list(days(date_of(start), date_of(end)))
        at = int(q.get("cursor") or 0)
        page = rows[at:at + 100]
        results = []
        for day in page:
            o, h, l, c, v = price(symbol, (day - EPOCH).days)
            results.append({"t": new_york(day) * 1000, "o": o, "h": h, "l": l, "c": c, "v": float(v), "vw": o + 0.125, "n": 12})
        body = {"ticker": symbol, "queryCount": len(rows), "resultsCount": len(page), "adjusted": False, "status": "DELAYED",
                "request_id": "a", "results": results}
        if at + 100 < len(rows):
            body["next_url"] = f"{here}{r['path']}?cursor={at + 100}"
        if symbol == "ELSEWHERE":
            body["next_url"] = "https://evil.example.com/v2/aggs?cursor=1"
        if symbol == "CIRCLE":
            body["next_url"] = f"{here}{r['path']}?cursor=0"
        text = json.dumps(body)
        return reply(text.replace('"o": 1', '"o": NaN, "x": 1') if symbol == "NAN" else text)
    if r["path"].startswith("/futures/v1/aggs/"):
        rows = []
        for day in days(date_of("2026-11-03"), LAST):
            stamp = (new_york(day, 18) - 86400) * 10**9  # the evening before, 17:00 in Chicago
            if int(q["window_start.gte"]) <= stamp < int(q["window_start.lt"]):
                o, h, l, c, v = price(part[4], (day - EPOCH).days)
                rows.append({"ticker": part[4], "window_start": stamp, "open": o, "high": h, "low": l, "close": c, "volume": v,
                             "dollar_volume": 1.5, "transactions": 12, "session_end_date": str(day), "settlement_price": c})
        return reply({"status": "OK", "request_id": "a", "results": rows})
    if r["path"] == "/stocks/v1/splits":
        rows = [{"id": "1", "ticker": "NVDA", "execution_date": "2026-08-31", "split_from": 1, "split_to": 4,
                 "adjustment_type": "forward_split"}]
        return reply({"status": "OK", "request_id": "a",
                      "results": rows if q["ticker"] == "NVDA" and q["execution_date.gte"] <= "2026-08-31" else []})
    if r["path"] == "/stocks/v1/dividends":
        rows = [{"id": "2", "ticker": "AAPL", "cash_amount": 0.26, "currency": "USD", "ex_dividend_date": "2026-11-24",
                 "pay_date": "2026-12-01", "frequency": 4, "distribution_type": "recurring"}]
        return reply({"status": "OK", "request_id": "a", "results": rows if q["ticker"] == "AAPL" else []})
    if r["path"].startswith("/v2/last/nbbo/"):
        return reply({"status": "OK", "request_id": "a", "results": {"P": 127.98, "S": 7, "T": part[4], "X": 19, "p": 127.96, "q": 83480742,
                                                                     "s": 1, "t": 1617827221349730300, "x": 11, "y": 1617827221349366000, "z": 3}})
    if r["path"].startswith("/v3/snapshot/options/"):
        return reply({"status": "OK", "request_id": "a", "results": [{
            "break_even_price": 151.2, "day": {"change": -1.07, "change_percent": -0.88, "close": 120.73, "high": 120.81, "last_updated": 1605195918000000000,
                                               "low": 120.4, "open": 120.5, "previous_close": 121.8, "volume": 868, "vwap": 120.6},
            "underlying_asset": {"ticker": "AAPL", "price": 120.5, "change_to_break_even": 30.7, "last_updated": 1605195918507251700,
                                 "timeframe": "DELAYED"}, "open_interest": 1543, "implied_volatility": 0.3,
            "details": {"contract_type": "call", "exercise_style": "american", "expiration_date": "2026-12-18",
                        "shares_per_contract": 100, "strike_price": 150, "ticker": "O:AAPL261218C00150000"},
            "greeks": {}, "last_quote": {"ask": 120.3, "ask_size": 4, "bid": 120.28, "bid_size": 8, "midpoint": 120.29,
                           "last_updated": 1605195918507251700, "timeframe": "REAL-TIME"}}]})
    if r["path"] == "/v2/reference/news":
        return reply({"status": "OK", "request_id": "a", "results": [{"id": "n1", "title": "T", "article_url": "https://example.com/n1",
                      "author": "A", "published_utc": "2026-11-24T10:00:00Z", "tickers": ["AAPL"], "description": "d", "publisher": {"name": "P", "homepage_url": "https://example.com/", "logo_url": "https://example.com/l.svg"}}]})
    if r["path"] == "/v3/reference/tickers":
        return reply({"status": "OK", "request_id": "a", "results": [{"ticker": "AAPL", "name": "Apple Inc.", "market": "stocks", "locale": "us",
                      "primary_exchange": "XNAS", "currency_name": "usd", "active": True}]})
    return None


# ---- Yahoo

def yahoo(r, q):
    symbol = urllib.parse.unquote(r["path"].split("/")[4])
    if is_unknown(symbol):
        return reply({"chart": {"result": None, "error": {"code": "Not Found", "description": "No data found, symbol may be delisted"}}}, 404)
    if symbol == "BUSY":
        return reply("Edge: Too Many Requests", 429)
    if odd(symbol):
        return odd(symbol)
    if symbol == "BHP.AX":  # 2026-11-24 10:00 in Sydney is 23:00 UTC of the day before
        return reply({"chart": {"result": [{"meta": {"currency": "AUD", "gmtoffset": 39600, "exchangeTimezoneName": "Australia/Sydney"},
                                            "timestamp": [1795474800], "indicators": {"quote": [
                                                {"open": [1], "high": [2], "low": [1], "close": [2], "volume": [5]}]}}], "error": None}})
    if symbol == "NODATA":
        return reply({"chart": {"result": [{"meta": {"symbol": symbol}, "indicators": {"quote": [{}]}}], "error": None}})
    start = datetime.datetime.fromtimestamp(int(q["period1"]), datetime.timezone.utc).date()
    end = datetime.datetime.fromtimestamp(int(q["period2"]), datetime.timezone.utc).date()
    stamp, columns = [], {"open": [], "high": [], "low": [], "close": [], "volume": []}
    for day in days(start, end):
        o, h, l, c, v = price(symbol, (day - EPOCH).days)
        stamp.append(new_york(day, 9, 30))
        for name, value in zip(columns, (o, h, l, c, v)):
            columns[name].append(None if str(day) == "2026-11-23" else value)
    stamp.append(int(q["period2"]) + 17)  # the live row
    for name in columns:
        columns[name].append(0 if name == "volume" else 1.0)
    return reply({"chart": {"result": [{
        "meta": {"currency": "GBp" if symbol == "VOD.L" else "USD", "gmtoffset": -18000, "symbol": symbol, "exchangeTimezoneName": "America/New_York", "dataGranularity": "1d"},
        "timestamp": stamp,
        "events": {"dividends": {"1": {"amount": 0.26, "date": new_york(datetime.date(2026, 11, 24), 9, 30), "currency": ""}},
                   "splits": {}},
        "indicators": {"quote": [columns], "adjclose": [{"adjclose": []}]}}], "error": None}})


# ---- Stooq

def stooq(r, q):
    if q["s"] == "html.us":
        return odd("HTML")
    if is_unknown(q["s"]):
        return reply("No data")
    if q["s"] == "quota.us":
        return reply("Exceeded the daily hits limit")
    symbol = q["s"].split(".")[0].upper().replace("-", ".")
    iso = lambda t: datetime.date(int(t[:4]), int(t[4:6]), int(t[6:]))
    columns = 5 if symbol.startswith("^") else 6
    lines = [",".join(["Date", "Open", "High", "Low", "Close", "Volume"][:columns])]
    for day in days(iso(q["d1"]), iso(q["d2"])):
        lines.append(",".join([str(x) for x in (day,) + price(symbol, (day - EPOCH).days)][:columns]))
    return reply("\r\n".join(lines) + "\r\n", **{"Content-Type": "text/csv"})


# ---- Binance

def binance(r, q):
    if is_unknown(q["symbol"]):
        return reply({"code": -1121, "msg": "Invalid symbol."}, 400)
    if r["path"] == "/api/v3/ticker/bookTicker":
        return reply({"symbol": q["symbol"], "bidPrice": "91250.10000000", "bidQty": "1.50000000", "askPrice": "91250.11000000",
                      "askQty": "0.25000000"})
    rows, start, end = [], int(q.get("startTime", 0)), int(q.get("endTime", 1 << 60))
    for day in days(datetime.date(2020, 1, 1), LAST, always=True):
        n = (day - EPOCH).days
        if not start <= n * 86400000 <= end:
            continue
        o, h, l, c, v = price(q["symbol"], n)
        rows.append([n * 86400000, f"{o:.8f}", f"{h:.8f}", f"{l:.8f}", f"{c:.8f}", f"{v:.8f}", (n + 1) * 86400000 - 1,
                     "1.0", 812, "1.0", "1.0", "0"])
    return reply(rows[:int(q.get("limit", 500))])


# ---- Alpha Vantage

def alphavantage(r, q):
    if q.get("apikey") != "canary-key":
        return reply({"Information": "the parameter apikey is invalid"})
    symbol = q.get("symbol", "")
    if symbol == "QUOTA":
        return reply({"Information": "Our standard API rate limit is 25 requests per day."})
    if is_unknown(symbol):
        return reply({"Error Message": "Invalid API call. Please retry."})
    if q["function"] == "NEWS_SENTIMENT":
        return reply({"items": "1", "feed": [{"title": "Later", "url": "https://example.com/5", "time_published": "20261124T143000",
                                              "summary": "s", "source": "x", "overall_sentiment_score": 0.1,
                                              "ticker_sentiment": [{"ticker": q["tickers"], "relevance_score": "0.9"}]}]})
    if q["function"] == "TIME_SERIES_DAILY":
        rows = {}
        for day in sorted(days(datetime.date(2026, 6, 1), LAST), reverse=True)[:100 if q["outputsize"] == "compact" else 9999]:
            o, h, l, c, v = price(symbol, (day - EPOCH).days)
            rows[str(day)] = {"1. open": f"{o}.0000", "2. high": str(h), "3. low": str(l), "4. close": f"{c:.4f}", "5. volume": str(v)}
        return reply({"Meta Data": {"5. Time Zone": "US/Eastern"}, "Time Series (Daily)": rows})
    if q["function"] == "TIME_SERIES_INTRADAY":
        o, h, l, c, v = price(symbol, 0)
        return reply({"Meta Data": {}, f"Time Series ({q['interval']})": {
            f"{q['month']}-24 09:35:00": {"1. open": "2", "2. high": "3", "3. low": "1", "4. close": "2.5", "5. volume": "7"},
            f"{q['month']}-24 09:30:00": {"1. open": "1", "2. high": "2", "3. low": "1", "4. close": "2", "5. volume": "5"}}})
    if q["function"] == "SPLITS":
        return reply({"symbol": symbol, "data": [{"effective_date": "2026-11-23", "split_factor": "2.0000"}]})
    if q["function"] == "DIVIDENDS":
        return reply({"symbol": symbol, "data": [{"ex_dividend_date": "2026-11-24", "declaration_date": "None", "record_date": "None",
                                                  "payment_date": "None", "amount": "1.67"}]})
    if q["function"] == "SYMBOL_SEARCH":
        return reply({"bestMatches": [{"1. symbol": "IBM", "2. name": "International Business Machines", "3. type": "Equity",
                                       "8. currency": "USD"}]})
    return None


# ---- Tiingo

def tiingo(r, q):
    if r["headers"].get("authorization") != "Token canary-key":
        return reply({"detail": "Invalid token."}, 401)
    part = r["path"].split("/")
    if r["path"] == "/tiingo/news":
        return reply([{"id": 9, "title": "A headline", "url": "https://example.com/9", "description": "d",
                       "publishedDate": "2026-11-24T12:00:00Z", "crawlDate": "2026-11-24T12:01:00Z", "source": "x",
                       "tickers": ["aapl"], "tags": []}])
    symbol = part[3] if part[1] == "tiingo" else part[2]
    if is_unknown(symbol):
        return reply({"detail": "Not found."}, 404)
    if symbol == "QUOTA":
        return reply('"Error: You have run over your hourly request allocation."')
    rows = []
    if part[1] == "iex":
        rows = [{"date": "2026-11-24T14:30:00.000Z", "open": 1.5, "high": 2, "low": 1, "close": 1.75, "volume": 12}]
    for day in days(date_of(q["startDate"]), date_of(q["endDate"])) if part[1] == "tiingo" else []:
        o, h, l, c, v = price(symbol.replace("-", "."), (day - EPOCH).days)
        rows.append({"date": f"{day}T00:00:00.000Z", "open": o, "high": h, "low": l, "close": c, "volume": v, "adjClose": c / 2,
                     "divCash": 0.26 if str(day) == "2026-11-24" else 0.0, "splitFactor": 1.0})
    return reply(rows)


# ---- FRED

def fred(r, q):
    if q.get("api_key") == "canary-told":
        return reply({"error_code": 400, "error_message": "Bad Request.  The api_key canary-told is not registered."}, 400)
    if q.get("api_key") != "canary-key":
        return reply({"error_code": 400, "error_message": "Bad Request.  The value for variable api_key is not registered."}, 400)
    if q.get("file_type") != "json":
        return reply('<?xml version="1.0"?>')
    if r["path"] == "/fred/series/search":
        return reply({"seriess": [{"id": "DGS10", "title": "10-Year Treasury", "units": "Percent", "frequency": "Daily"}]})
    if q["series_id"] == "UNKNOWN":
        return reply({"error_code": 400, "error_message": "Bad Request.  The series does not exist."}, 400)
    # since when, until when, of which day: a month's figure comes weeks after its first day. What was known before
    # realtime_start is known from realtime_start on, in its words.
    known = [("2026-10-14", "2026-11-12", "2026-09-01", "4.1"), ("2026-11-13", "9999-12-31", "2026-10-01", "4.2"),
             ("2026-11-13", "9999-12-31", "2026-09-01", "4.11"), ("2026-11-24", "2026-11-24", "2026-11-23", "4.25"),
             ("2026-11-25", "9999-12-31", "2026-11-23", "4.26"), ("2026-11-25", "9999-12-31", "2026-11-24", ".")]
    low, high = q["realtime_start"], q["realtime_end"]
    rows = [{"realtime_start": max(since, low), "realtime_end": min(until, high), "date": date, "value": value}
            for since, until, date, value in known
            if since <= high and until >= low and q.get("observation_start", "") <= date <= q.get("observation_end", "9999")]
    return reply({"count": len(rows), "offset": 0, "limit": 100000, "observations": rows})


# ---- Coinbase

def coinbase(r, q):
    part = r["path"].split("/")
    if part[-1] == "product_book":
        return reply({"pricebook": {"product_id": q["product_id"], "bids": [{"price": "91250.1", "size": "0.5"}],
                                    "asks": [{"price": "91250.2", "size": "0.25"}], "time": "2026-11-24T14:30:00.123456Z"}})
    if part[-1] == "products":
        return reply({"products": [{"product_id": "BTC-USD", "quote_increment": "0.01", "base_increment": "0.00000001",
                                    "quote_currency_id": "USD"}]})
    symbol = part[6]
    if is_unknown(symbol):
        return reply({"error": "NOT_FOUND", "message": f"Product {symbol} not supported"}, 404)
    start, end = int(q["start"]), int(q["end"])
    if (end - start) // 86400 >= 350 and q["granularity"] == "ONE_DAY":
        return reply({"error": "INVALID_ARGUMENT", "message": "number of candles requested should be less than 350"}, 400)
    rows = []
    for day in days(datetime.date(2026, 1, 1), LAST, always=True):
        n = (day - EPOCH).days
        if start <= n * 86400 <= end:
            o, h, l, c, v = price(symbol, n)
            rows.append({"start": str(n * 86400), "low": str(l), "high": str(h), "open": str(o), "close": str(c), "volume": str(v)})
    return reply({"candles": rows[::-1]})


# ---- Kraken

def kraken(r, q):
    if is_unknown(q["pair"]):
        return reply({"error": ["EQuery:Unknown asset pair"]})
    if r["path"] == "/0/public/Ticker":
        return reply({"error": [], "result": {"XXBTZUSD": {"a": ["91250.2", "1", "1.000"], "b": ["91250.1", "2", "2.000"]}}})
    rows = []
    for day in list(days(datetime.date(2020, 1, 1), LAST, always=True))[-720:]:
        o, h, l, c, v = price(q["pair"], (day - EPOCH).days)
        rows.append([(day - EPOCH).days * 86400, f"{o}.0", str(h), str(l), str(c), str(o + 0.125), str(v), 81])
    rows = [row for row in rows if row[0] > int(q["since"])]
    return reply({"error": [], "result": {"XXBTZUSD": rows, "last": rows[-2][0] if len(rows) > 1 else 0}})


# ---- Kite

def kite(r, q):
    if r["path"] == "/session/token":
        form = dict(urllib.parse.parse_qsl(r["body"]))
        want = hashlib.sha256(b"kitekey" + b"canary-request" + b"canary-secret").hexdigest()
        if r["headers"].get("x-kite-version") != "3" or form != {"api_key": "kitekey", "request_token": "canary-request", "checksum": want}:
            return reply({"status": "error", "message": "Token is invalid or has expired.", "error_type": "TokenException", "data": None}, 403)
        return reply({"status": "success", "data": {"user_id": "XX0000", "access_token": "canary-token"}})
    if r["headers"].get("authorization") != "token kitekey:canary-token" or r["headers"].get("x-kite-version") != "3":
        return reply({"status": "error", "message": "Incorrect `api_key` or `access_token`.", "error_type": "TokenException",
                      "data": None}, 403)
    part = r["path"].split("/")
    if part[1] == "quote":
        return reply({"status": "success", "data": {"NSE:INFY": {"timestamp": "2026-11-25 15:45:56", "depth": {
            "buy": [{"price": 1530, "quantity": 3, "orders": 1}], "sell": [{"price": 1530.05, "quantity": 8, "orders": 1}]}}}})
    if part[2] == "NSE":
        return reply("instrument_token,exchange_token,tradingsymbol,name,last_price,expiry,strike,tick_size,lot_size,"
                     "instrument_type,segment,exchange\r\n408065,1594,INFY,INFOSYS,0,,0,0.05,1,EQ,NSE,NSE\r\n"
                     "738561,2885,RELIANCE,RELIANCE INDUSTRIES,0,,0,0.05,1,EQ,NSE,NSE\r\n", **{"Content-Type": "text/csv"})
    rows = []
    for day in days(date_of(q["from"]), date_of(q["to"])):
        o, h, l, c, v = price(part[3], (day - EPOCH).days)
        rows.append([f"{day}T00:00:00+0530", o, h, l, c, v])
    return reply({"status": "success", "data": {"candles": rows}})


# ---- Tradier

def tradier(r, q):
    if r["headers"].get("authorization") != "Bearer canary-token" or r["headers"].get("accept") != "application/json":
        return reply({"fault": {"faultstring": "Invalid Access Token", "detail": {"errorcode": "keymanagement"}}}, 401)
    if r["path"] == "/v1/markets/history":
        rows = []
        for day in days(date_of(q["start"]), date_of(q["end"])):
            o, h, l, c, v = price(q["symbol"].replace("/", "."), (day - EPOCH).days)
            rows.append({"date": str(day), "open": o, "high": h, "low": l, "close": c, "volume": v})
        if q["symbol"] == "NODATA" or is_unknown(q["symbol"]):
            return reply({"history": None})
        if q["symbol"] == "ONE":
            rows = rows[-2]  # the last one is not finished at the test's noon
        return reply({"history": {"day": rows}})
    if r["path"] == "/v1/markets/quotes":
        if q["symbols"] == "UNKNOWN":
            return reply({"quotes": {"unmatched_symbols": {"symbol": "UNKNOWN"}}})
        return reply({"quotes": {"quote": {"symbol": q["symbols"], "bid": 190.29, "ask": 190.31, "bidsize": 1, "asksize": 2,
                                           "bid_date": 1795530600123, "ask_date": 1795530600120}}})
    if r["path"] == "/v1/markets/search":
        return reply({"securities": {"security": {"symbol": "AAPL", "exchange": "Q", "type": "stock", "description": "Apple Inc"}}})
    if r["path"] == "/v1/markets/options/expirations":
        return reply({"expirations": {"date": ["2026-12-18", "2027-01-15"]}})
    if r["path"] == "/v1/markets/options/chains":
        mark = q["expiration"].replace("-", "")[2:]
        return reply({"options": {"option": [{"symbol": f"AAPL{mark}C00190000", "bid": 5.1, "ask": 5.3, "last": 5.2, "volume": 10,
                                              "open_interest": 100, "strike": 190.0, "option_type": "call",
                                              "expiration_date": q["expiration"], "contract_size": 100,
                                              "greeks": {"delta": 0.52, "mid_iv": 0.2871}}]}})
    return None


# ---- SEC EDGAR

def edgar(r, q):
    if "(" not in r["headers"].get("user-agent", ""):
        return reply("<html>Undeclared Automated Tool</html>", 403)
    if r["path"] == "/files/company_tickers.json":
        return reply({"0": {"cik_str": 320193, "ticker": "AAPL", "title": "Apple Inc."},
                      "1": {"cik_str": 1067983, "ticker": "BRK-B", "title": "BERKSHIRE HATHAWAY INC"}})
    if r["path"] == "/submissions/CIK0000320193.json":
        return reply({"cik": "0000320193", "filings": {"recent": {
            "accessionNumber": ["0000320193-26-000079", "0000320193-26-000050"], "filingDate": ["2026-10-30", "2026-05-01"],
            "reportDate": ["2026-09-26", "2026-03-28"], "form": ["10-K", "10-Q"], "primaryDocument": ["a.htm", "b.htm"],
            "primaryDocDescription": ["10-K", "10-Q"]}, "files": []}})
    if r["path"] == "/api/xbrl/companyfacts/CIK0000320193.json":
        return reply({"cik": 320193, "entityName": "Apple Inc.", "facts": {"us-gaap": {"Revenues": {"label": "x", "units": {"USD": [
            {"start": "2025-09-28", "end": "2026-09-26", "val": 416161000000, "accn": "0000320193-27-000008", "form": "10-K", "filed": "2027-10-29"},
            {"start": "2025-09-28", "end": "2026-09-26", "val": 416161000000, "accn": "0000320193-26-000079", "form": "10-K", "filed": "2026-10-30"}]}}}}})
    return reply("", 404)


# ---- news

def newsapi(r, q):
    if r["headers"].get("x-api-key") != "canary-key":
        return reply({"status": "error", "code": "apiKeyInvalid", "message": "Your API key is invalid."}, 401)
    return reply({"status": "ok", "totalResults": 2, "articles": [
        {"source": {"id": None, "name": "Example"}, "author": None, "title": "Later", "description": "d", "url": "https://example.com/2",
         "urlToImage": None, "publishedAt": "2026-11-24T15:31:00Z", "content": "c"},
        {"source": {"id": None, "name": "Example"}, "author": None, "title": "[Removed]", "description": None,
         "url": "https://removed.com", "urlToImage": None, "publishedAt": "2026-11-24T14:31:00Z", "content": None}]})


def gdelt(r, q):
    if q["query"] == "the":
        return reply("Your query was too short or too long.")
    if q["query"] == "odd":
        return reply('{"articles": [{"url": "https://example.com/4", "title": "It\\\'s\tout", "seendate": "20261124T143000Z"}]}')
    if q["query"] == "often":
        return reply("Please limit requests to one every 5 seconds", 429)
    return reply({"articles": [{"url": "https://example.com/3", "url_mobile": "", "title": "Seen", "seendate": "20261124T143000Z",
                                "socialimage": "", "domain": "example.com", "language": "English", "sourcecountry": "United States"}]})


def feeds(r, q):
    if r["path"] == "/feeds/atom.xml":
        return reply("""<?xml version="1.0" encoding="utf-8"?>
<!-- a feed --><feed xmlns="http://www.w3.org/2005/Atom"><title>T</title>
<entry><title type="html">Rates &amp;amp; bonds</title><link rel="self" href="https://example.com/self"/>
<link href="https://example.com/a1"/><id>urn:a1</id><updated>2026-11-24T10:00:00-05:00</updated><summary>s</summary></entry></feed>""")
    if r["path"] == "/feeds/bomb.xml":
        return reply('<!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><r>&b;</r>')
    if r["path"] == "/feeds/cut.xml":
        return reply("<rss><channel><item><title>x</title>")
    if r["path"] == "/feeds/vain.xml":  # claims that nothing has changed, whoever asks
        return reply("", 304)
    if r["headers"].get("if-none-match") == '"v7"':
        return reply("", 304, ETag='"v7"')
    return reply("""<?xml version="1.0"?><rss version="2.0"><channel><title>T</title>
<item><title><![CDATA[Fed <b>holds</b>]]></title><link>https://example.com/r1</link><guid isPermaLink="false">r-1</guid>
<pubDate>Tue, 24 Nov 26 14:00 EST</pubDate><description>A&nbsp;B &#233;</description></item>
<item><title>Without a date</title><link>https://example.com/r2</link><pubDate>yesterday</pubDate></item>
</channel></rss>""", ETag='"v7"')


ROUTES = [("/v2/stocks/", alpaca), ("/v1/corporate-actions", alpaca), ("/v1beta1/", alpaca),
          ("/v2/aggs/", massive), ("/stocks/v1/", massive), ("/futures/v1/", massive), ("/v2/last/", massive), ("/v3/", massive), ("/v2/reference/", massive),
          ("/v8/finance/chart/", yahoo), ("/q/d/l/", stooq), ("/api/v3/", binance)]
ROUTES += [("/query", alphavantage), ("/tiingo/", tiingo), ("/iex/", tiingo), ("/fred/", fred), ("/api/v3/brokerage/", coinbase),
           ("/0/public/", kraken), ("/instruments/", kite), ("/session/", kite), ("/quote", kite), ("/v1/markets/", tradier),
           ("/files/", edgar), ("/submissions/", edgar), ("/api/xbrl/", edgar), ("/v2/everything", newsapi),
           ("/api/v2/doc/doc", gdelt), ("/feeds/", feeds)]

ROUTES += [(prefix, lambda r, q, answer=answer: answer(sys.modules[__name__], r, q))
           for part in (brokers, people) for prefix, answer in part.ROUTES]


def handle(r):
    q = dict(urllib.parse.parse_qsl(r["query"]))
    for prefix, answer in sorted(ROUTES, key=lambda route: -len(route[0])):
        if r["path"].startswith(prefix):
            if DELAY:
                time.sleep(DELAY)
            return answer(r, q)
    return None
