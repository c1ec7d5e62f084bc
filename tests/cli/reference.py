#!/usr/bin/env python3
"""A second tn-backtest, written from the pages alone, and random worlds in which both must agree.

    reference.py FIRST COUNT    worlds FIRST … FIRST+COUNT-1: fills, equity points and refusals of `tn-backtest run
                                --signals` against those of the simulator below; says what differs
    reference.py show SEED      write the command and the input of one world

A world is daily bars of a few symbols over sessions of the NYSE in 2023, with holes, and the levels of a few strategies
that want this and that at random, under one of the fill models; in some worlds the strategies are sma-cross, whose levels are worked out here too. The simulator computes in exact decimals; it knows the pages tn-backtest(1),
tn-risk(1), tn-order(1) and tn-records(5), and no source of the programs.
"""
import datetime
import json
import os
import random
import subprocess
import sys
from collections import Counter
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal, getcontext
from fractions import Fraction

getcontext().prec = 60
CENT = Decimal("0.01")
LEAST = Decimal("0.00000001")  # the last digit that a record can hold
HOLIDAYS = {"2023-01-02", "2023-01-16", "2023-02-20", "2023-04-07", "2023-05-29", "2023-06-19", "2023-07-04",
            "2023-09-04", "2023-11-23", "2023-12-25"}
EARLY = {"2023-07-03", "2023-11-24"}  # the sessions that close at 13:00


def sessions():
    """The sessions of the NYSE in 2023, as dates."""
    date = datetime.date(2023, 1, 1)
    while date.year == 2023:
        if date.weekday() < 5 and str(date) not in HOLIDAYS:
            yield date
        date += datetime.timedelta(1)


def stamp(date, hour, minute=0):
    """An hour in New York, as a time; summer time is from 12 March to 5 November."""
    summer = datetime.date(2023, 3, 12) <= date < datetime.date(2023, 11, 5)
    return "%sT%02d:%02d:00Z" % (date, hour + (4 if summer else 5), minute)


def close_of(date):
    return stamp(date, 13 if str(date) in EARLY else 16)


SESSIONS = list(sessions())
CLOSES = [close_of(date) for date in SESSIONS]


def to_step(value, step, rounding):
    return (value / step).to_integral_value(rounding) * step


def cents(value):
    return value.quantize(CENT, ROUND_HALF_EVEN)


def least(value):
    """As a record holds it."""
    return Decimal(value).quantize(LEAST, ROUND_HALF_EVEN)


def increment(price):
    """The step of prices of US stocks (SEC Rule 612)."""
    return CENT if price >= 1 else CENT / 100


def lowered(price, cash):
    """A price after a dividend, as long as there is one."""
    after = to_step(price - cash, increment(price - cash), ROUND_FLOOR)
    return after if after > 0 else price


class Order:
    def __init__(self, role, strategy, symbol, side, quantity, **more):
        self.role, self.strategy, self.symbol = role, strategy, symbol
        self.side, self.quantity = side, quantity  # side: +1 buys, -1 sells
        self.kind = "market"                       # or stop, limit
        self.price = self.until = self.stop = self.target = self.reference = self.born = None
        self.__dict__.update(more)


