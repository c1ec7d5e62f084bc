"""What people say and what authorities publish, as their documentation shows it: Reddit, StockTwits, EDGAR's documents,
the calendar of FRED, a schedule as iCalendar. Part of providers.py."""
import base64, json, urllib.parse

# ---- Reddit


def post(n, created, **other):
    return {"kind": "t3", "data": {"id": f"1ab{n}", "name": f"t3_1ab{n}", "title": f"AAPL & friends {n}", "selftext": "text",
                                   "author": "someone", "score": 12, "upvote_ratio": 0.9, "num_comments": 3,
                                   "created_utc": float(created), "permalink": f"/r/stocks/comments/1ab{n}/", "subreddit": "stocks",
                                   "url": "https://example.com", "over_18": False, "removed_by_category": None} | other}


def reddit(p, r, q):
    if r["path"] == "/api/v1/access_token":
        form = dict(urllib.parse.parse_qsl(r["body"]))
        if r["headers"].get("authorization") != "Basic " + base64.b64encode(b"appkey:canary-secret").decode():
            return p.reply({"message": "Unauthorized", "error": 401}, 401)
        if form != {"grant_type": "client_credentials"}:
            return p.reply({"error": "unsupported_grant_type"})
        return p.reply({"access_token": "eyJ.canary-access", "token_type": "bearer", "expires_in": 86400, "scope": "*"})
    if r["headers"].get("authorization") != "bearer eyJ.canary-access":
        return p.reply({"message": "Unauthorized", "error": 401}, 401)
    if r["path"].startswith("/r/private/"):
        return p.reply({"reason": "private", "message": "Forbidden", "error": 403}, 403)
    assert q["raw_json"] == "1" and q["limit"] == "100"
    # 2026-11-24T14:30:00Z is 1795530600
    if q.get("after") is None:
        return p.reply({"kind": "Listing", "data": {"after": "t3_1ab2", "before": None, "dist": 2, "children": [
            post(1, 1795530600), post(2, 1795500000, author="[deleted]", selftext="[removed]")]}})
    return p.reply({"kind": "Listing", "data": {"after": None, "before": "t3_1ab2", "dist": 1, "children": [
        post(3, 1795440000, removed_by_category="moderator"), post(4, 1795430000), post(5, 1700000000)]}})


# ---- StockTwits

def message(n, at, sentiment):
    return {"id": n, "body": "$AAPL it&#39;s up &amp; away", "created_at": at, "user": {"id": 1, "username": "x"},
            "symbols": [{"symbol": "AAPL"}], "entities": {"sentiment": sentiment}, "likes": {"total": 2}}


def stocktwits(p, r, q):
    if q.get("access_token") != "canary-token":
        return p.reply({"response": {"status": 401}, "errors": [{"message": "Invalid access token"}]}, 401)
    if "/UNKNOWN.json" in r["path"]:
        return p.reply({"response": {"status": 404}, "errors": [{"message": "Symbol not found"}]}, 404)
    if "/HTML.json" in r["path"]:
        return p.odd("HTML")
    if q.get("max") == "700120453":
        return p.reply({"response": {"status": 200}, "cursor": {"more": False, "since": None, "max": None}, "messages": []})
    if "max" not in q:
        return p.reply({"response": {"status": 200}, "symbol": {"id": 686, "symbol": "AAPL"},
                        "cursor": {"more": True, "since": 700120455, "max": 700120454},
                        "messages": [message(700120455, "2026-11-24T18:35:11Z", {"basic": "Bullish"}),
                                     message(700120454, "2026-11-24T18:30:00Z", None)]})
    return p.reply({"response": {"status": 200}, "cursor": {"more": True, "since": 700120453, "max": 700120453},
                    "messages": [message(700120453, "2026-11-01T18:30:00Z", None)]})


# ---- EDGAR: a list with an older part, a Form 4, a 13F

COLUMNS = {"accessionNumber": ["0001067983-26-000009", "0001067983-26-000008", "0001067983-26-000007"],
           "filingDate": ["2026-11-16", "2026-11-14", "2026-11-13"], "reportDate": ["2026-11-12", "2026-09-30", ""],
           "form": ["4", "13F-HR", "8-K"], "primaryDocument": ["xslF345X05/wk-form4.xml", "xslForm13F_X02/primary_doc.xml", "c.htm"],
           "primaryDocDescription": ["", "", "Report"]}
OLD = {"accessionNumber": ["0001067983-20-000001"], "filingDate": ["2020-02-14"], "reportDate": ["2019-12-31"],
       "form": ["13F-HR"], "primaryDocument": ["xslForm13F_X01/primary_doc.xml"], "primaryDocDescription": [""]}

