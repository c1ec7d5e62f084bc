"""Prices from CSV files of the test's own folder, so that a test decides what a source says and when it says something
else: a module for standin.py. GET /FOLDER/SYMBOL.csv?start=DATE&end=DATE answers the header and the lines of FOLDER/
SYMBOL.csv whose first field lies between the two dates. FOLDER/status holds a status to answer with instead; FOLDER/cut
makes every answer end in the middle."""
import os, time, urllib.parse

DELAY = float(os.environ.get("STANDIN_DELAY", "0"))


def handle(r):
    folder, _, name = r["path"].lstrip("/").partition("/")
    if not folder.isalnum() or not name.endswith(".csv") or "/" in name:
        return None
    time.sleep(DELAY)
    if os.path.exists(f"{folder}/cut"):
        return "drop"
    try:
        with open(f"{folder}/status") as file:
            return int(file.read()), {}, "no"
    except OSError:
        pass
    q = dict(urllib.parse.parse_qsl(r["query"]))
    try:
        with open(f"{folder}/{name}") as file:
            head, *lines = file.read().splitlines()
    except OSError:
        return 404, {}, "no such symbol"
    wanted = [line for line in lines if q["start"] <= line[:10] <= q["end"]]
    return 200, {}, "\n".join([head, *wanted, ""])
