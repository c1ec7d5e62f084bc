"""What the providers of market data answer, as their documentation shows it: a module for standin.py. One server speaks
all of them, since their paths differ. Prices come from price(), a rule that a test can compute for itself.

Symbols that misbehave: NODATA (nothing), UNKNOWN (no such symbol), CIRCLE (pages in a circle), ELSEWHERE (the next page
at another server), HTML (a web page with 200), LIE (a high below the low), NAN (a price that is no number), TWICE (a key
twice), FUTURE (a bar of tomorrow)."""
import datetime, json, os, time, urllib.parse

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
    return status, headers, body if isinstance(body, str) else json.dumps(body)


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
    if "UNKNOWN" in symbols:
        return reply({"message": "invalid symbol: UNKNOWN"}, 400)
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
                actions["cash_dividends"].append({"id": "d1", "symbol": s, "rate": 0.26, "special": False, "foreign": False,
                                                  "ex_date": "2026-11-24", "payable_date": "2026-12-01", "process_date": "2026-12-01"})
            if s == "NVDA" and q["start"] <= "2026-11-23" <= q["end"]:
                actions["forward_splits"].append({"id": "s1", "symbol": s, "new_rate": 1.5, "old_rate": 1, "ex_date": "2026-11-23",
                                                  "process_date": "2026-11-23"})
        return reply({"corporate_actions": actions, "next_page_token": None})
    if r["path"] == "/v2/stocks/quotes/latest":
        return reply({"quotes": {s: {"t": "2026-11-24T14:31:02.208417003Z", "ax": "Q", "ap": 190.31, "as": 200, "bx": "P",
                                     "bp": 190.29, "bs": 100, "c": ["R"], "z": "C"} for s in symbols}})
    if r["path"] == "/v1beta1/news":
        return reply({"news": [{"id": 51200417, "headline": "Apple &amp; friends", "author": "a", "created_at": "2026-11-24T14:00:00Z",
                                "updated_at": "2026-11-24T14:05:00Z", "summary": "", "content": "", "images": [],
                                "symbols": ["AAPL"], "source": "benzinga", "url": "https://example.com/1"}],
                      "next_page_token": None})
    if r["path"].startswith("/v1beta1/options/snapshots/"):
        return reply({"snapshots": {"AAPL261218C00190000": {
            "latestQuote": {"t": "2026-11-24T14:31:02Z", "bp": 5.1, "ap": 5.3},
            "latestTrade": {"p": 5.2}, "greeks": {"delta": 0.52, "gamma": 0.03, "rho": 0.1, "theta": -0.08, "vega": 0.2},
            "impliedVolatility": 0.2871}}, "next_page_token": None})
    return None


# ---- Massive

def massive(r, q):
    if r["headers"].get("authorization") != "Bearer canary-key":
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
        if symbol == "NODATA":
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
    if r["path"] == "/stocks/v1/splits":
        rows = [{"id": "1", "ticker": "NVDA", "execution_date": "2026-08-31", "split_from": 1, "split_to": 4,
                 "adjustment_type": "forward_split"}]
        return reply({"status": "OK", "request_id": "a",
                      "results": rows if q["ticker"] == "NVDA" and q["execution_date.gte"] <= "2026-08-31" else []})
    if r["path"] == "/stocks/v1/dividends":
        rows = [{"id": "2", "ticker": "AAPL", "cash_amount": 0.26, "currency": "USD", "ex_dividend_date": "2026-11-24",
                 "pay_date": "2026-12-01", "frequency": 4, "distribution_type": "recurring"}]
        return reply({"status": "OK", "request_id": "a", "results": rows if q["ticker"] == "AAPL" else []})
    return None


# ---- Yahoo

def yahoo(r, q):
    symbol = urllib.parse.unquote(r["path"].split("/")[4])
    if symbol == "UNKNOWN":
        return reply({"chart": {"result": None, "error": {"code": "Not Found", "description": "No data found, symbol may be delisted"}}}, 404)
    if symbol == "BUSY":
        return reply("Edge: Too Many Requests", 429)
    if odd(symbol):
        return odd(symbol)
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
        "meta": {"currency": "USD", "symbol": symbol, "exchangeTimezoneName": "America/New_York", "dataGranularity": "1d"},
        "timestamp": stamp,
        "events": {"dividends": {"1": {"amount": 0.26, "date": new_york(datetime.date(2026, 11, 24), 9, 30), "currency": ""}},
                   "splits": {}},
        "indicators": {"quote": [columns], "adjclose": [{"adjclose": []}]}}], "error": None}})


# ---- Stooq

def stooq(r, q):
    if q["s"] == "html.us":
        return odd("HTML")
    if q["s"] == "unknown.us":
        return reply("No data")
    if q["s"] == "quota.us":
        return reply("Exceeded the daily hits limit")
    symbol = q["s"].split(".")[0].upper().replace("-", ".")
    iso = lambda t: datetime.date(int(t[:4]), int(t[4:6]), int(t[6:]))
    lines = ["Date,Open,High,Low,Close,Volume"]
    for day in days(iso(q["d1"]), iso(q["d2"])):
        lines.append(",".join(str(x) for x in (day,) + price(symbol, (day - EPOCH).days)))
    return reply("\r\n".join(lines) + "\r\n", **{"Content-Type": "text/csv"})


# ---- Binance

def binance(r, q):
    if q["symbol"] == "UNKNOWNUSDT":
        return reply({"code": -1121, "msg": "Invalid symbol."}, 400)
    if r["path"] == "/api/v3/ticker/bookTicker":
        return reply({"symbol": q["symbol"], "bidPrice": "91250.10000000", "bidQty": "1.50000000", "askPrice": "91250.11000000",
                      "askQty": "0.25000000"})
    rows, start, end = [], int(q["startTime"]), int(q["endTime"])
    for day in days(datetime.date(2020, 1, 1), LAST, always=True):
        n = (day - EPOCH).days
        if not start <= n * 86400000 <= end:
            continue
        o, h, l, c, v = price(q["symbol"], n)
        rows.append([n * 86400000, f"{o:.8f}", f"{h:.8f}", f"{l:.8f}", f"{c:.8f}", f"{v:.8f}", (n + 1) * 86400000 - 1,
                     "1.0", 812, "1.0", "1.0", "0"])
    return reply(rows[:int(q["limit"])])


ROUTES = [("/v2/stocks/", alpaca), ("/v1/corporate-actions", alpaca), ("/v1beta1/", alpaca),
          ("/v2/aggs/", massive), ("/stocks/v1/", massive),
          ("/v8/finance/chart/", yahoo), ("/q/d/l/", stooq), ("/api/v3/", binance)]


def handle(r):
    q = dict(urllib.parse.parse_qsl(r["query"]))
    for prefix, answer in ROUTES:
        if r["path"].startswith(prefix):
            if DELAY:
                time.sleep(DELAY)
            return answer(r, q)
    return None
