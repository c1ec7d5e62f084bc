#!/usr/bin/env bash
# tn-report strategy, compare, day, week, month, year: documents as text, HTML and Markdown.
. "$(dirname "$0")/lib.sh"

# Two trades: 1000 in; 10 at 10, out at 12 less 2 costs each way: 20 - 4 = +16; 10 at 12, out at 11: -10 - 4 = -14.
fill() {
    printf '{"type":"fill","time":"%s","symbol":"%s","id":"%s","order_id":"o%s","account":"a","side":"%s","quantity":10,"price":%s,"currency":"USD","commission":2,"mode":"paper","strategy":"%s","role":"%s"}\n' "$@"
}
equity() { printf '{"type":"equity","time":"%s","account":"a","equity":%s,"cash":%s,"exposure":0,"mode":"paper"}\n' "$1" "$2" "$2"; }
evil='<script>alert(1)</script>'
{
    echo '{"type":"cash","time":"2024-01-30T14:00:00Z","id":"c","account":"a","currency":"USD","amount":1000,"kind":"deposit"}'
    equity 2024-01-30T21:00:00Z 1000
    fill 2024-01-31T14:30:00Z ACME f1 1 buy 10 "$evil" entry
    fill 2024-01-31T15:30:00Z ACME f2 2 sell 12 "$evil" exit
    equity 2024-01-31T21:00:00Z 1016
    fill 2024-02-01T14:30:00Z '<b>&\"' f3 3 buy 12 s entry
    fill 2024-02-01T15:30:00Z '<b>&\"' f4 4 sell 11 s exit
    equity 2024-02-01T21:00:00Z 1002
} > a.ndjson

ok 'a report in the terminal' tn-report strategy a.ndjson
stdout_like 'says first what came of it: 1002 of 1000' '^a made 0\.2 % in 3 days with 2 round trips\.$'
stdout_like 'and warns of few trades' '^! only 2 round trips: too few'
stdout_like 'what the trades made' '^net profit +2\.00$'
ok 'a month of it' tn-report month a.ndjson --date 2024-01-15
stdout_like 'has its own return: 16 of 1000' '^a made 1\.6 % in .* with 1 round trip\.$'
stdout_like 'and its own costs' '^commission and fees +4\.00$'
unlike 'and nothing of the next' "$out" '2024-02'
ok 'the last month' tn-report month a.ndjson
stdout_like 'starts from the end of the one before: -14 of 1016' '^a lost 1\.4 % '
stdout_like 'is named' '^a, 2024-02$'
ok 'a week' tn-report week a.ndjson
stdout_like 'from Monday' '^a, week of 2024-01-29$'
ok 'a day' tn-report day a.ndjson --date 2024-01-31
stdout_like 'is that day' '^a made 1\.6 % '
ok 'a year' tn-report year a.ndjson
stdout_like 'is all of it' '^a made 0\.2 % '
exits 'no date: usage' 2 tn-report day a.ndjson --date yesterday
exits 'as data: usage' 2 tn-report strategy a.ndjson -O json
stderr_like 'says where those are' 'hint: tn-report summary, trades and equity'
exits 'another suffix: usage' 2 tn-report strategy a.ndjson -o a.doc
exits 'a period of nothing' 1 tn-report day < /dev/null
ok 'a report of nothing' tn-report strategy < /dev/null
stdout_like 'says so' '^Nothing to report'

ok 'as HTML' tn-report strategy a.ndjson -o a.html
is 'nothing on standard output' "$out" ''
like 'with the text escaped' "$(cat a.html)" '&lt;script&gt;alert'
unlike 'fault-074: no element of the data' "$(cat a.html)" '<script>alert|<b>&'
unlike 'nothing remote' "$(cat a.html)" '(src|href|action)=|url\(["'"'"']?http|@import'
like 'a content security policy without exceptions' "$(head -8 a.html)" "default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'sha256-[^']*'; script-src 'sha256-[^']*'\""
python3 - a.html > python.out << 'END'
import base64, hashlib, html.parser, json, re, sys
text = open(sys.argv[1], encoding='utf-8').read()
policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text).group(1)
def digest(part): return "'sha256-" + base64.b64encode(hashlib.sha256(part.encode()).digest()).decode() + "'"
style = re.search(r'<style>(.*?)</style>', text, re.S).group(1)
scripts = re.findall(r'<script>(.*?)</script>', text, re.S)
data = re.findall(r'<script type="application/json">(.*?)</script>', text, re.S)
void = {'meta', 'input', 'td', 'tr', 'th'} # HTML lets the last three end by themselves
class Check(html.parser.HTMLParser):
    def __init__(self): super().__init__(); self.open = []; self.bad = []; self.headings = []
    def handle_starttag(self, tag, attrs):
        if tag not in void: self.open.append(tag)
        if re.fullmatch('h[1-6]', tag): self.headings.append(int(tag[1]))
        self.bad += [k for k, v in attrs if k.startswith('on') or k == 'style']
    def handle_startendtag(self, tag, attrs): self.bad += [k for k, v in attrs if k.startswith('on')]
    def handle_endtag(self, tag):
        if tag not in void and (not self.open or self.open.pop() != tag): self.bad.append(tag)
