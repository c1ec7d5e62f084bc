# A source of tests, whose server is files.py; ADJUSTED is put in by the test. A line is a bar, or DATE,dividend,CASH or
# DATE,split,NEW,OLD.
def describe: {title: "files", takes_path: true, commands: ["bars"], intervals: ["1d"], adjusted: "ADJUSTED",
  actions_in_bars: true};
def request: {path: (.path + "/" + (.symbols[0] | @uri) + ".csv"), query: {start: .from.date, end: .to.date},
  expect: "text"};
def response:
  . as $in
  | if .status == 404 then {error: "no such symbol", code: "missing"}
    elif .status != 200 then {error: "it does not answer", code: "unavailable"}
    else .body | split("\n")[1:][] | select(. != "") | split(",")
      | if .[1] == "dividend" then {type: "action", symbol: $in.symbols[0], kind: "dividend", ex_date: .[0], cash: .[2]}
        elif .[1] == "split" then {type: "action", symbol: $in.symbols[0], kind: "split", ex_date: .[0], new: .[2], old: .[3]}
        else {type: "bar", symbol: $in.symbols[0], interval: "1d", session: .[0], time: .[0], open: .[1], high: .[2],
          low: .[3], close: .[4], volume: .[5]}
        end
    end;