FORM4 = """<?xml version="1.0"?><ownershipDocument><schemaVersion>X0508</schemaVersion><documentType>4</documentType>
<periodOfReport>2026-11-12</periodOfReport><issuer><issuerCik>0001067983</issuerCik><issuerName>BERKSHIRE HATHAWAY INC</issuerName>
<issuerTradingSymbol>BRK.B</issuerTradingSymbol></issuer>
<reportingOwner><reportingOwnerId><rptOwnerCik>0001</rptOwnerCik><rptOwnerName>Doe Jane</rptOwnerName></reportingOwnerId>
<reportingOwnerRelationship><isDirector>1</isDirector><isOfficer>true</isOfficer><isTenPercentOwner>0</isTenPercentOwner>
<officerTitle>CFO</officerTitle></reportingOwnerRelationship></reportingOwner>
<nonDerivativeTable><nonDerivativeTransaction><securityTitle><value>Class B</value></securityTitle>
<transactionDate><value>2026-11-12-05:00</value></transactionDate>
<transactionCoding><transactionFormType>4</transactionFormType><transactionCode>P</transactionCode></transactionCoding>
<transactionAmounts><transactionShares><value>1000</value></transactionShares>
<transactionPricePerShare><value>499.1234</value><footnoteId id="F1"/></transactionPricePerShare>
<transactionAcquiredDisposedCode><value>A</value></transactionAcquiredDisposedCode></transactionAmounts>
<postTransactionAmounts><sharesOwnedFollowingTransaction><value>5000</value></sharesOwnedFollowingTransaction></postTransactionAmounts>
<ownershipNature><directOrIndirectOwnership><value>D</value></directOrIndirectOwnership></ownershipNature></nonDerivativeTransaction>
<nonDerivativeTransaction><securityTitle><value>Class B</value></securityTitle><transactionDate><value>2026-11-12</value></transactionDate>
<transactionCoding><transactionCode>G</transactionCode></transactionCoding><transactionAmounts><transactionShares><value>7</value></transactionShares>
<transactionPricePerShare><footnoteId id="F2"/></transactionPricePerShare>
<transactionAcquiredDisposedCode><value>D</value></transactionAcquiredDisposedCode></transactionAmounts>
<ownershipNature><directOrIndirectOwnership><value>I</value></directOrIndirectOwnership></ownershipNature></nonDerivativeTransaction>
</nonDerivativeTable><footnotes><footnote id="F2">A gift.</footnote></footnotes></ownershipDocument>"""


