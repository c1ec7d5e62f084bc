// Drives the stand-in servers (standin.py with providers.py) with the clients that the providers themselves publish: what
// the clients accept, and what their declarations demand, must be there. usage: node clients.mjs FOLDER URL
// FOLDER holds node_modules. Prints TAP. scripts/dev/check-standins installs the clients and runs this.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [folder, url] = process.argv.slice(2);
const require = createRequire(path.join(path.resolve(folder), "index.js"));
const load = name => import(pathToFileURL(require.resolve(name)));

let tests = 0, failed = 0;
function check(passed, name, detail = "") {
  tests++;
  failed += !passed;
  console.log(`${passed ? "ok" : "not ok"} ${tests} - ${name}`);
  if (!passed && detail !== "") console.log(String(detail).replace(/^/gm, "# "));
}
async function attempt(name, run) {
  try {
    const detail = await run();
    check(!detail, name, detail);
  } catch (error) {
    check(false, name, error.stack);
  }
}
const refused = async promise => { try { await promise; return null; } catch (error) { return error; } };

// The rule of providers.py: open of a day (from 1970) is 100 + (sum of the symbol's bytes + day) % 50, close 0.25 more.
const close = (symbol, date) =>
  100 + ([...symbol].reduce((sum, c) => sum + c.charCodeAt(0), 0) + Date.parse(date) / 86400000) % 50 + 0.25;
const same = (got, want) => JSON.stringify(got) === JSON.stringify(want) ? "" : `got ${JSON.stringify(got)}, want ${JSON.stringify(want)}`;

// ---- declarations of TypeScript as a schema: {NAME: {KEY: {optional, type}}}
function interfaces(text) {
  const found = {};
  for (const [, name, body] of text.matchAll(/^(?:export )?(?:declare )?interface (\w+) \{\n([\s\S]*?)^\}/gm)) {
    found[name] = {};
    for (const [, key, optional, type] of body.matchAll(/^ {4}'?([\w.]+)'?(\??): (.*);$/gm))
      found[name][key] = { optional: optional === "?", type };
  }
  return found;
}
// What of a value does not fit its declared type; undeclared members are told too, for a stand-in makes none up.
function misfits(schema, type, value, where = type) {
  const list = type.match(/^Array<(.*)>$/);
  if (list) return Array.isArray(value) ? value.flatMap((item, i) => misfits(schema, list[1], item, `${where}[${i}]`)) : [`${where} is no array`];
  if (["string", "number", "boolean"].includes(type)) return typeof value === type ? [] : [`${where} is no ${type}: ${JSON.stringify(value)}`];
  const members = schema[type];
  if (!members) return [];
  if (value === null || typeof value !== "object") return [`${where} is no ${type}`];
  const out = [];
  for (const [key, { optional, type: its }] of Object.entries(members))
    if (key in value) out.push(...misfits(schema, its, value[key], `${where}.${key}`));
    else if (!optional) out.push(`${where}.${key} is missing`);
  for (const key of Object.keys(value)) if (!(key in members)) out.push(`${where}.${key} is not declared`);
  return out;
}

// ---- Alpaca

