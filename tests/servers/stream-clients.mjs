// The providers' own clients on the stand-ins of live feeds: each must see the trades, and ccxt the books of Kraken, whose
// checksums it works out itself.
//
// usage: node stream-clients.mjs FOLDER STREAMS BOOKS     (FOLDER has node_modules; host:port of streams.py, books.py)
import { createRequire } from 'node:module';

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

for (const one of [alpaca, binance, kraken])
    await one().catch((error) => report(one.name, false, error.message ?? error));
process.exit(failed === 0 ? 0 : 1);