class Simulator:
    """An account over the records of a world. `terms` has the options, as decimals; `tools` the instruments."""

    def __init__(self, terms, tools, model="conservative", halves=None):
        self.terms, self.tools, self.model, self.halves = terms, tools, model, halves
        self.half = Decimal(0)              # of the spread that the bar at hand has
        self.cash = self.day_start = terms["cash"]
        self.latched = False                # the day has lost what it may
        self.held = {}                      # (strategy, symbol): quantity, below 0 when short
        self.marks, self.working = {}, []
        self.brought = []                   # when the fills of this moment brought buying power, and how much
        self.entered, self.flips = {}, {}   # (strategy, symbol): when the last entry was ordered; the signal of an exit
        self.fills, self.points, self.refusals = [], [], []
        self.features = Counter()

    # --- the account

    def tick(self, symbol):
        return self.tools.get(symbol, {}).get("tick_size", CENT)

    def lot(self, symbol):
        if self.terms["fractional"]:
            return Decimal("0.000001")
        return self.tools.get(symbol, {}).get("lot_size", Decimal(1))

    def worth(self, symbol):
        return self.tools.get(symbol, {}).get("multiplier", Decimal(1))

    def value(self, symbol, quantity):
        return quantity * self.marks[symbol] * self.worth(symbol)

    def symbols(self):
        """What is held of each symbol, by all strategies together: all of it is on one side."""
        net = {}
        for (_, symbol), quantity in self.held.items():
            net[symbol] = net.get(symbol, 0) + quantity
        return net

    def equity(self):
        return self.cash + least(sum(self.value(symbol, quantity) for symbol, quantity in self.symbols().items()))

    def free(self):
        """Cash, less 150 % of the value of short positions."""
        short = sum(self.value(symbol, -quantity) for symbol, quantity in self.symbols().items() if quantity < 0)
        return self.cash - short * Decimal("1.5")

    def drop(self, order):
        if order in self.working:
            self.working.remove(order)

    # --- fills

    def commission(self, quantity, amount):
        terms = self.terms
        money = quantity * terms["commission_per_share"] + amount * terms["commission_percent"]
        return cents(max(money, terms["commission_minimum"]))

    def slipped(self, order, price, bar):
        """The price of a fill by the fill model."""
        quoted = self.model in ("spread", "queue")
        if order.kind == "limit" and not quoted or self.model == "optimistic":
            return price
        if quoted:
            worse = self.once(order, max(price + order.side * self.half, min(price, self.tick(order.symbol))), 1, True)
            if order.kind != "limit":
                return worse
            return min(worse, order.price) if order.side > 0 else max(worse, order.price)
        once = self.once(order, price, 1, False)
        if self.model != "pessimistic":
            return once
        twice, furthest = self.once(order, price, 2, False), Decimal(bar["high" if order.side > 0 else "low"])
        return max(once, min(twice, furthest)) if order.side > 0 else min(once, max(twice, furthest))

    def once(self, order, price, times, rounds):
        """The slippage so many times; without any a price is only rounded where it is not one of the bar's."""
        terms, tick = self.terms, self.tick(order.symbol)
        if not (rounds or terms["slippage_ticks"] or terms["slippage_bps"]):
            return price
        price += times * order.side * (terms["slippage_ticks"] * tick + price * terms["slippage_bps"] / 10000)
        if order.side > 0:
            return to_step(price, tick, ROUND_CEILING)
        return max(to_step(price, tick, ROUND_FLOOR), tick)

    def pay(self, order, time, price, quantity, commission):
        key, before = (order.strategy, order.symbol), self.free()
        if order.symbol not in self.symbols():
            self.marks[order.symbol] = price  # until the close of the bar
        self.cash -= order.side * cents(quantity * price * self.worth(order.symbol)) + commission
        self.held[key] = self.held.get(key, 0) + order.side * quantity
        self.brought.append((time, max(self.free() - before, Decimal(0))))
        if order.role == "entry":
            side = "buy" if order.side > 0 else "sell_short"
        else:
            side = "sell" if order.side < 0 else "buy_to_cover"
        self.fills.append((time, order.symbol, order.strategy, order.role, side, quantity, price, commission))
        self.features["fills"] += 1
        self.features[order.role] += 1

    def fill(self, order, time, price, bar):
        """One order at `price` before slippage: the money, and what the fill brings to others."""
        key = order.strategy, order.symbol
        price = self.slipped(order, price, bar)
        amount = cents(order.quantity * price * self.worth(order.symbol))
        commission = self.commission(order.quantity, amount)
        self.drop(order)
        if order.role == "entry":
            need = amount if order.side > 0 else amount / 2
            if need + commission > self.free() - sum(money for when, money in self.brought if when > time):
                self.features["poor"] += 1
                return
        self.pay(order, time, price, order.quantity, commission)
        if order.role == "entry":
            for role, kind, level in (("stop", "stop", order.stop), ("target", "limit", order.target)):
                if level is not None:
                    self.working.append(Order(role, *key, -order.side, order.quantity, kind=kind, price=level,
                                              born=bar["time"]))
        elif not self.held[key]:
            del self.held[key]
            self.working = [other for other in self.working if (other.strategy, other.symbol) != key]

    def trade(self, bar):
        """Let one bar fill what works."""
        symbol, date = bar["symbol"], datetime.date.fromisoformat(bar["session"])
        opening, prices = stamp(date, 9, 30), {name: Decimal(bar[name]) for name in ("open", "high", "low", "close")}
        at_open = prices["open"]

        def reached(order, price):
            """Whether a price fills a leg: a stop when it is touched, a limit as the model says."""
            if order.kind == "stop":
                return (price - order.price) * order.side >= 0
            beyond = (price - order.price) * -order.side
            if self.model == "optimistic":
                return beyond >= 0
            if self.model == "pessimistic":
                return beyond >= self.tick(symbol)
            return beyond > (self.half if self.model == "spread" else 0)

        self.half = self.halves[symbol, bar["time"]] if self.halves else Decimal(0)
        mine = [order for order in self.working if order.symbol == symbol]
        for order in [order for order in mine if order.role == "exit"]:
            self.fill(order, opening, at_open, bar)
        for order in [order for order in mine if order.role in ("stop", "target")]:
            if order in self.working and reached(order, at_open):
                self.features["gap_" + order.role] += 1
                self.fill(order, opening, at_open, bar)
        for order in [order for order in mine if order.role == "entry"]:
            if order.stop is not None and (at_open - order.stop) * order.side <= 0:
                self.features["beyond"] += 1
                self.drop(order)
            else:
                self.fill(order, opening, at_open, bar)
        if self.model in ("ohlc", "olhc"):
            self.along(bar, [prices[{"o": "open", "h": "high", "l": "low", "c": "close"}[letter]] for letter in self.model],
                       reached)
        else:
            self.course(bar, prices, reached)
        self.marks[symbol] = prices["close"]

    def course(self, bar, prices, reached):
        """The bar after its open, whose way nobody knows: stops first, or with hope targets."""
        hopeful = self.model == "optimistic"
        for role in ("target", "stop") if hopeful else ("stop", "target"):
            for order in [other for other in self.working if other.symbol == bar["symbol"] and other.role == role]:
                if order not in self.working or role == "target" and order.born == bar["time"] and not hopeful:
                    continue
                up = (order.side > 0) == (order.kind == "stop")
                if reached(order, prices["high" if up else "low"]):
                    self.features["same_bar_stop"] += order.born == bar["time"]
                    self.fill(order, bar["end"], order.price, bar)

    def along(self, bar, points, reached):
        """The bar as a way from each of four prices straight to the next: what is reached first happens first."""
        at = Decimal(0)  # how far the price has travelled
        while True:
            found = []
            for number, order in enumerate(self.working):
                if order.symbol != bar["symbol"] or order.role not in ("stop", "target"):
                    continue
                arrival = self.arrival(order, points, at, reached)
                if arrival is not None:
                    found.append((arrival[0], order.kind != "stop", number, order, arrival[1]))
            if not found:
                return
            at, _, _, order, price = min(found, key=lambda each: each[:3])
            self.features["along_" + order.role] += 1
            self.features["same_bar_target"] += order.role == "target" and order.born == bar["time"]
            self.fill(order, bar["end"], price, bar)

    @staticmethod
    def arrival(order, points, at, reached):
        """Where on the rest of the way a leg is reached, and at which price."""
        up, passed = (order.side > 0) == (order.kind == "stop"), Decimal(0)
        for start, end in zip(points, points[1:]):
            begin, passed = max(at, passed), passed + abs(end - start)
            if begin > passed:
                continue
            price = end - (passed - begin) * (1 if end > start else -1)
            there = [each >= order.price if up else each <= order.price for each in (price, end)]
            if not (there[0] and reached(order, price)) and not (there[1] and reached(order, end)):
                continue
            level = price if there[0] else order.price
            return begin + abs(level - price), level
        return None

    # --- corporate actions

    def act(self, action):
        symbol = action["symbol"]
        if symbol not in self.marks:
            return
        if action["kind"] == "split":
            self.split(symbol, Decimal(action["new"]), Decimal(action["old"]), action["time"])
        else:
            self.dividend(symbol, Decimal(action["cash"]))

    def split(self, symbol, new, old, time):
        self.features["splits"] += 1
        lot = self.lot(symbol)
        self.marks[symbol] = (self.marks[symbol] * old / new).quantize(LEAST, ROUND_HALF_EVEN)
        for order in [order for order in self.working if order.symbol == symbol]:
            for level in ("price", "stop", "target", "reference"):
                if getattr(order, level) is not None:
                    price = getattr(order, level) * old / new
                    setattr(order, level, to_step(price, increment(price), ROUND_HALF_EVEN))
            order.quantity = order.quantity * new / old
            if order.role == "entry" and order.quantity % lot:
                self.features["split_entry"] += 1
                self.drop(order)
        for key in [key for key in self.entered if key in self.held and key[1] == symbol]:
            side = 1 if self.held[key] > 0 else -1
            whole = (abs(self.held[key]) * new / old).quantize(LEAST, ROUND_HALF_EVEN)
            kept = to_step(whole, lot, ROUND_FLOOR)
            self.held[key] = side * whole
            if whole > kept:
                self.features["fraction"] += 1
                order = Order("exit", *key, -side, whole - kept)
                self.pay(order, time, self.marks[symbol], whole - kept, Decimal(0))
            for order in [order for order in self.working if (order.strategy, order.symbol) == key]:
                if order.role != "entry":
                    order.quantity = kept
                    if not kept:
                        self.drop(order)
            if not kept:
                del self.held[key]

    def dividend(self, symbol, cash):
        self.features["dividends"] += 1
        for (_, other), quantity in self.held.items():
            if other == symbol:
                self.cash += cents(quantity * cash * self.worth(symbol))
        self.marks[symbol] -= cash
        for order in [order for order in self.working if order.symbol == symbol]:
            if order.role == "stop" and order.side < 0 or order.role == "target" and order.side > 0:
                order.price = lowered(order.price, cash)
            elif order.role == "entry":
                name = "stop" if order.side > 0 else "target"
                if getattr(order, name) is not None:
                    setattr(order, name, lowered(getattr(order, name), cash))

    # --- a moment

    def expire(self, time, at_end):
        for order in [order for order in self.working if order.until is not None]:
            if order.until < time or at_end and order.until == time:
                self.features["expired"] += 1
                self.drop(order)

    def moment(self, records):
        time = records[0]["end"]
        bars = [record for record in records if record["type"] == "bar"]
        self.brought = []
        for bar in bars:
            self.expire(stamp(datetime.date.fromisoformat(bar["session"]), 9, 30), True)
            self.trade(bar)
        self.expire(time, True)
        if self.day_start - self.equity() >= self.day_start * self.terms["daily_loss"]:
            self.latched = True
            self.working = [order for order in self.working if order.role != "entry"]
        self.point(time)
        for signal in records:
            if signal["type"] == "signal":
                self.want(signal)
        self.day_start, self.latched = self.equity(), False  # the day rolls at 17:00, after the close

    def point(self, time):
        exposure = least(sum(abs(self.value(symbol, quantity)) for symbol, quantity in self.symbols().items()))
        self.points.append((time, self.equity(), self.cash, exposure))

    # --- from a level to an order

    def refuse(self, signal, codes):
        self.refusals.append((signal["time"], signal["symbol"], signal["strategy"], signal["id"], codes))
        self.features.update(codes)

    def want(self, signal):
        key = signal["strategy"], signal["symbol"]
        side = {"long": 1, "short": -1, "flat": 0}[signal["side"]]
        held = self.held.get(key, 0)
        if held:
            if (held > 0) - (held < 0) == side:
                return
            for order in [order for order in self.working if (order.strategy, order.symbol) == key]:
                if order.role == "exit":
                    return
            self.flips[key] = signal["id"] if side else None
            self.working.append(Order("exit", *key, -1 if held > 0 else 1, abs(held)))
            return
        if not side or any((order.strategy, order.symbol) == key for order in self.working):
            return
        if key in self.entered and signal["decided"] <= self.entered[key]:
            return
        self.enter(signal, key, side)

    def age(self, signal):
        if "age" in signal:
            return signal["age"]
        return CLOSES.index(signal["time"]) - CLOSES.index(signal["decided"])

    def enter(self, signal, key, side):
        """Order an entry, unless limits say no: all that do are collected, since the pages give them no order."""
        terms, symbol = self.terms, signal["symbol"]
        lot, tick, worth = self.lot(symbol), self.tick(symbol), self.worth(symbol)
        price, stop, target = (None if signal.get(name) is None else Decimal(signal[name])
                               for name in ("price", "stop", "target"))
        entries = [order for order in self.working if order.role == "entry"]
        equity, (rule, size) = self.equity(), terms["sizing"]
        codes = set()
        within = terms["entry_within"]
        if within is not None and self.age(signal) >= within + (self.flips.get(key) == signal["id"]):
            codes.add("LATE")
        if side < 0 and terms["long_only"]:
            codes.add("LONG_ONLY")
        others = [quantity for (_, other), quantity in self.held.items() if other == symbol]
        others += [order.side for order in entries if order.symbol == symbol]
        if any((quantity > 0) != (side > 0) for quantity in others):
            codes.add("OPPOSITE_POSITION")
        if equity <= 0:
            codes.add("NO_EQUITY")
        if rule == "risk" and stop is None:
            codes.add("NO_STOP")
        exact = stop
        stop, target = (level if level is None else max(to_step(level, tick, ROUND_HALF_EVEN), tick)
                        for level in (stop, target))
        if stop is not None and min((price - stop) * side, (price - exact) * side) <= 0:
            codes.add("BEYOND_STOP")
        if self.latched:
            codes.add("DAILY_LOSS_LIMIT")
        symbols = {other for _, other in self.held} | {order.symbol for order in entries}
        if symbol not in symbols and len(symbols) >= terms["max_positions"]:
            codes.add("MAX_POSITIONS")
        unit, quantity, units = price * worth, Decimal(0), Decimal(signal.get("units", 1))
        if rule == "quantity":
            quantity = size * units
        elif not codes & {"NO_STOP", "BEYOND_STOP", "NO_EQUITY"}:
            money = size * equity if terms["share"] else size
            quantity = money * units / (abs(price - exact) * worth if rule == "risk" else unit)
        net = self.symbols().get(symbol)
        taken = abs(self.value(symbol, net)) if net else Decimal(0)
        taken += sum(order.quantity * order.reference * worth for order in entries if order.symbol == symbol)
        room = (terms["max_position"] * equity - taken) / unit
        if quantity > room:
            self.features["clipped"] += 1
        if to_step(quantity, lot, ROUND_FLOOR) <= 0:
            codes.add("ZERO_QUANTITY")
        if room < lot:
            codes.add("MAX_POSITION")
        quantity = to_step(min(quantity, room), lot, ROUND_FLOOR)
        need = max(quantity, lot) * unit / (1 if side > 0 else 2)
        for order in entries:
            amount = order.quantity * order.reference * self.worth(order.symbol)
            need += amount if order.side > 0 else amount / 2
        if need > self.free():
            codes.add("BUYING_POWER")
        if codes:
            self.refuse(signal, codes)
            return
        until = next(close for close in CLOSES if close > signal["time"])
        self.entered[key] = signal["time"]
        self.working.append(Order("entry", *key, side, quantity, until=until, stop=stop, target=target, reference=price))