async function alpaca() {
  const sdk = (await load("@alpacahq/alpaca-trade-api")).default ?? (await load("@alpacahq/alpaca-trade-api"));
  const data = sdk.marketData;
  const configuration = new data.Configuration({ basePath: url, keyId: "PKTEST", secret: "canary-secret" });
  const stocks = new data.StockApi(configuration);
  const range = { start: new Date("2025-11-03T00:00:00Z"), end: new Date("2026-11-24T23:00:00Z") };
  await attempt("Alpaca: bars", async () => {
    const answer = await stocks.stockBars({ symbols: "AAPL", timeframe: "1Day", ...range, limit: 10000, adjustment: "raw", feed: "iex" });
    const bars = answer.bars.AAPL;
    if (!bars.every(data.instanceOfStockBar)) return "a bar lacks a member";
    if (!data.instanceOfStockBarsResp(answer)) return "the answer lacks a member";
    const last = bars.at(-1);
    return same([new Date(last.t).toISOString(), last.c], ["2026-11-24T05:00:00.000Z", close("AAPL", "2026-11-24")]);
  });
  await attempt("Alpaca: pages", async () => {
    const seen = [];
    let token;
    do {
      const answer = await stocks.stockBars({ symbols: "AAPL,MSFT", timeframe: "1Day", ...range, limit: 100, adjustment: "raw", feed: "iex", pageToken: token });
      seen.push(...Object.entries(answer.bars).flatMap(([symbol, bars]) => bars.map(bar => symbol + new Date(bar.t).toISOString())));
      token = answer.nextPageToken;
    } while (token);
    return same([seen.length, new Set(seen).size], [534, 534]);
  });
  await attempt("Alpaca: latest quotes", async () => {
    const answer = await stocks.stockLatestQuotes({ symbols: "AAPL,MSFT", feed: "iex" });
    return Object.values(answer.quotes).every(data.instanceOfStockQuote) ? same(answer.quotes.AAPL.ap, 190.31) : "a quote lacks a member";
  });
  await attempt("Alpaca: news", async () => {
    const answer = await new data.NewsApi(configuration).news({ symbols: "AAPL", ...range, limit: 50 });
    return answer.news.every(data.instanceOfNews) ? same(answer.news.length, 1) : "an article lacks a member";
  });
  await attempt("Alpaca: corporate actions", async () => {
    const answer = await new data.CorporateActionsApi(configuration).corporateActions({ symbols: "AAPL,NVDA", start: range.start, end: range.end, limit: 1000 });
    const { cashDividends, forwardSplits } = answer.corporateActions;
    if (!cashDividends.every(data.instanceOfCashDividend)) return "a dividend lacks a member";
    return forwardSplits.every(data.instanceOfForwardSplit) ? same([cashDividends.length, forwardSplits.length], [1, 1]) : "a split lacks a member";
  });
  await attempt("Alpaca: an option chain", async () => {
    const answer = await new data.OptionApi(configuration).optionChain({ underlyingSymbol: "AAPL", feed: "indicative", limit: 1000 });
    const [snapshot] = Object.values(answer.snapshots);
    if (!data.instanceOfOptionQuote(snapshot.latestQuote)) return "its quote lacks a member";
    if (!data.instanceOfOptionTrade(snapshot.latestTrade)) return "its trade lacks a member";
    return data.instanceOfOptionGreeks(snapshot.greeks) ? "" : "its greeks lack a member";
  });
  await attempt("Alpaca: a wrong key, an unknown symbol", async () => {
    const other = new data.StockApi(new data.Configuration({ basePath: url, keyId: "PKTEST", secret: "wrong" }));
    const question = { timeframe: "1Day", ...range, limit: 1, feed: "iex" };
    const errors = [await refused(other.stockBars({ symbols: "AAPL", ...question })), await refused(stocks.stockBars({ symbols: "UNKNOWN", ...question }))];
    return same(errors.map(error => error?.response?.status ?? error?.status), [403, 400]);
  });
}

// ---- Massive

async function massive() {
  const place = path.resolve(folder, "node_modules/@massive.com/client-js/dist");
  const { restClient } = await import(pathToFileURL(path.join(place, "main.js")));
  const schema = interfaces(readFileSync(path.join(place, "main.d.ts"), "utf8"));
  const rest = restClient("canary-key", url);
  const fits = (type, answer) => misfits(schema, type, answer).join("\n");
  await attempt("Massive: bars", async () => {
    const answer = await rest.getStocksAggregates({ stocksTicker: "AAPL", multiplier: 1, timespan: "day", from: "2026-11-20", to: "2026-11-24", adjusted: false, sort: "asc", limit: 50000 });
    return fits("GetStocksAggregates200Response", answer) || same(answer.results.map(bar => bar.c), ["2026-11-20", "2026-11-23", "2026-11-24"].map(day => close("AAPL", day)));
  });
  await attempt("Massive: pages", async () => {
    const all = await restClient("canary-key", url, { pagination: true }).getStocksAggregates({ stocksTicker: "NVDA", multiplier: 1, timespan: "day", from: "2025-11-01", to: "2026-11-24", adjusted: false, sort: "asc", limit: 50000 });
    return same(all.results?.length ?? all.length, 267);
  });
  await attempt("Massive: a quote", async () => fits("GetLastStocksQuote200Response", await rest.getLastStocksQuote({ stocksTicker: "AAPL" })));
  await attempt("Massive: an option chain", async () => {
    const answer = await rest.getOptionsChain({ underlyingAsset: "AAPL", limit: 250 });
    // Greeks are left out where they cannot be computed, as the documentation says beside the declaration.
    return misfits(schema, "GetOptionsChain200Response", answer).filter(text => !/greeks\.\w+ is missing$/.test(text)).join("\n");
  });
  await attempt("Massive: splits", async () => fits("GetStocksV1Splits200Response", await rest.getStocksV1Splits({ ticker: "NVDA", executionDateGte: "2026-01-01", limit: 5000, sort: "execution_date.asc" })));
  await attempt("Massive: dividends", async () => fits("GetStocksV1Dividends200Response", await rest.getStocksV1Dividends({ ticker: "AAPL", exDividendDateGte: "2026-01-01", limit: 5000, sort: "ex_dividend_date.asc" })));
  await attempt("Massive: news", async () => fits("ListNews200Response", await rest.listNews({ ticker: "AAPL", limit: 1000 })));
  await attempt("Massive: search", async () => fits("ListTickers200Response", await rest.listTickers({ search: "apple", active: true, limit: 100 })));
  await attempt("Massive: a wrong key", async () => {
    const error = await refused(restClient("wrong", url).getLastStocksQuote({ stocksTicker: "AAPL" }));
    return same(error?.response?.status ?? error?.status, 401);
  });
}

