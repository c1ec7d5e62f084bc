"""Brokers' market data as their documentation shows it: Schwab (with its tokens) and Interactive Brokers' gateway. Part of
providers.py, whose rule of prices it gets."""
import base64, datetime, urllib.parse

counts = {}


def count(name):
    counts[name] = counts.get(name, 0) + 1
    return counts[name]


# ---- Schwab

def schwab_token(r):
    form = dict(urllib.parse.parse_qsl(r["body"]))
    basic = base64.b64encode(b"appkey:canary-secret").decode()
    if r["method"] != "POST" or r["headers"].get("authorization") != "Basic " + basic:
        return {"error": "invalid_client"}, 401
    if form.get("grant_type") == "authorization_code":
        if form.get("code") != "C0.canary-code@" or form.get("redirect_uri") != "https://127.0.0.1":
            return {"error": "invalid_grant", "error_description": "Invalid authorization code " + form.get("code", "")}, 400
        return {"expires_in": 1800, "token_type": "Bearer", "refresh_token": "canary-refresh==", "access_token": "x"}, 200
    if form.get("refresh_token") == "canary-told":  # servers repeat what they do not understand
        return {"error": "invalid_grant", "error_description": "no login canary-told of canary-secret"}, 400
    if form.get("grant_type") != "refresh_token" or form.get("refresh_token") != "canary-refresh==":
        return {"error": "unsupported_token_type", "error_description": "400 Bad Request: refresh token is expired"}, 400
    return {"expires_in": 1800, "token_type": "Bearer", "scope": "api", "refresh_token": "canary-refresh==",
            "access_token": "I0.canary-access@", "id_token": "x"}, 200


def option(symbol, right, strike, greek):
    return {"putCall": right, "symbol": symbol, "description": "", "bid": 5.1, "ask": 5.3, "last": 5.2, "mark": 5.2,
            "bidSize": 10, "askSize": 12, "totalVolume": 340, "quoteTimeInLong": 1795530600123, "volatility": greek and 28.71,
            "delta": greek and 0.52, "gamma": 0.03, "theta": -0.08, "vega": 0.2, "rho": -999.0, "openInterest": 1543,
            "strikePrice": strike, "expirationDate": "2026-12-18T21:00:00.000+00:00", "multiplier": 100.0}


def schwab(p, r, q):
    path = r["path"]
    if path == "/v1/oauth/token":
        return p.reply(*schwab_token(r))
    if r["headers"].get("authorization") != "Bearer I0.canary-access@":
        return p.reply({"errors": [{"id": "a", "status": 401, "title": "Unauthorized", "detail": "Client not authorized"}]}, 401)
    if path.endswith("/pricehistory"):
        symbol = q["symbol"].replace("/", ".")
        if p.odd(symbol):
            return p.odd(symbol)
        if p.is_unknown(symbol):
            return p.reply({"errors": [{"id": "a", "status": 404, "title": "Not Found", "detail": "Symbol not found"}]}, 404)
        candles = []
        if q["frequencyType"] == "daily":
            assert q["periodType"] == "year" and q["frequency"] == "1"
            low, high = int(q["startDate"]), int(q["endDate"])
            for day in p.days(datetime.date(2020, 1, 1), p.LAST):
                stamp = (p.new_york(day) + 3600) * 1000  # midnight of Chicago
                if low <= stamp <= high:
                    o, h, l, c, v = p.price(symbol, (day - p.EPOCH).days)
                    candles.append({"open": o, "high": h, "low": l, "close": c, "volume": v, "datetime": stamp})
        else:
            assert q["frequency"] in ("1", "5", "10", "15", "30") and q["periodType"] == "day"
            candles.append({"open": 1.5, "high": 2, "low": 1, "close": 1.75, "volume": 12, "datetime": 1795530600000})
        return p.reply({"symbol": q["symbol"], "empty": not candles, "candles": candles if symbol != "NODATA" else []})
    if path.endswith("/quotes"):
        if p.is_unknown(q["symbols"]):
            return p.reply({"errors": {"invalidSymbols": [q["symbols"]]}})
        return p.reply({q["symbols"]: {"assetMainType": "EQUITY", "symbol": q["symbols"], "realtime": True, "quote": {
            "askPrice": 190.31, "askSize": 2, "bidPrice": 190.29, "bidSize": 1, "lastPrice": 190.3, "quoteTime": 1795530600123,
            "tradeTime": 1795530600100}}})
    if path.endswith("/chains"):
        if p.is_unknown(q["symbol"]):
            return p.reply({"symbol": q["symbol"], "status": "FAILED", "callExpDateMap": {}, "putExpDateMap": {}})
        return p.reply({"symbol": q["symbol"], "status": "SUCCESS", "underlying": None, "numberOfContracts": 2,
                        "callExpDateMap": {"2026-12-18:23": {"190.0": [option("AAPL  261218C00190000", "CALL", 190.0, 1)]}},
                        "putExpDateMap": {"2026-12-18:23": {"190.0": [option("AAPL  261218P00190000", "PUT", 190.0, None) |
                                                                       {"delta": "NaN", "volatility": -999.0}]}}})
    if path.endswith("/instruments"):
        rows = [{"cusip": "084670702", "symbol": "BRK/B", "description": "BERKSHIRE HATHAWAY INC", "exchange": "NYSE", "assetType": "EQUITY"}]
        return p.reply({"instruments": rows if "berkshire" in q["symbol"].lower() else []})
    return None


