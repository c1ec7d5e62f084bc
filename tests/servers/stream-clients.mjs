// The providers' own clients on the stand-ins of live feeds: each must see the trades, and ccxt the books of Kraken, whose
// checksums it works out itself.
//
// usage: node stream-clients.mjs FOLDER STREAMS BOOKS     (FOLDER has node_modules; host:port of streams.py, books.py)
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const [folder, streams, books] = process.argv.slice(2);
const require = createRequire(folder + '/');
let failed = 0;

function report(what, good, detail) {
    console.log(`${good ? 'ok' : 'not ok'} ${what}: ${detail}`);
    failed += good ? 0 : 1;
}

function within(promise, what) {
    return Promise.race([promise, new Promise((_, no) => setTimeout(() => no(new Error(`${what}: nothing in 15 s`)), 15000))]);
}

async function alpaca() {
    const { MarketDataStream } = require('@alpacahq/alpaca-trade-api').streaming;
    const stream = new MarketDataStream({ credentials: { keyId: 'PKTEST', secret: 'canary-secret' },
        url: `ws://${streams}/v2/iex`, reconnect: false });
    stream.codec = 'json'; // the feed speaks both, the stand-in this one
    const trades = [];
    await within(new Promise((done, no) => {
        stream.onTrade((trade) => { trades.push(trade); if (trades.length === 20) done(); });
        stream.on?.('error', no);
        stream.subscribeForTrades(['AAPL']);
        stream.connect();
    }), 'alpaca');
    stream.disconnect?.();
    const last = trades[19];
    report('Alpaca', JSON.stringify(last).includes('AAPL'), `20 trades, the last ${JSON.stringify(last)}`);
}

// A price and a quantity as streams.py makes them: two decimals, around 100.
function plausible(price, quantity) {
    return price > 50 && price < 200 && Math.abs(price * 100 - Math.round(price * 100)) < 1e-6 && quantity > 0;
}

async function massive() {
    const { websocketClient } = await import(pathToFileURL(path.resolve(folder, 'node_modules/@massive.com/client-js/dist/main.js')));
    const socket = websocketClient('canary-key', `ws://${streams}`).stocks();
    const trades = [], states = [];
    await within(new Promise((done, no) => {
        socket.onerror = () => no(new Error('no connection'));
        socket.onmessage = (message) => {
            for (const one of JSON.parse(message.response ?? message.data)) {
                if (one.ev === 'status')
                    states.push(`${one.status}: ${one.message}`);
                if (one.status === 'auth_success')
                    socket.send(JSON.stringify({ action: 'subscribe', params: 'T.MSFT,T.NSE:NO' }));
                if (one.ev === 'T' && trades.push(one) === 20)
                    done();
            }
        };
    }), 'massive');
    socket.close();
    const last = trades[19];
    report('Massive', last.sym === 'MSFT' && plausible(last.p, Number(last.ds)) && trades.every((t, i) => i === 0 || t.q === trades[i - 1].q + 1) &&
        states.includes('success: subscribed to: T.MSFT') && states.some((s) => s.startsWith('error:') && s.endsWith('T.NSE:NO')),
        `20 trades, the last ${JSON.stringify(last)}`);
}

async function kite() {
    const { KiteTicker } = require('kiteconnect');
    const refused = await within(new Promise((done) => {
        const ticker = new KiteTicker({ api_key: 'kitekey', access_token: 'dead', root: `ws://${streams}/`, reconnect: false });
        ticker.on('error', (error) => { if (ticker) done(error.message ?? String(error)); });
        ticker.connect();
    }), 'kite: a dead token');
    report('Kite: a dead token', refused.includes('403'), refused);
    const ticks = [];
    const ticker = new KiteTicker({ api_key: 'kitekey', access_token: 'canary-token', root: `ws://${streams}/`, reconnect: false });
    let beats = 0;
    await within(new Promise((done) => {
        ticker.on('connect', () => { ticker.subscribe([408065]); ticker.setMode(ticker.modeFull, [408065]); });
        ticker.on('message', (data) => { beats += data.byteLength === 1 ? 1 : 0; });
        ticker.on('ticks', (some) => { ticks.push(...some); if (ticks.length >= 60) done(); });
        ticker.connect();
    }), 'kite');
    ticker.disconnect();
    const last = ticks[ticks.length - 1];
    report('Kite', last.mode === 'full' && last.instrument_token === 408065 && plausible(last.last_price, last.last_traded_quantity) &&
        ticks.every((t, i) => i === 0 || t.volume_traded === ticks[i - 1].volume_traded + t.last_traded_quantity) &&
        last.depth.buy[0].price < last.last_price && last.last_price < last.depth.sell[0].price && last.depth.sell.length === 5 &&
        Math.abs(last.exchange_timestamp - Date.now()) < 60000 && beats > 0,
        `${ticks.length} ticks, the last ${last.last_price} x ${last.last_traded_quantity}, ${beats} heartbeats`);
}

function market(id, symbol, base, quote, more = {}) {
    return { id, symbol, base, quote, baseId: base, quoteId: quote, type: 'spot', spot: true, active: true,
        precision: { price: 0.01, amount: 0.00000001 }, limits: {}, ...more };
}

async function binance() {
    const ccxt = require('ccxt');
    const exchange = new ccxt.pro.binance({ newUpdates: true });
    await exchange.loadHttpProxyAgent(); // for ws:// without TLS
    exchange.setMarkets([market('BTCUSDT', 'BTC/USDT', 'BTC', 'USDT', { lowercaseId: 'btcusdt' })]);
    exchange.urls.api.ws.spot = `ws://${streams}/ws`;
    let count = 0, last;
    while (count < 20) {
        const some = await within(exchange.watchTrades('BTC/USDT'), 'binance');
        count += some.length;
        last = some[some.length - 1];
    }
    await exchange.close();
    report('Binance by ccxt', last.price > 0 && last.amount > 0, `${count} trades, the last ${last.price} x ${last.amount}`);
}

async function kraken() {
    const ccxt = require('ccxt');
    const exchange = new ccxt.pro.kraken({ newUpdates: true });
    await exchange.loadHttpProxyAgent();
    exchange.setMarkets([market('XXBTZUSD', 'BTC/USD', 'BTC', 'USD', { wsId: 'BTC/USD', info: { wsname: 'BTC/USD' },
        precision: { price: 0.1, amount: 0.00000001 } })]);
    exchange.urls.api.ws.publicV2 = exchange.urls.api.ws.public = `ws://${books}/v2`;
    let last, count = 0;
    while (count < 50) {
        last = await within(exchange.watchOrderBook('BTC/USD', 10), 'kraken');
        count++;
    }
    await exchange.close();
    report('Kraken by ccxt', last.bids[0][0] < last.asks[0][0],
        `${count} books with their checksums, the last ${last.bids[0]} | ${last.asks[0]}`);
}

for (const one of [alpaca, massive, kite, binance, kraken])
    await one().catch((error) => report(one.name, false, error.message ?? error));
process.exit(failed === 0 ? 0 : 1);
