"""Recorded replies of Massive from a folder, named by FIXTURES: a module for standin.py. A second page is empty; the
address of one is made to be here, since a page elsewhere is not asked for. /file/NAME answers any file as it is."""
import json, os, re

FOLDER = os.environ["FIXTURES"]
PATHS = [("/v2/aggs/ticker/", "aggs_range"), ("/stocks/v1/splits", "splits"), ("/stocks/v1/dividends", "dividends"),
         ("/v2/last/nbbo/", "last_nbbo"), ("/v3/snapshot/options/", "option_chain"), ("/v2/reference/news", "news"),
         ("/v3/reference/tickers", "tickers")]


def handle(r):
    if "cursor=" in r["query"]:
        return 200, {}, json.dumps({"status": "OK", "request_id": "a", "results": []})
    name = next((name for prefix, name in PATHS if r["path"].startswith(prefix)), None)
    file_only = r["path"].startswith("/file/")
    if file_only:
        name = os.path.basename(r["path"])
    if name is None:
        return None
    with open(f"{FOLDER}/{name}.json", encoding="utf-8") as file:
        text = file.read()
    if file_only:
        return 200, {}, text
    return 200, {}, re.sub(r"https://api\.massive\.com(:443)?/", f"http://{r['headers']['host']}/", text)