// ---- Kite

async function kite() {
  const { KiteConnect } = require("kiteconnect");
  const client = token => {
    const made = new KiteConnect({ api_key: "kitekey", root: url });
    made.setAccessToken(token);
    return made;
  };
  const kc = client("canary-token");
  await attempt("Kite: candles", async () => {
    const candles = await kc.getHistoricalData("408065", "day", "2026-11-20 00:00:00", "2026-11-24 23:59:59");
    return same(candles.map(c => [c.date.toISOString(), c.close]),
      ["2026-11-20", "2026-11-23", "2026-11-24"].map(day => [new Date(day + "T00:00:00+05:30").toISOString(), close("408065", day)]));
  });
  await attempt("Kite: instruments", async () => {
    const [first] = await kc.getInstruments("NSE");
    return same([String(first.instrument_token), first.tradingsymbol, first.exchange], ["408065", "INFY", "NSE"]);
  });
  await attempt("Kite: quotes", async () => {
    const quotes = await kc.getQuote(["NSE:INFY"]);
    return same([quotes["NSE:INFY"].depth.buy[0].price, quotes["NSE:INFY"].depth.sell[0].quantity], [1530, 8]);
  });
  await attempt("Kite: a wrong token", async () => same((await refused(client("wrong").getQuote(["NSE:INFY"])))?.error_type, "TokenException"));
}

// ---- Binance, Coinbase, Kraken by ccxt

async function ccxt() {
  const all = (await load("ccxt")).default;
  const since = Date.parse("2026-11-20T00:00:00Z");
  const open = (name, replace) => {
    const exchange = new all[name]({ enableRateLimit: false });
    const to = value => typeof value === "string" ? value.replace(replace, url) : value && typeof value === "object"
      ? Object.fromEntries(Object.entries(value).map(([key, its]) => [key, to(its)])) : value;
    exchange.urls.api = to(exchange.urls.api);
    return exchange;
  };
  const days = async (exchange, symbol, spelled) => {
    const rows = await exchange.fetchOHLCV(symbol, "1d", since, 3);
    return same(rows.map(row => [row[0], row[4]]), ["2026-11-20", "2026-11-21", "2026-11-22"].map(day => [Date.parse(day), close(spelled, day)]));
  };
  const spot = (exchange, id, quote) => exchange.setMarkets([exchange.safeMarketStructure({
    id, symbol: `BTC/${quote}`, base: "BTC", quote, baseId: "BTC", quoteId: quote, type: "spot", spot: true, active: true,
    precision: { amount: 1e-8, price: 0.01 }, info: {} })]);
  const binance = open("binance", "https://api.binance.com");
  spot(binance, "BTCUSDT", "USDT");
  await attempt("Binance: days", () => days(binance, "BTC/USDT", "BTCUSDT"));
  await attempt("Binance: bid and ask", async () => same(binance.parseTicker(await binance.publicGetTickerBookTicker({ symbol: "BTCUSDT" })).bid, 91250.1));
  await attempt("Binance: an unknown symbol", async () => (await refused(binance.publicGetKlines({ symbol: "UNKNOWN", interval: "1d", startTime: since, endTime: since + 1, limit: 1 })))?.constructor.name === "BadSymbol" ? "" : "no BadSymbol");
  const coinbase = open("coinbase", "https://api.coinbase.com");
  spot(coinbase, "BTC-USD", "USD");
  await attempt("Coinbase: days", () => days(coinbase, "BTC/USD", "BTC-USD"));
  const kraken = open("kraken", "https://api.kraken.com");
  spot(kraken, "XXBTZUSD", "USD");
  await attempt("Kraken: days", () => days(kraken, "BTC/USD", "XXBTZUSD"));
  await attempt("Kraken: an unknown pair", async () => (await refused(kraken.publicGetOHLC({ pair: "UNKNOWN", interval: 1440, since: 0 })))?.constructor.name ?? "" ? "" : "taken");
}

for (const [name, run] of Object.entries({ alpaca, massive, kite, ccxt })) {
  console.log(`# ${name}`);
  await attempt(`${name}: its client starts`, run);
}
console.log(`1..${tests}`);
process.exit(failed > 0 ? 1 : 0);