def table(scale):
    row = lambda name, cusip, value, shares, more="": (
        f"<ns1:infoTable><ns1:nameOfIssuer>{name}</ns1:nameOfIssuer><ns1:titleOfClass>COM</ns1:titleOfClass><ns1:cusip>{cusip}</ns1:cusip>"
        f"<ns1:value>{value}</ns1:value><ns1:shrsOrPrnAmt><ns1:sshPrnamt>{shares}</ns1:sshPrnamt><ns1:sshPrnamtType>SH</ns1:sshPrnamtType>"
        f"</ns1:shrsOrPrnAmt>{more}<ns1:investmentDiscretion>DFND</ns1:investmentDiscretion></ns1:infoTable>")
    return ('<?xml version="1.0"?><ns1:informationTable xmlns:ns1="http://www.sec.gov/edgar/document/thirteenf/informationtable">'
            + row("APPLE INC", "037833100", 150000 // scale, 500) + row("APPLE INC", "037833100", 90000 // scale, 300)
            + row("APPLE INC", "037833100", 60000 // scale, 200, "<ns1:putCall>Put</ns1:putCall>") + "</ns1:informationTable>")


def edgar_documents(p, r, q):
    if "(" not in r["headers"].get("user-agent", ""):
        return p.reply("<html>Undeclared Automated Tool</html>", 403)
    path = r["path"]
    if path == "/submissions/CIK0001067983.json":
        return p.reply({"cik": "0001067983", "name": "BERKSHIRE HATHAWAY INC", "filings": {"recent": COLUMNS, "files": [
            {"name": "CIK0001067983-submissions-001.json", "filingCount": 1, "filingFrom": "2000-01-01", "filingTo": "2021-01-01"}]}})
    if path == "/submissions/CIK0001067983-submissions-001.json":
        return p.reply(OLD)
    if path == "/submissions/CIK0000000001.json":
        return p.reply({"cik": "1", "filings": {"recent": {k: v[:2] if k == "form" else v for k, v in COLUMNS.items()}, "files": []}})
    if path == "/Archives/edgar/data/1067983/000106798326000009/wk-form4.xml":
        return p.reply(FORM4)
    if path.endswith("/index.json"):
        return p.reply({"directory": {"name": path, "item": [{"name": "primary_doc.xml", "type": "text.gif", "size": "1"},
                                                              {"name": "0001067983-index.html", "type": "text.gif", "size": ""},
                                                              {"name": "50240.xml", "type": "text.gif", "size": "9"}]}})
    if path == "/Archives/edgar/data/1067983/000106798326000008/50240.xml":
        return p.reply(table(1))
    if path == "/Archives/edgar/data/1067983/000106798320000001/50240.xml":
        return p.reply(table(1000))
    return None


# ---- FRED's calendar

def fred_calendar(p, r, q):
    if q.get("api_key") != "canary-key":
        return p.reply({"error_code": 400, "error_message": "Bad Request.  The value for variable api_key is not registered."}, 400)
    rows = [(10, "Consumer Price Index", "2026-12-10"), (50, "Employment Situation", "2026-12-04"), (82, "Some Release", "2026-12-09"),
            (18, "H.15 Selected Interest Rates", "2026-12-04"), (18, "H.15 Selected Interest Rates", "2026-12-05")]
    rows = sorted(row for row in rows if q["realtime_start"] <= row[2] <= q["realtime_end"])
    at = int(q.get("offset", 0))
    assert q["include_release_dates_with_no_data"] == "true"
    return p.reply({"realtime_start": q["realtime_start"], "count": len(rows), "offset": at, "limit": 3, "release_dates": [
        {"release_id": i, "release_name": name, "date": date} for i, name, date in rows[at:at + 3]]})


# ---- a schedule

def schedule(p, r, q):
    if r["path"] == "/cut.ics":
        return p.reply("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:x\r\n")
    if r["path"] == "/large.ics":  # with many short lines
        return p.reply("BEGIN:VCALENDAR\r\n" + "".join(
            f"BEGIN:VEVENT\r\nUID:{i}\r\nDTSTART:20261201T150000Z\r\nSUMMARY:x\r\nDESCRIPTION:" + "word\r\n " * 60 +
            "\r\nEND:VEVENT\r\n" for i in range(800)) + "END:VCALENDAR\r\n")
    if r["path"] == "/page.ics":
        return p.odd("HTML")
    return p.reply("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VTIMEZONE\r\nTZID:US-Eastern\r\nEND:VTIMEZONE\r\n"
                   "BEGIN:VEVENT\r\nUID:a1\r\nDTSTART;TZID=US-Eastern:20261210T083000\r\nDTEND;TZID=US-Eastern:20261210T093000\r\n"
                   "SUMMARY:Consumer Price Index for Nov\r\n ember 2026\\, final\r\nBEGIN:VALARM\r\nTRIGGER:-PT15M\r\nEND:VALARM\r\n"
                   "END:VEVENT\r\n"
                   "BEGIN:VEVENT\r\nUID:a2\r\nDTSTART:20260715T140000Z\r\nSUMMARY:Something\r\nEND:VEVENT\r\n"
                   "BEGIN:VEVENT\r\nUID:a3\r\nDTSTART;VALUE=DATE:20261209\r\nSUMMARY:FOMC meeting\r\nEND:VEVENT\r\n"
                   "BEGIN:VEVENT\r\nUID:a4\r\nSUMMARY:No time\r\nEND:VEVENT\r\n"
                   "BEGIN:VEVENT\r\nUID:a5\r\nDTSTART;TZID=\"US-Eastern\":20261211T083000\r\nSTATUS:CANCELLED\r\n"
                   "SUMMARY:Producer Price Index\r\nEND:VEVENT\r\n"
                   "BEGIN:VEVENT\r\nUID:a6\r\nDTSTART:20260105T150000Z\r\nRRULE:FREQ=MONTHLY\r\nSUMMARY:Retail sales\r\nEND:VEVENT\r\n"
                   "BEGIN:VEVENT\r\nUID:a7\r\nDTSTART:20270101T003000Z\r\nSUMMARY:Evening in New York\r\nEND:VEVENT\r\n"
                   "END:VCALENDAR\r\n",
                   **{"Content-Type": "text/calendar"})


ROUTES = [("/api/v1/access_token", reddit), ("/r/", reddit), ("/api/2/streams/", stocktwits),
          ("/submissions/CIK0001067983", edgar_documents), ("/submissions/CIK0000000001", edgar_documents),
          ("/Archives/", edgar_documents), ("/fred/releases/dates", fred_calendar), ("/bls.ics", schedule), ("/cut.ics", schedule),
          ("/large.ics", schedule),
          ("/page.ics", schedule)]