# ---- Interactive Brokers

CONIDS = {"AAPL": 265598, "BRK B": 72063691, "LOGOUT": 1, "HTML": 2, "NODATA": 3, "NOBOOK": 4, "BMW": 5}


def ibkr(p, r, q):
    path = r["path"][len("/v1/api"):]
    if path == "/trsrv/stocks":
        symbol = q["symbols"]
        if symbol == "LOGOUT":
            return p.reply("", 401)
        conid = CONIDS.get(symbol)
        if symbol == "BMW":  # two listings, in euros and francs
            return p.reply({symbol: [{"name": "X", "assetClass": "STK", "contracts": [
                {"conid": conid, "exchange": "IBIS", "isUS": False}, {"conid": 98, "exchange": "EBS", "isUS": False}]}]})
        return p.reply({symbol: [{"name": "X", "chineseName": "x", "assetClass": "STK", "contracts": [
            {"conid": 99, "exchange": "MEXI", "isUS": False}, {"conid": conid, "exchange": "NASDAQ", "isUS": True}]}] if conid else []})
    if path == "/iserver/accounts":
        counts["accounts"] = 1
        return p.reply({"accounts": ["DU1"], "selectedAccount": "DU1"})
    if path == "/iserver/marketdata/snapshot":
        if "accounts" not in counts:
            return p.reply({"error": "Bad Request: no bridge", "statusCode": 400}, 400)
        row = {"conid": int(q["conids"]), "conidEx": q["conids"]}
        if q["conids"] == "4":
            row["6509"] = "N"
        elif count("snapshot" + q["conids"]) > 1:  # the first call only subscribes
            row |= {"84": "190.29", "86": "C190.31", "85": "1,200", "88": "100", "6509": "RpB", "_updated": 1795530600123}
        return p.reply([row])
    if path == "/iserver/marketdata/history":
        symbol = {str(v): k for k, v in CONIDS.items()}[q["conid"]].replace(" ", ".")
        if p.odd(symbol):
            return p.odd(symbol)
        end = datetime.datetime.strptime(q["startTime"], "%Y%m%d-%H:%M:%S").replace(tzinfo=datetime.timezone.utc)
        assert q["period"].endswith("d")
        start = end - datetime.timedelta(days=int(q["period"][:-1]))
        rows = []
        for day in p.days(datetime.date(2020, 1, 1), p.LAST):
            stamp = p.new_york(day, 9, 30)
            if symbol != "NODATA" and start.timestamp() <= stamp < end.timestamp():
                o, h, l, c, v = p.price(symbol, (day - p.EPOCH).days)
                rows.append({"o": o, "h": h, "l": l, "c": c, "v": v / 100 if q["bar"] == "1d" else v, "t": stamp * 1000})
        assert len(rows) <= 1000
        return p.reply({"symbol": symbol, "timePeriod": q["period"], "barLength": 86400, "mdAvailability": "S", "data": rows,
                        "points": len(rows), "priceFactor": 100, "volumeFactor": 100 if q["bar"] == "1d" else 1})
    if path == "/iserver/secdef/search":
        return p.reply([{"conid": 72063691, "companyHeader": "x", "companyName": "BERKSHIRE HATHAWAY INC-CL B", "symbol": "BRK B",
                         "description": "NYSE", "sections": []}])
    return None


ROUTES = [("/v1/oauth/", schwab), ("/marketdata/v1/", schwab), ("/v1/api/", ibkr)]