check = Check(); check.feed(text)
print('policy', digest(style) in policy and len(scripts) == 1 and digest(scripts[0]) in policy)
print('elements', not check.bad and not check.open)
print('headings', check.headings[0] == 1 and all(b - a <= 1 for a, b in zip(check.headings, check.headings[1:])))
print('data', len(data) > 0 and all(isinstance(json.loads(d), list) for d in data))
print('names', len(re.findall(r'<svg [^>]*aria-labelledby', text)) == len(re.findall('<svg ', text)))
END
is 'hashes are those of style and script' "$(sed -n 1p python.out)" 'policy True'
is 'every element is closed, none has a handler' "$(sed -n 2p python.out)" 'elements True'
is 'headings in order' "$(sed -n 3p python.out)" 'headings True'
is 'values of charts are JSON' "$(sed -n 4p python.out)" 'data True'
is 'every chart has a text alternative' "$(sed -n 5p python.out)" 'names True'

ok 'as Markdown' tn-report strategy a.ndjson -o a.md
like 'a heading' "$(cat a.md)" '^# a$'
like 'a table' "$(cat a.md)" '^\| symbol \| side \| quantity '
like 'with the text escaped' "$(cat a.md)" '\\<script\\>alert\(1\)\\</script\\>'

sed 's/<script>alert(1)<\/script>/=cmd()/' a.ndjson > formula.ndjson
ok 'as a workbook' tn-report strategy formula.ndjson -o a.xlsx
python3 - a.xlsx > python.out << 'END'
import re, sys, zipfile
book = zipfile.ZipFile(sys.argv[1])
names = re.findall(r'<sheet name="([^"]*)"', book.read('xl/workbook.xml').decode())
strings = re.findall(r'<t[^>]*>([^<]*)</t>', book.read('xl/sharedStrings.xml').decode())
sheets = {n: book.read('xl/worksheets/sheet%d.xml' % (i + 1)).decode() for i, n in enumerate(names)}
print('sheets', names)
print('formulas', sum('<f>' in s or '<f ' in s for s in sheets.values()), '=cmd()' in strings)
row = re.search(r'<row r="2".*?</row>', sheets['Trades'], re.S).group(0)
cells = dict(re.findall(r'<c r="([A-Z]+)2"(?: s="\d+")?(?: t="s")?><v>([^<]*)</v>', row))
# bought at 10, sold at 12, less 2 a side; entered on 2024-01-31 09:30 in New York: day 45322 and 9.5 of 24 hours
print('cells', cells['G'], cells['H'], cells['I'], cells['D'][:12])
END
is 'a sheet a table' "$(grep -o "'Trades'\|'All figures'\|'Report'" python.out | xargs)" 'Report Trades All figures'
is 'fault-075: text is no formula' "$(sed -n 2p python.out)" 'formulas 0 True'
is 'figures are numbers, times are days' "$(sed -n 3p python.out)" 'cells 10 12 16 45322.395833'
ok 'the same again' tn-report strategy formula.ndjson -o b.xlsx
is 'is the same to the byte' "$(cmp a.xlsx b.xlsx && echo same)" same
if command -v gnuplot > /dev/null; then
    ok 'as PDF' tn-report strategy a.ndjson -o a.pdf
    is 'it is one' "$(head -c 5 a.pdf)" %PDF-
else
    skip 'as PDF' 'gnuplot is not installed'
fi

ok 'two compared' tn-report compare a.ndjson <(sed 's/"account":"a"/"account":"b"/' a.ndjson)
stdout_like 'each in a sentence' '^b made 0\.2 % '
stdout_like 'and in a column' '^figure +a +b'

