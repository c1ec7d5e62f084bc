#!/usr/bin/env python3
"""A stream of bars, actions and signals by its moments: moments.py FOLDER < stream.ndjson

FOLDER gets NNN.bars with what the market says, NNN.orders with the signals and an end record, NNN.now with the moment.
"""
import json
import os
import sys

END = '{"type":"end","status":0,"complete":true,"failed":{},"counts":{}}\n'


def main():
    moments = {}
    for line in sys.stdin:
        record = json.loads(line)
        if record["type"] in ("bar", "action", "signal"):
            known = record["end"] if record["type"] == "bar" else record["time"]
            moments.setdefault(known, ([], []))[record["type"] == "signal"].append(line)
    for number, (moment, (market, signals)) in enumerate(moments.items()):
        for name, lines in (("bars", market), ("orders", signals + [END] if signals else [])):
            if lines:
                with open(os.path.join(sys.argv[1], "%03d.%s" % (number, name)), "w") as out:
                    out.writelines(lines)
        with open(os.path.join(sys.argv[1], "%03d.now" % number), "w") as out:
            out.write(moment + "\n")


main()