def simulate(world):
    simulator = Simulator(world["terms"], world["tools"], world["model"], world["halves"])
    moment = []
    for record in world["records"]:
        if record["type"] == "action":
            if moment:
                simulator.moment(moment)
            moment = []
            simulator.act(record)
        else:
            if moment and record.get("end", record["time"]) != moment[0]["end"]:
                simulator.moment(moment)
                moment = []
            moment.append(record)
    if moment:
        simulator.moment(moment)
    return simulator


# --- worlds

FEATURES = ("costs", "slippage", "symbols", "strategies", "shorts", "splits", "dividends", "holes", "sizing", "limits",
            "late", "tools", "fractional", "finer", "averages")


# Every second world has the model that the others are measured by.
MODELS = ("ohlc", "olhc", "optimistic", "pessimistic", "spread", "queue")


def with_model(seed, world):
    """How bars fill orders in the world, and the spread that is quoted before each bar."""
    chance = random.Random(-seed - 1)
    model = world["model"] = MODELS[seed // 2 % len(MODELS)] if seed % 2 else "conservative"
    world["halves"] = None
    if model in ("spread", "queue"):
        world["halves"] = {(record["symbol"], record["time"]): Decimal(chance.randrange(0, 40)) / 400
                           for record in world["records"] if record["type"] == "bar"}
    return world


def make_world(seed):
    """The world of a seed: its terms, its instruments and its records. It has each of the features or not."""
    chance = random.Random(seed)
    features = {name for name in FEATURES if chance.random() < 0.45}
    terms = {"cash": Decimal(100000), "commission_per_share": Decimal(0), "commission_percent": Decimal(0),
             "commission_minimum": Decimal(0), "slippage_ticks": Decimal(0), "slippage_bps": Decimal(0),
             "sizing": ("quantity", Decimal(chance.choice([10, 100, 333]))), "share": False, "max_position": Decimal(1),
             "daily_loss": Decimal(1), "max_positions": 10, "entry_within": None, "long_only": True,
             "fractional": "fractional" in features}
    if "costs" in features:
        terms["commission_per_share"] = Decimal(chance.choice(["0", "0.005", "0.0123"]))
        terms["commission_percent"] = Decimal(chance.choice(["0", "0.001", "0.00025"]))
        terms["commission_minimum"] = Decimal(chance.choice(["0", "1", "4.99"]))
    if "slippage" in features:
        terms["slippage_ticks"] = Decimal(chance.choice([0, 1, 3]))
        terms["slippage_bps"] = Decimal(chance.choice(["0", "2", "7.5"]))
    if "shorts" in features:
        terms["long_only"] = False
    if "sizing" in features:
        rule = chance.choice(["risk", "risk", "notional"])
        terms["share"] = chance.random() < 0.7
        sizes = ["0.0025", "0.01", "0.02"] if rule == "risk" else ["0.05", "0.1", "0.33"]
        terms["sizing"] = rule, Decimal(chance.choice(sizes if terms["share"] else ["500", "1234.56", "7000"]))
    if "limits" in features:
        terms["max_position"] = Decimal(chance.choice(["0.02", "0.05", "0.125", "0.4"]))
        terms["daily_loss"] = Decimal(chance.choice(["0.001", "0.0025", "0.02"]))
        terms["max_positions"] = chance.choice([1, 2, 10])
        terms["cash"] = Decimal(chance.choice(["5000", "20000", "100000.01"]))
    if "late" in features:
        terms["entry_within"] = chance.choice([1, 2, 3])
    first, days = chance.randrange(0, 180), chance.randrange(15, 60)
    symbols = "ABCDE"[:chance.randrange(2, 6) if "symbols" in features else 1]
    strategies = ["one", "two", "three"][:chance.randrange(2, 4) if "strategies" in features else 1]
    tools = {}
    if "tools" in features:
        for symbol in symbols:
            tools[symbol] = {"tick_size": Decimal(chance.choice(["0.01", "0.05", "0.25"])),
                             "lot_size": Decimal(chance.choice(["1", "10", "100"])),
                             "multiplier": Decimal(chance.choice(["1", "1", "5"]))}
    if terms["sizing"][0] == "risk":
        features.discard("averages")  # it is run without stops
    if "averages" in features:
        features.discard("dividends")
        strategies = ["sma-cross:fast=%d,slow=%d%s,stop=0" % (n + chance.randrange(1, 4), n + chance.randrange(4, 9),
                                                              "" if terms["long_only"] else ",short=1")
                      for n, _ in enumerate(strategies)]
        strategies = list(dict.fromkeys(strategies))  # each is asked for once
    records = market(chance, symbols, SESSIONS[first:first + days], tools, features)
    return with_model(seed, {"terms": terms, "tools": tools, "features": features,
            "strategies": strategies if "averages" in features else [],
            "records": with_signals(chance, records, strategies, terms, tools, features)})


def market(chance, symbols, dates, tools, features):
    records, away = [], {}
    last = {symbol: Decimal(chance.randrange(800, 20000)) / 100 for symbol in symbols}
    for n, date in enumerate(dates):
        for symbol in symbols:
            if n and chance.random() < 0.04 and "splits" in features:
                new, old = chance.choice([(2, 1), (3, 2), (1, 4), (7, 3), (1281, 1000)])
                last[symbol] = max(last[symbol] * old / new, Decimal("0.5"))
                records.append(action(date, symbol, "split", new=new, old=old))
            if n and chance.random() < 0.06 and "dividends" in features and last[symbol] > 3:
                cash = Decimal(chance.choice(["0.123", "0.5", "1.25", "0.07"]))
                last[symbol] -= cash
                records.append(action(date, symbol, "dividend", cash=str(cash), currency="USD"))
        for symbol in symbols:
            if "holes" in features and away.get(symbol, 0) <= 0 and chance.random() < 0.08:
                away[symbol] = chance.choice([1, 1, 2, 6, 99])
            away[symbol] = away.get(symbol, 0) - 1
            if away[symbol] >= 0 and n:
                continue
            records.append(bar(chance, symbol, date, last, tools.get(symbol, {}).get("tick_size", CENT)
                               if "finer" not in features else Decimal("0.0001")))
    return records


def action(date, symbol, kind, **more):
    return {"type": "action", "time": stamp(date, 0), "symbol": symbol, "id": "%s %s %s" % (kind, symbol, date),
            "kind": kind, **more}


def bar(chance, symbol, date, last, step):
    """A bar behind the last close, with prices that are whole steps."""
    gap = chance.choice([0, 0, 0.01, 0.03])
    opening = last[symbol] * Decimal(1 + chance.gauss(0, 0.005 + gap))
    close = opening * Decimal(1 + chance.gauss(0, 0.015))
    high = max(opening, close) + opening * Decimal(abs(chance.gauss(0, 0.008)))
    low = min(opening, close) - opening * Decimal(abs(chance.gauss(0, 0.008)))
    record = {"type": "bar", "time": stamp(date, 0), "symbol": symbol, "interval": "1d", "session": str(date),
              "end": close_of(date)}
    for name, price in (("open", opening), ("high", high), ("low", low), ("close", close)):
        record[name] = str(max(to_step(price, step, ROUND_HALF_EVEN), step))
    last[symbol] = Decimal(record["close"])
    record["adjusted"] = "raw"
    return record


def with_signals(chance, records, strategies, terms, tools, features):
    """The levels of the strategies, behind the bars of each moment."""
    out, wish, bars, closes = [], {}, [], {}
    for i, record in enumerate(records):
        out.append(record)
        if record.get("kind") == "split":
            closes[record["symbol"]] = [close * record["old"] / record["new"] for close in closes.get(record["symbol"], [])]
        elif record["type"] == "bar":
            closes.setdefault(record["symbol"], []).append(Fraction(record["close"]))
        if record["type"] == "bar":
            bars.append(record)
        follower = records[i + 1] if i + 1 < len(records) else None
        if bars and (follower is None or follower.get("end") != record.get("end")):
            for each in bars:
                step = tools.get(each["symbol"], {}).get("tick_size", CENT)
                for strategy in strategies:
                    if "averages" in features:
                        out.extend(crossed(strategy, each, wish, closes[each["symbol"]]))
                    else:
                        out.append(level(chance, strategy, each, wish, terms, step, features))
            bars = []
    return out


def crossed(strategy, bar, wish, closes):
    """The level of sma-cross by its definition, over exact closes."""
    params = dict(word.split("=") for word in strategy.split(":")[1].split(","))
    fast, slow = int(params["fast"]), int(params["slow"])
    if len(closes) < slow:
        return []
    over = sum(closes[-fast:]) / fast - sum(closes[-slow:]) / slow
    side = "long" if over > 0 else "short" if over < 0 and "short" in params else "flat"
    key = strategy, bar["symbol"]
    old = wish.get(key)
    if old is None or old["side"] != side:
        wish[key] = old = {"side": side, "decided": bar["end"], "age": -1}
    old["age"] += 1
    return [{"type": "signal", "time": bar["end"], "symbol": bar["symbol"], "id": "%s %s %s" % (bar["symbol"], side, old["decided"]),
             "strategy": strategy, "side": side, "decided": old["decided"], "price": bar["close"], "age": old["age"]}]


def level(chance, strategy, bar, wish, terms, step, features):
    """What a strategy wants after a bar: mostly what it wanted before."""
    key = strategy, bar["symbol"]
    old = wish.get(key)
    if old is None or chance.random() < 0.2:
        side = chance.choice(["long", "long", "flat"] if terms["long_only"] and chance.random() < 0.98
                             else ["long", "short", "flat"])
        if old is None or side != old["side"]:
            wish[key] = old = {"side": side, "decided": bar["end"], "age": -1}
    old["age"] += 1
    signal = {"type": "signal", "time": bar["end"], "symbol": bar["symbol"],
              "id": "%s %s %s %s" % (strategy, bar["symbol"], old["side"], old["decided"]), "strategy": strategy,
              "side": old["side"], "decided": old["decided"], "interval": "1d", "price": bar["close"]}
    if "finer" in features:
        step = Decimal("0.0001")
    close = Decimal(bar["close"])
    side = -1 if old["side"] == "short" else 1
    if chance.random() < 0.8:
        away = chance.randrange(-5 if "limits" in features else 5, 60)
        stop = to_step(close * (1 - side * Decimal(away) / 1000), step, ROUND_FLOOR)
        if stop > 0:
            signal["stop"] = str(stop)
    if chance.random() < 0.5:
        target = to_step(close * (1 + side * Decimal(chance.randrange(5, 80)) / 1000), step, ROUND_CEILING)
        signal["target"] = str(target)
    if "sizing" in features and chance.random() < 0.3:
        signal["units"] = chance.choice(["0.5", "2", "0.333"])
    if "late" in features and chance.random() < 0.7:
        signal["age"] = old["age"]
    return signal


PRICES = ("open", "high", "low", "close", "price", "stop", "target", "cash", "units", "bid", "ask")


def line(record):
    """The record as JSON, with prices as they were made."""
    fields = ("%s:%s" % (json.dumps(name), value if name in PRICES else json.dumps(value))
              for name, value in record.items())
    return "{" + ",".join(fields) + "}"


END = '{"type":"end","status":0,"complete":true,"failed":{},"counts":{}}'


def text(world):
    """The input of the program: the signals too, unless its own strategies make them."""
    given = [record for record in world["records"] if record["type"] != "signal" or not world["strategies"]]
    lines = []
    for record in given:
        if world["halves"] and record["type"] == "bar":
            half = world["halves"][record["symbol"], record["time"]]
            lines.append(line({"type": "quote", "time": record["time"], "symbol": record["symbol"],
                               "bid": 10 - half, "ask": 10 + half}))
        lines.append(line(record))
    return "\n".join(lines + [END]) + "\n"


def command(world):
    terms = world["terms"]
    rule, size = terms["sizing"]
    words = ["tn-backtest", "run", *(world["strategies"] or ["--signals"]), "--orders", "--fills", world["model"],
             "--sizing", "%s:%s" % (rule, "%s%%" % (size * 100) if terms["share"] else size)]
    for name in ("cash", "commission_per_share", "commission_percent", "commission_minimum", "slippage_ticks",
                 "slippage_bps", "max_position", "daily_loss", "max_positions"):
        percent = name in ("commission_percent", "max_position", "daily_loss")
        words += ["--" + name.replace("_", "-"), "%s%%" % (terms[name] * 100) if percent else str(terms[name])]
    words += ["--entry-within", "any" if terms["entry_within"] is None else str(terms["entry_within"])]
    for name in ("long_only", "fractional"):
        words += ["--" + name.replace("_", "-"), "yes" if terms[name] else "no"]
    return words


def configure(world):
    path = os.path.join(os.environ["TN_HOME"], "config")
    with open(path, "w", encoding="ascii") as out:
        for symbol, tool in world["tools"].items():
            settings = "  ".join("%s = %s" % setting for setting in tool.items())
            out.write('instrument "%s" { %s }\n' % (symbol, settings))


def answer(world):
    """What the program makes of the world."""
    configure(world)
    done = subprocess.run(command(world), input=text(world), capture_output=True, text=True)
    records = [json.loads(each, parse_float=Decimal, parse_int=Decimal) for each in done.stdout.splitlines()]
    if done.returncode != 0:
        return None, done.stderr
    fills = [(r["time"], r["symbol"], r["strategy"], r["role"], r["side"], r["quantity"], r["price"], r["commission"])
             for r in records if r["type"] == "fill"]
    points = [(r["time"], r["equity"], r["cash"], r["exposure"]) for r in records if r["type"] == "equity"]
    refusals = [(r["time"], r["symbol"], r["strategy"], r["code"]) for r in records if r["type"] == "refusal"]
    return (fills, points, refusals), done.stderr


def refusal_differences(mine, theirs):
    """Each refusal of the program is one of ours, with one of its codes, said again only when the code is another; and
    each decision that is refused is said to be."""
    ours = {(time, symbol, strategy): (name, codes) for time, symbol, strategy, name, codes in mine}
    said = {}
    for time, symbol, strategy, code in theirs:
        name, codes = ours.get((time, symbol, strategy), ("nothing", ()))
        if code not in codes:
            return ["refusal: reference %s %s" % (name, " ".join(sorted(codes))),
                    "refusal: program   %s %s %s %s" % (time, symbol, strategy, code)]
        if said.get((strategy, name)) == code:
            return ["refusal: program   says it twice: %s %s %s %s" % (time, symbol, strategy, code)]
        said[strategy, name] = code
    for time, symbol, strategy, name, codes in mine:
        if (strategy, name) not in said:
            return ["refusal: reference %s %s %s %s" % (time, symbol, strategy, " ".join(sorted(codes))),
                    "refusal: program   says nothing"]
    return []


def row_differences(what, mine, theirs):
    for i in range(max(len(mine), len(theirs))):
        rows = [rows[i] if i < len(rows) else ("nothing",) for rows in (mine, theirs)]
        if rows[0] != rows[1]:
            return ["%s %d: %s %s" % (what, i + 1, who, " ".join(str(field) for field in row))
                    for who, row in zip(("reference", "program  "), rows)]
    return []


def differences(world):
    mine = simulate(world)
    theirs, errors = answer(world)
    if theirs is None:
        return ["the program failed: " + errors.strip()], mine
    return (row_differences("fill", mine.fills, theirs[0]) + row_differences("equity", mine.points, theirs[1]) +
            refusal_differences(mine.refusals, theirs[2])), mine


def main(args):
    if args[0] == "show":
        world = make_world(int(args[1]))
        print("#", " ".join(command(world)), world["tools"], file=sys.stderr)
        sys.stdout.write(text(world))
        return 0
    first, count = int(args[0]), int(args[1])
    wrong, total = 0, Counter()
    for seed in range(first, first + count):
        world = make_world(seed)
        found, mine = differences(world)
        total += mine.features
        total[world["model"]] += 1
        if found:
            wrong += 1
            if wrong <= 5:
                print("world %d: %s %s" % (seed, world["model"], " ".join(sorted(world["features"]))))
                print("\n".join("  " + each for each in found))
    print("%d worlds, %d differ:" % (count, wrong), " ".join("%s %d" % each for each in sorted(total.items())))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