# The desk. Of 1000: 10 bought at 50, marked at 53: 1000 - 500 + 530 = 1030; the day before ended with 1010.
{
    echo '{"type":"cash","time":"2024-03-04T14:00:00Z","id":"c","account":"d","currency":"USD","amount":1000,"kind":"deposit"}'
    echo '{"type":"order","time":"2024-03-04T14:30:00Z","symbol":"ACME","id":"tns","account":"d","side":"sell","quantity":10,"order_type":"stop","stop_price":48,"role":"stop","strategy":"s","mode":"paper"}'
    echo '{"type":"fill","time":"2024-03-04T14:30:00Z","symbol":"ACME","id":"f","order_id":"e","account":"d","side":"buy","quantity":10,"price":50,"currency":"USD","mode":"paper","strategy":"s","role":"entry"}'
    echo '{"type":"order_update","time":"2024-03-04T14:30:00Z","symbol":"ACME","account":"d","order_id":"tns","status":"accepted","mode":"paper"}'
    echo '{"type":"mark","time":"2024-03-04T21:00:00Z","account":"d","interval":"1d","symbol":"ACME","bar":"2024-03-04T05:00:00Z","price":51}'
    echo '{"type":"mark","time":"2024-03-05T21:00:00Z","account":"d","interval":"1d","symbol":"ACME","bar":"2024-03-05T05:00:00Z","price":53}'
    echo '{"type":"refusal","time":"2024-03-05T21:00:00Z","symbol":"XYZ","account":"d","code":"MAX_POSITION","message":"too large","mode":"paper"}'
    echo '{"type":"halt","time":"2024-03-05T21:30:00Z","account":"d","halted":true,"reason":"lunch"}'
} > desk.ndjson
ok 'the desk' tn-report desk desk.ndjson
# 500 of a mean equity of (1000 + 1010 + 1030)/3, held 30.5 of 31 hours: 48.5 %; at the end 500/1030 = 48.5 %.
run tn-report strategy desk.ndjson
stdout_like 'allocation: the money at work in a symbol, by time' '^ACME +48\.5 % +48\.5 %$'
run tn-report strategy a.ndjson
# 102 of (1000 + 1016 + 1002)/3 for one hour of 48: 0.21 %, and nothing at the end
stdout_like 'of what was left again' '^ACME +0\.2 % +0\.0 %$'
run tn-report desk desk.ndjson
stdout_like 'what it is worth' '^  equity +1 030\.00$'
stdout_like 'what today made' '^  today +\+20\.00$'
stdout_like 'what is held' '^ACME +10 +50\.00 +53\.00 +\+30\.00 '
stdout_like 'what works' '^ACME +sell +10 +stop +48\.00 +stop +accepted +tns$'
stdout_like 'what was refused' 'XYZ +MAX_POSITION: too large$'
stdout_like 'and that it is halted' '^! halted: entries are refused until tn-order resume$'
is 'on one screen' "$(($(wc -l <<<"$out") <= 24))" 1
ok 'an empty desk' tn-report desk < /dev/null
stdout_like 'says so' '^Nothing on the desk$'

# Levels of twelve weeks that swing between 100 and 110, twelve bars a swing: highs of 111, lows of 99.
python3 - > swing.ndjson << 'END'
import math
for i in range(73):
    middle = 105 - 5 * math.cos(i * math.pi / 6)
    day = '2024-%02d-%02d' % (1 + i // 28, 1 + i % 28)
    print('{"type":"bar","time":"%sT05:00:00Z","symbol":"W","interval":"1d","session":"%s","end":"%sT21:00:00Z","open":%.6f,"high":%.6f,"low":%.6f,"close":%.6f,"volume":1}'
          % (day, day, day, middle, middle + 1, middle - 1, middle))
END
ok 'levels' tn-report levels swing.ndjson
is 'two, as lines to be drawn' "$(cut -d' ' -f1-6 <<<"$out" | paste -sd'|')" \
    'level W 111.00 resistance, touched 6|level W 99.00 support, touched 5'
cp /dev/null levels.txt && printf '%s\n' "$out" 'note W 2024-02-01 news' > levels.txt
ok 'as data' tn-report levels swing.ndjson -O csv --count 1
stdout_like 'with the count' '^W,111,resistance,6,2024-'
ok 'drawn in text' tn-report chart W swing.ndjson --overlay levels.txt -O table
stdout_like 'with their words' '^ +- 111\.00 resistance, touched 6 times'
stdout_like 'and what only pictures show' '1 line and notes are shown only in pictures'
ok 'and in a picture' tn-report chart W swing.ndjson --overlay levels.txt --heikin-ashi -o levels.svg
like 'the level' "$(cat levels.svg)" 'resistance, touched 6 times, last 2024-[0-9-]+ 111\.00'
like 'the note' "$(cat levels.svg)" '>news<'
like 'the title says what the bars are' "$(cat levels.svg)" 'W, daily, Heikin-Ashi'
echo 'level W high' > bad.txt
exits 'a bad line: usage' 2 tn-report chart W swing.ndjson --overlay bad.txt -O table
stderr_like 'names it' "bad.txt: line 1: 'high' is not a price"
exits 'no such file: usage' 2 tn-report chart W swing.ndjson --overlay none.txt -O table
exits 'no bars' 1 tn-report levels a.ndjson

# Zero, one and five thousand trades.
echo '{"type":"equity","time":"2024-01-30T21:00:00Z","account":"a","equity":1,"cash":1,"exposure":0,"mode":"paper"}' > one.ndjson
ok 'one point renders' tn-report strategy one.ndjson -o one.html
like 'and says what is missing' "$(cat one.html)" 'fewer than two equity points'
python3 - > many.ndjson << 'END'
import datetime
time = datetime.datetime(2010, 1, 4, 15)
for i in range(5200):
    time += datetime.timedelta(hours=17)
    when = time.strftime('%Y-%m-%dT%H:%M:%SZ')
    for side, role, price in (('buy', 'entry', 100), ('sell', 'exit', 99 + i % 3)):
        print('{"type":"fill","time":"%s","symbol":"S%d","id":"%s%d","order_id":"%s%d","account":"m","side":"%s","quantity":10,'
              '"price":%d,"currency":"USD","mode":"paper","strategy":"s","role":"%s"}'
              % (when, i % 40, role, i, side, i, side, price, role))
    print('{"type":"equity","time":"%s","account":"m","equity":%d,"cash":1,"exposure":0,"mode":"paper"}' % (when, 100000 + 10 * (i % 3)))
END
ok '5,200 trades render' tn-report strategy many.ndjson -o many.html
is 'the last 5,000 of them in the table' "$(grep -c '^<tr><th scope="row">S[0-9]*<td class="l">long' many.html)" 5000
like 'and the rest is said' "$(cat many.html)" 'the last 5000 of 5200'
is 'within 5 MB' "$(($(wc -c < many.html) < 5000000))" 1
# A page of one's own.
tn-quote bars -s sim AAPL SPY -n 300 >page-bars.ndjson
tn-backtest run sma-cross:fast=3,slow=8 --where 'symbol == "AAPL"' page-bars.ndjson >page-run.ndjson
cat >losses.blocks <<'B'
title Losses <b>&
note What was lost:
  a note <script>alert(1)</script>
table trades where pnl < 0
table trades
chart equity vs SPY
chart candles XOM
goals
B
ok 'a page from blocks' tn-report page losses.blocks page-run.ndjson page-bars.ndjson
lost=$(tn-report trades page-run.ndjson -O json | jq -s 'map(select(.pnl < 0)) | length')
all=$(tn-report trades page-run.ndjson -O json | jq -s length)
stdout_like 'a table where a question holds' "^$lost of $all: where pnl < 0$"
stdout_like 'a note' '^What was lost: a note <script>'
stdout_like 'what has no bars says so' 'The input has no bars of XOM'
stdout_like 'what has nothing to show says so' 'No goal is set'
tn-backtest run sma-cross:fast=5,slow=20 --where 'symbol == "AAPL"' page-bars.ndjson >page-other.ndjson
echo 'table trades' >two.blocks
run tn-report page two.blocks page-run.ndjson page-other.ndjson
is 'of two runs each card says whose it is' "$(grep -c '^Trades: sma-cross:fast=3,slow=8$\|^Trades: sma-cross:fast=5,slow=20$' <<<"$out")" 2
ok 'as HTML' tn-report page losses.blocks page-run.ndjson page-bars.ndjson -o losses.html
is 'no two elements share a name' "$(grep -oE ' id="[^"]*"' losses.html | sort | uniq -d)" ''
is 'fault-074: with the title and the note as text' "$(grep -c '<script>alert\|Losses <b>' losses.html)" 0
is 'and the benchmark that was asked for' "$(grep -c '>SPY' losses.html | awk '{print ($1 > 0)}')" 1
run tn-report page losses.blocks page-run.ndjson page-bars.ndjson --where 'type != "fill"'
stdout_like '--where is of all blocks' '0 of 0: where pnl < 0'
printf 'from 2026-01-01\nto 2026-03-31\nverdict\n' >quarter.blocks
run tn-report page quarter.blocks page-run.ndjson page-bars.ndjson
stdout_like 'dates' '^BACKTEST, 20(25-12-31|26-01-0[0-9]) to 2026-03-3[01]'
printf 'table trades where pnl > "x"\n' >bad.blocks
exits 'a question that does not fit' 3 tn-report page bad.blocks page-run.ndjson
stderr_like 'names its line' 'the block of line 1: '
printf 'chart equty\n' >bad.blocks
exits 'a block that there is not' 2 tn-report page bad.blocks page-run.ndjson
exits 'a file that there is not' 2 tn-report page none.blocks page-run.ndjson
finish
