/* The source csv: files in the shapes that people have, each read right or refused by name. The values are made up;
 * what is right is what the shape's owner means by it. Moments were worked out by hand: New York is UTC-5 in winter and
 * UTC-4 from 2024-03-10 to 2024-11-03. */
#include "base/buf.h"
#include "feed/feed.h"
#include "tap.h"

#include "feed/csv_file.h"

#include <math.h>
#include <sys/mman.h>
#include <unistd.h>

/* What is said beside the file; NULL or 0: nothing. */
struct said {
    const char *interval; /* default 1d */
    const char *calendar; /* default nyse */
    const char *zone;     /* default the exchange's */
    const char *columns, *now, *from;
    enum csv_dates dates;
    char decimal;
    enum csv_stamps stamps;
    enum adjusted adjusted;
    int last;
    bool extended;
};

/* The text of the file, and all that comes of it: bars as "date open/high/low/close volume", of less than a day with
 * their time in UTC (and their end where it is not an interval later), lines that were named as "!line", what was
 * refused as "?" and a part of the message. */
struct shape {
    const char *name, *file, *want;
    struct said said;
};

#define HEAD "Date,Open,High,Low,Close,Volume\n"
#define A    "2024-03-01 10/11/9/10.5 100"
#define B    "; 2024-03-04 10.5/12/10/11 200"

static const struct shape shapes[] = {
    /* --- as they are */
    {"Yahoo",
     "Date,Open,High,Low,Close,Adj Close,Volume\n2024-03-01,10,11,9,10.5,9.9,100\n2024-03-04,10.5,12,10,11,10.4,200\n",
     A B " warned",
     {0}},
    {"Yahoo, said to be adjusted for splits",
     "Date,Open,High,Low,Close,Adj Close,Volume\n2024-03-01,10,11,9,10.5,9.9,100\n",
     A " split",
     {.adjusted = ADJUSTED_SPLIT}},
    {"Yahoo, said to be raw",
     "Date,Open,High,Low,Close,Adj Close,Volume\n2024-03-01,10,11,9,10.5,9.9,100\n",
     A,
     {.adjusted = ADJUSTED_RAW}},
    {"Yahoo, nothing paid, in single precision",
     "Date,Open,High,Low,Close,Adj Close,Volume\n2024-03-01,10,11,9,10.5,10.500001,100\n",
     A,
     {0}},
    {"an adjusted close that is not in every row",
     "Date,Open,High,Low,Close,Volume,Adj. Close\n2024-03-01,10,11,9,10.5,100\n2024-03-04,10.5,12,10,11,200,null\n",
     A B,
     {0}},
    {"adjusted closes of two kinds",
     "Date,Open,High,Low,Close,Volume,Adj Close,Adjusted Close\n2024-03-01,10,11,9,10.5,100,9,8\n",
     A " warned",
     {0}},
    {"Stooq",
     "Date,Open,High,Low,Close,Volume\r\n2024-03-01,10,11,9,10.5,100\r\n2024-03-04,10.5,12,10,11,200\r\n",
     A B,
     {0}},
    {"Stooq, bulk",
     "<TICKER>,<PER>,<DATE>,<TIME>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<VOL>,<OPENINT>\n"
     "A,D,20240301,000000,10,11,9,10.5,100,0\nA,D,20240304,000000,10.5,12,10,11,200,0\n",
     A B,
     {0}},
    {"Alpha Vantage, newest first",
     "timestamp,open,high,low,close,volume\n2024-03-04,10.5,12,10,11,200\n2024-03-01,10,11,9,10.5,100\n",
     A B,
     {0}},
    {"Alpha Vantage, numbered",
     "date,1. open,2. high,3. low,4. close,5. volume\n2024-03-01,10,11,9,10.5,100\n",
     A,
     {0}},
    {"Nasdaq: its header says month first",
     "Date,Close/Last,Volume,Open,High,Low\n03/04/2024,$11.00,200,$10.50,$12.00,$10.00\n"
     "03/01/2024,$10.50,100,$10.00,$11.00,$9.00\n",
     A B,
     {0}},
    {"Nasdaq, with blanks",
     "Date, Close/Last, Volume, Open, High, Low\n03/01/2024, $10.50, 100, $10.00, $11.00, $9.00\n",
     A,
     {0}},
    {"Tiingo",
     "date,close,high,low,open,volume,adjClose,adjHigh,adjLow,adjOpen,adjVolume,divCash,splitFactor\n"
     "2024-03-01,10.5,11,9,10,100,1,1,1,1,1,0.0,1.0\n",
     A,
     {0}},
    {"Quandl",
     "Date,Open,High,Low,Close,Volume,Ex-Dividend,Split Ratio,Adj. Open,Adj. High,Adj. Low,Adj. Close,Adj. Volume\n"
     "2024-03-01,10,11,9,10.5,100.0,0.0,1.0,5,5,5,5,5\n",
     A,
     {0}},
    {"Polygon: one letter, milliseconds", "v,vw,o,c,h,l,t,n\n100,10.2,10,10.5,11,9,1709269200000,7\n", A, {0}},
    {"Google Finance",
     "Date,Open,High,Low,Close,Volume\n2/28/2024 16:00:00,9,9,9,9,1\n3/1/2024 16:00:00,10,11,9,10.5,100\n",
     "2024-02-28 9/9/9/9 1; " A,
     {0}},
    {"Excel's CSV of a German office",
     "\xef\xbb\xbf"
     "Date;Open;High;Low;Close;Volume\r\n01.03.2024;10,0;11,0;9,0;10,5;100\r\n",
     A,
     {0}},
    {"with sep= on top", "sep=;\nDate;Open;High;Low;Close;Volume\n2024-03-01;10;11;9;10.5;100\n", A, {0}},
    {"tabs", "Date\tOpen\tHigh\tLow\tClose\tVolume\n2024-03-01\t10\t11\t9\t10.5\t100\n", A, {0}},
    {"vertical bars", "Date|Open|High|Low|Close|Volume\n2024-03-01|10|11|9|10.5|100\n", A, {0}},
    {"blanks", "Date Open High Low Close Volume\n2024-03-01 10 11 9 10.5 100\n", A, {0}},
    {"all quoted",
     "\"Date\",\"Open\",\"High\",\"Low\",\"Close\",\"Volume\"\n\"2024-03-01\",\"10\",\"11\",\"9\",\"10.5\",\"100\"\n",
     A,
     {0}},
    {"old Macintosh line ends",
     "Date,Open,High,Low,Close,Volume\r2024-03-01,10,11,9,10.5,100\r2024-03-04,10.5,12,10,11,200\r",
     A B,
     {0}},
    {"a comma behind every line", "Date,Open,High,Low,Close,Volume,\n2024-03-01,10,11,9,10.5,100,\n", A, {0}},
    {"currencies in brackets",
     "Date,Open (USD),High (USD),Low (USD),Close (USD),Volume\n2024-03-01,10,11,9,10.5,100\n",
     A,
     {0}},
    {"pandas with its index", ",date,open,high,low,close,volume\n0,2024-03-01,10,11,9,10.5,100\n", A, {0}},
    {"R's dates",
     "\"\",\"Date\",\"Open\",\"High\",\"Low\",\"Close\",\"Volume\"\n\"1\",2024-03-01,10,11,9,10.5,100\n",
     A,
     {0}},
    {"a month's name", HEAD "1-Mar-24,10,11,9,10.5,100\n", A, {0}},
    {"Yahoo's web table", HEAD "\"Mar 1, 2024\",10,11,9,10.5,100\n", A, {0}},
    {"French months",
     "Date;Ouverture;Plus haut;Plus bas;Cl\xc3\xb4ture;Volume\n1 mars 2024;10,0;11,0;9,0;10,5;100\n",
     A,
     {0}},
    {"German headings, UTF-8",
     "Datum;Er\xc3\xb6"
     "ffnung;Hoch;Tief;Schluss;Volumen\n01.03.2024;10,0;11,0;9,0;10,5;100\n",
     A,
     {0}},
    {"German headings, Latin-1, shares before turnover",
     "Datum;Er\xf6"
     "ffnung;Hoch;Tief;Schluss;St\xfc"
     "cke;Volumen\n01.03.2024;10,0;11,0;9,0;10,5;100;1050\n",
     A,
     {0}},
    {"Spanish headings",
     "Fecha;\xc3\x9altimo;Apertura;M\xc3\xa1ximo;M\xc3\xadnimo;Vol.\n01.03.2024;10,5;10,0;11,0;9,0;100\n",
     A,
     {0}},
    {"UTF-16 as Excel's Unicode text",
     "\xff\xfe"
     "D\0a\0t\0e\0\t\0O\0p\0e\0n\0\t\0H\0i\0g\0h\0\t\0L\0o\0w\0\t\0C\0l\0o\0s\0e\0\n\0"
     "2\0000\0002\0004\0000\0003\0000\0001\0\t\0001\0000\0\t\0001\0001\0\t\0009\0\t\0001\0000\0\n\0\0",
     "2024-03-01 10/11/9/10",
     {0}},
    {"Investing.com",
     "\"Date\",\"Price\",\"Open\",\"High\",\"Low\",\"Vol.\",\"Change %\"\n"
     "\"03/14/2024\",\"1,010.50\",\"1,000.00\",\"1,020.00\",\"990.00\",\"82.54M\",\"-1.63%\"\n"
     "\"03/13/2024\",\"1,000.50\",\"1,000.00\",\"1,020.00\",\"990.00\",\"-\",\"0.40%\"\n",
     "2024-03-13 1000/1020/990/1000.5; 2024-03-14 1000/1020/990/1010.5 82540000",
     {0}},
    {"closes alone",
     "Date,Close\n2024-03-01,10.5\n",
     "?no columns for open, high and low: bars need more than closes",
     {0}},
    {"volumes in B and K",
     HEAD "2024-03-01,10,11,9,10.5,1.2B\n2024-03-04,10,11,9,10.5,850K\n",
     "2024-03-01 10/11/9/10.5 1200000000; 2024-03-04 10/11/9/10.5 850000",
     {0}},
    {"yfinance's download(), three lines of header",
     "Price,Close,High,Low,Open,Volume\nTicker,A,A,A,A,A\nDate,,,,,\n2024-03-01,10.5,11,9,10,100\n",
     A " total",
     {0}},
    {"the same, the ticker on top",
     "Ticker,A,A,A,A,A\nPrice,Close,High,Low,Open,Volume\nDate,,,,,\n2024-03-01,10.5,11,9,10,100\n",
     A " total",
     {0}},
    {"yfinance's download(auto_adjust=False)",
     "Price,Adj Close,Close,High,Low,Open,Volume\nTicker,A,A,A,A,A,A\nDate,,,,,,\n2024-03-01,10.2,10.5,11,9,10,100\n",
     A " split",
     {0}},
    {"yfinance's download() of several, one a row",
     "Date,Ticker,Close,High,Low,Open,Volume\n2024-03-01,A,10.5,11,9,10,100\n2024-03-01,B,20.5,21,19,20,100\n",
     A,
     {0}},
    {"yfinance's download() of several, by ticker",
     "Ticker,A,A,A,A,B,B,B,B\nPrice,Open,High,Low,Close,Open,High,Low,Close\nDate,,,,,,,,\n2024-03-01,1,1,1,1,1,1,1,1"
     "\n",
     "?line 2: columns 2 and 6 both look like the open",
     {0}},
    {"yfinance's download() of several",
     "Price,Close,Close,High,High,Low,Low,Open,Open\nTicker,A,B,A,B,A,B,A,B\nDate,,,,,,,,\n2024-03-01,1,1,1,1,1,1,1,"
     "1\n",
     "?columns 2 and 3 both look like the close",
     {0}},
    {"NSE India: thousands in lakhs",
     "Date,OPEN,HIGH,LOW,close,VOLUME\n14-Mar-2024,\"1,000.00\",\"1,020.00\",\"990.00\",\"1,010.50\",\"1,23,45,678\"\n",
     "2024-03-14 1000/1020/990/1010.5 12345678",
     {0}},
    {"Barchart, with its last line",
     "Time,Open,High,Low,Last,Volume\n03/14/2024,10,11,9,10.5,100\n\"Downloaded from Barchart.com as of 03-15-2024\"\n",
     "2024-03-14 10/11/9/10.5 100",
     {0}},
    {"an address on top, epoch and date beside each other",
     "https://www.CryptoDataDownload.com\nUnix,Date,Symbol,Open,High,Low,Close,Volume BTC,Volume USD\n"
     "1709337600000,2024-03-02 00:00:00,A,10.5,12,10,11,200,9\n1709251200000,2024-03-01 "
     "00:00:00,A,10,11,9,10.5,100,9\n",
     "2024-03-01 10/11/9/10.5 100; 2024-03-02 10.5/12/10/11 200",
     {.calendar = "always"}},
    {"a header behind #", "# made by hand\n#Date,Open,High,Low,Close,Volume\n2024-03-01,10,11,9,10.5,100\n", A, {0}},
    {"remarks among rows", HEAD "2024-03-01,10,11,9,10.5,100\n# a remark\n2024-03-04,10.5,12,10,11,200\n", A B, {0}},
    /* --- without a header */
    {"Binance, spot",
     "1709251200000,10,11,9,10.5,100,1709337599999,5,7,1,1,0\n1709337600000,10.5,12,10,11,200,1709423999999,5,7,1,1,"
     "0\n",
     "2024-03-01 10/11/9/10.5 100; 2024-03-02 10.5/12/10/11 200",
     {.calendar = "always"}},
    {"Binance, microseconds",
     "1735689600000000,10,11,9,10.5,100,1735775999999999,5,7,1,1,0\n",
     "2025-01-01 10/11/9/10.5 100",
     {.calendar = "always"}},
    {"Kraken",
     "1709251200,10,11,9,10.5,100.5,7\n1709337600,10.5,12,10,11,200.5,9\n",
     "2024-03-01 10/11/9/10.5 100.5; 2024-03-02 10.5/12/10/11 200.5",
     {.calendar = "always"}},
    {"MetaTrader 4",
     "2024.03.01,10:00,1.1,1.3,1.0,1.2,100\n2024.03.01,11:00,1.2,1.4,1.1,1.3,200\n",
     "2024-03-01T10:00 1.1/1.3/1/1.2 100; 2024-03-01T11:00 1.2/1.4/1.1/1.3 200",
     {.interval = "1h", .calendar = "always"}},
    {"HistData",
     "20240301 093000;149.980;149.995;149.970;149.985;0\n20240301 093100;149.985;149.990;149.980;149.985;0\n",
     "2024-03-01T14:30 149.98/149.995/149.97/149.985 0; 2024-03-01T14:31 149.985/149.99/149.98/149.985 0",
     {.interval = "1m"}},
    {"NinjaTrader",
     "20240301 093000;10;11;9;10.5;100\n20240301 093100;10.5;12;10;11;200\n",
     "2024-03-01T14:30 10/11/9/10.5 100; 2024-03-01T14:31 10.5/12/10/11 200",
     {.interval = "1m"}},
    {"MetaStock: a symbol in front", "A,20240301,10,11,9,10.5,100\nA,20240304,10.5,12,10,11,200\n", A B, {0}},
    {"without volume", "2024-03-01,10,11,9,10.5\n", "2024-03-01 10/11/9/10.5", {0}},
    {"another order, unsaid",
     "2024-03-01,10.5,10,9,11,100\n2024-03-04,11,10.5,10,12,200\n",
     "?their order is unknown",
     {0}},
    {"another order, said",
     "2024-03-01,10.5,10,9,11,100\n2024-03-04,11,10.5,10,12,200\n",
     A B,
     {.columns = "date,close,open,low,high,volume"}},
    {"columns that are not used",
     "x,2024-03-01,y,10,11,9,10.5,100,z\n",
     A,
     {.columns = "-,date,-,open,high,low,close,volume,-"}},
    {"columns of a file with a header of its own",
     "wann,auf,oben,unten,zu,menge\n2024-03-01,10,11,9,10.5,100\n",
     A,
     {.columns = "date,open,high,low,close,volume"}},
    {"--columns without the close", HEAD, "?no column for the close", {.columns = "date,open,high,low"}},
    {"--columns with invalid word", HEAD, "?'opne' is not a column", {.columns = "date,opne,high,low,close"}},
    /* --- day and month */
    {"day first, a row proves it",
     HEAD "11/06/2024,10,11,9,10.5,100\n13/06/2024,10,11,9,10.5,100\n",
     "2024-06-11 10/11/9/10.5 100; 2024-06-13 10/11/9/10.5 100",
     {0}},
    {"month first, a row proves it",
     HEAD "06/11/2024,10,11,9,10.5,100\n06/13/2024,10,11,9,10.5,100\n",
     "2024-06-11 10/11/9/10.5 100; 2024-06-13 10/11/9/10.5 100",
     {0}},
    {"nothing proves it", HEAD "04/03/2024,10,11,9,10.5,100\n05/03/2024,10,11,9,10.5,100\n", "?dates may be", {0}},
    {"--dates dmy", HEAD "04/03/2024,10,11,9,10.5,100\n", "2024-03-04 10/11/9/10.5 100", {.dates = DATES_DMY}},
    {"--dates mdy", HEAD "04/03/2024,10,11,9,10.5,100\n", "2024-04-03 10/11/9/10.5 100", {.dates = DATES_MDY}},
    {"--dates mdy against a row",
     HEAD "04/03/2024,10,11,9,10.5,100\n13/03/2024,10,11,9,10.5,100\n",
     "2024-04-03 10/11/9/10.5 100 !3",
     {.dates = DATES_MDY}},
    /* 3 August 2024 was a Saturday, 8 March a Friday */
    {"one reading is no session",
     HEAD "07/03/2024,10,11,9,10.5,100\n08/03/2024,10,11,9,10.5,100\n",
     "2024-03-07 10/11/9/10.5 100; 2024-03-08 10/11/9/10.5 100",
     {0}},
    {"rows contradict each other",
     HEAD "13/06/2024,10,11,9,10.5,100\n06/14/2024,10,11,9,10.5,100\n",
     "?line 3 cannot be day/month/year",
     {0}},
    {"dashes, day first", HEAD "28-06-2024,10,11,9,10.5,100\n", "2024-06-28 10/11/9/10.5 100", {0}},
    {"dots, day first", HEAD "03.04.2024,10,11,9,10.5,100\n", "2024-04-03 10/11/9/10.5 100", {0}},
    {"dots, and a row that says month first",
     HEAD "04.03.2024,10,11,9,10.5,100\n04.16.2024,10,11,9,10.5,100\n",
     "2024-04-03 10/11/9/10.5 100; 2024-04-16 10/11/9/10.5 100",
     {0}},
    {"years of two digits first", HEAD "24-03-01,10,11,9,10.5,100\n24-03-04,10.5,12,10,11,200\n", A B, {0}},
    /* --- numbers */
    {"decimal commas",
     "Date;Open;High;Low;Close\n01.03.2024;10,25;11,5;9,75;10,5\n",
     "2024-03-01 10.25/11.5/9.75/10.5",
     {0}},
    {"decimal commas and dots for thousands",
     "Date;Open;High;Low;Close;Volume\n01.03.2024;5.098,51;5.140,33;5.094,16;5.137,08;73.563.082\n",
     "2024-03-01 5098.51/5140.33/5094.16/5137.08 73563082",
     {0}},
    {"blanks for thousands",
     "Date;Open;High;Low;Close;Volume\n01.03.2024;5 098,51;5\xc2\xa0"
     "140,33;5 094,16;5 137,08;73 563 082\n",
     "2024-03-01 5098.51/5140.33/5094.16/5137.08 73563082",
     {0}},
    {"quoted decimal commas", HEAD "2024-03-01,\"10,0\",\"11,0\",\"9,0\",\"10,5\",100\n", A, {0}},
    {"the mark is proved late",
     "Date;Open;High;Low;Close\n2024-03-01;1.234;1.236;1.233;1.235\n2024-03-04;1.234;1.236;1.233;1.2355\n",
     "2024-03-01 1.234/1.236/1.233/1.235; 2024-03-04 1.234/1.236/1.233/1.2355",
     {0}},
    {"continental thousands, or three decimals",
     "Date;Open;High;Low;Close;Volume\n01.03.2024;5.098;5.140;5.094;5.137;73.563\n",
     "?may be a decimal mark",
     {0}},
    {"the same with --decimal ,",
     "Date;Open;High;Low;Close;Volume\n01.03.2024;5.098;5.140;5.094;5.137;73.563\n",
     "2024-03-01 5098/5140/5094/5137 73563",
     {.decimal = ','}},
    {"quoted thousands, or three decimals",
     HEAD "2024-03-01,\"5,098\",\"5,140\",\"5,094\",\"5,137\",100\n",
     "?may be a decimal mark",
     {0}},
    {"the same with --decimal .",
     HEAD "2024-03-01,\"5,098\",\"5,140\",\"5,094\",\"5,137\",100\n",
     "2024-03-01 5098/5140/5094/5137 100",
     {.decimal = '.'}},
    {"thousands without quotes, in the volume",
     HEAD "2024-03-01,10,11,9,10.5,73,563,082\n2024-03-04,10.5,12,10,11,200\n",
     "2024-03-04 10.5/12/10/11 200 !2",
     {0}},
    {"thousands without quotes, in the prices",
     "Date,Open,High,Low,Close\n2024-03-01,1,234.50,1,200.00,1,199.00,1,210.00\n",
     "!2 ?no line",
     {0}},
    {"a price that loses its digits",
     HEAD "2024-03-01,0.000000014,0.000000016,0.000000011,0.000000014,1\n",
     "!2 ?no line",
     {0}},
    {"noise of floats", HEAD "2024-03-01,10.000000000001,11,9,10.499999999999,100\n", A, {0}},
    {"a volume that is not a number",
     HEAD "2024-03-01,10,11,9,10.5,many\n2024-03-04,10.5,12,10,11,200\n",
     "2024-03-04 10.5/12/10/11 200 !2",
     {0}},
    /* --- rows that are no bars */
    {"rows of null",
     HEAD "2024-03-01,10,11,9,10.5,100\n2024-03-02,null,null,null,null,null\n2024-03-04,10.5,12,10,11,200\n",
     A B,
     {0}},
    {"a spreadsheet's tail", HEAD "2024-03-01,10,11,9,10.5,100\n,,,,,\n,,,,,\n", A, {0}},
    {"a line twice",
     HEAD "2024-03-01,10,11,9,10.5,100\n2024-03-01,10,11,9,10.5,100\n2024-03-04,10.5,12,10,11,200\n",
     A B,
     {0}},
    {"a day twice", HEAD "2024-03-01,10,11,9,10.5,100\n2024-03-01,10,11,9,10.6,100\n", A " !3", {0}},
    {"a header alone", HEAD, "?no rows after", {0}},
    {"a web page", "<!DOCTYPE html>\n<html></html>\n", "?web page", {0}},
    {"a spreadsheet", "PK\x03\x04zip", "?spreadsheet", {0}},
    {"a bad line that is not asked for",
     HEAD "2024-02-29,10,9,11,10.5,100\n2024-03-01,10,11,9,10.5,100\n2024-03-04,10.5,12,10,11,200\n",
     "2024-03-04 10.5/12/10/11 200",
     {.from = "2024-03-04"}},
    {"nor with --last",
     HEAD
     "2024-02-28,10,9,11,10.5,100\n2024-02-29,9,9,9,9,1\n2024-03-01,10,11,9,10.5,100\n2024-03-04,10.5,12,10,11,200\n",
     "2024-02-29 9/9/9/9 1; " A B,
     {.last = 2}},
    /* --- how long bars are */
    {"weeks are no days",
     HEAD "2024-03-04,10,11,9,10.5,100\n2024-03-11,10,11,9,10.5,100\n2024-03-18,10,11,9,10.5,100\n",
     "?has 1w bars",
     {0}},
    {"two weeks are no days either",
     HEAD "2024-03-04,10,11,9,10.5,100\n2024-03-11,10,11,9,10.5,100\n",
     "?has 1w bars",
     {0}},
    /* Memorial Day: 27 May 2024 */
    {"a week dated on a holiday",
     HEAD "2024-05-20,10,11,9,10.5,100\n2024-05-27,10,11,9,10.5,100\n2024-06-03,10,11,9,10.5,100\n",
     "2024-05-20 10/11/9/10.5 100; 2024-05-28 10/11/9/10.5 100; 2024-06-03 10/11/9/10.5 100",
     {.interval = "1w"}},
    {"weeks dated on Fridays",
     HEAD "2024-03-08,10,11,9,10.5,100\n2024-03-15,10,11,9,10.5,100\n2024-03-22,10,11,9,10.5,100\n",
     "2024-03-04 10/11/9/10.5 100; 2024-03-11 10/11/9/10.5 100; 2024-03-18 10/11/9/10.5 100",
     {.interval = "1w"}},
    {"weeks dated on Sundays",
     HEAD "2024-03-03,10,11,9,10.5,100\n2024-03-10,10,11,9,10.5,100\n2024-03-17,10,11,9,10.5,100\n",
     "?dated on Sundays",
     {.interval = "1w"}},
    {"which begin then",
     HEAD "2024-03-03,10,11,9,10.5,100\n2024-03-10,10,11,9,10.5,100\n2024-03-17,10,11,9,10.5,100\n",
     "2024-03-04 10/11/9/10.5 100; 2024-03-11 10/11/9/10.5 100; 2024-03-18 10/11/9/10.5 100",
     {.interval = "1w", .stamps = CSV_STAMPS_START}},
    {"or end then",
     HEAD "2024-03-10,10,11,9,10.5,100\n2024-03-17,10,11,9,10.5,100\n2024-03-24,10,11,9,10.5,100\n",
     "2024-03-04 10/11/9/10.5 100; 2024-03-11 10/11/9/10.5 100; 2024-03-18 10/11/9/10.5 100",
     {.interval = "1w", .stamps = CSV_STAMPS_END}},
    {"a day behind the weeks",
     HEAD "2024-03-04,10,11,9,10.5,100\n2024-03-11,10,11,9,10.5,100\n2024-03-18,10,11,9,10.5,100\n2024-03-25,9,9,9,9,"
          "1\n2024-03-27,9,9,9,9,1\n",
     "2024-03-04 10/11/9/10.5 100; 2024-03-11 10/11/9/10.5 100; 2024-03-18 10/11/9/10.5 100",
     {.interval = "1w"}},
    {"days behind the weeks are no days",
     HEAD "2024-03-04,10,11,9,10.5,100\n2024-03-11,10,11,9,10.5,100\n2024-03-18,10,11,9,10.5,100\n2024-03-25,9,9,9,9,"
          "1\n2024-03-26,9,9,9,9,1\n2024-03-27,9,9,9,9,1\n",
     "?has 1w bars",
     {0}},
    {"months, the first a Saturday",
     HEAD "2024-05-01,10,11,9,10.5,100\n2024-06-01,10,11,9,10.5,100\n2024-07-01,10,11,9,10.5,100\n",
     "2024-05-01 10/11/9/10.5 100; 2024-06-03 10/11/9/10.5 100; 2024-07-01 10/11/9/10.5 100",
     {.interval = "1mo"}},
    {"months are no weeks",
     HEAD "2024-05-01,10,11,9,10.5,100\n2024-06-01,10,11,9,10.5,100\n",
     "?has 1mo bars",
     {.interval = "1w"}},
    {"quarters",
     HEAD "2023-09-29,10,11,9,10.5,100\n2023-12-29,10,11,9,10.5,100\n2024-03-28,10,11,9,10.5,100\n",
     "?has 3mo bars",
     {.interval = "1mo"}},
    {"days with a time of their own",
     HEAD "2024-03-01 16:00,10,11,9,10.5,100\n2024-03-04 16:00,10.5,12,10,11,200\n",
     A B,
     {0}},
    {"today's row in a file of days",
     HEAD "2024-03-01 00:00:00-05:00,10,11,9,10.5,100\n2024-03-04 00:00:00-05:00,10.5,12,10,11,200\n2024-03-05 "
          "14:59:31-05:00,9,9,9,9,1\n",
     A B,
     {.now = "2024-03-05T20:00:00Z"}},
    {"the same a day later",
     HEAD "2024-03-01 00:00:00-05:00,10,11,9,10.5,100\n2024-03-04 00:00:00-05:00,10.5,12,10,11,200\n2024-03-05 "
          "14:59:31-05:00,9,9,9,9,1\n",
     A B " !4",
     {.now = "2024-03-06T20:00:00Z"}},
    {"an odd row among five minutes",
     HEAD "2024-03-01 09:30,1,1,1,1,1\n2024-03-01 09:35,1,1,1,1,1\n2024-03-01 09:40,1,1,1,1,1\n2024-03-01 "
          "09:45,1,1,1,1,1\n2024-03-01 09:50,1,1,1,1,1\n2024-03-01 09:52,1,1,1,1,1\n2024-03-01 "
          "09:55,1,1,1,1,1\n2024-03-01 10:00,1,1,1,1,1\n2024-03-01 10:05,1,1,1,1,1\n",
     "?has 5m bars",
     {.interval = "1m"}},
    {"which is named",
     HEAD "2024-03-01 09:30,1,1,1,1,1\n2024-03-01 09:35,1,1,1,1,1\n2024-03-01 09:40,1,1,1,1,1\n2024-03-01 "
          "09:45,1,1,1,1,1\n2024-03-01 09:50,1,1,1,1,1\n2024-03-01 09:52,9,9,9,9,9\n2024-03-01 "
          "09:55,1,1,1,1,1\n2024-03-01 10:00,1,1,1,1,1\n2024-03-01 10:05,1,1,1,1,1\n",
     "2024-03-01T14:30 1/1/1/1 1; 2024-03-01T14:35 1/1/1/1 1; 2024-03-01T14:40 1/1/1/1 1; 2024-03-01T14:45 1/1/1/1 1; "
     "2024-03-01T14:50 1/1/1/1 1; "
     "2024-03-01T14:55 1/1/1/1 1; 2024-03-01T15:00 1/1/1/1 1; 2024-03-01T15:05 1/1/1/1 1 !7",
     {.interval = "5m"}},
    {"hours and a half hour before the open",
     HEAD "2024-03-01 08:00,9,9,9,9,9\n2024-03-01 09:00,9,9,9,9,9\n2024-03-01 09:30,1,1,1,1,1\n2024-03-01 "
          "10:30,1,1,1,1,1\n2024-03-01 11:30,1,1,1,1,1\n2024-03-01 12:30,1,1,1,1,1\n2024-03-01 "
          "13:30,1,1,1,1,1\n2024-03-01 14:30,1,1,1,1,1\n2024-03-01 15:30,1,1,1,1,1\n",
     "2024-03-01T14:30 1/1/1/1 1; 2024-03-01T15:30 1/1/1/1 1; 2024-03-01T16:30 1/1/1/1 1; 2024-03-01T17:30 1/1/1/1 1; "
     "2024-03-01T18:30 1/1/1/1 1; "
     "2024-03-01T19:30 1/1/1/1 1; 2024-03-01T20:30-21:00 1/1/1/1 1",
     {.interval = "1h"}},
    {"an hour and a half is no half hour",
     HEAD
     "2024-03-01 09:30,1,1,1,1,1\n2024-03-01 11:00,1,1,1,1,1\n2024-03-01 12:30,1,1,1,1,1\n2024-03-01 14:00,1,1,1,1,1\n",
     "?has 90m bars",
     {.interval = "30m"}},
    /* --- starts, ends, zones */
    {"times are ends",
     HEAD "2024-03-01 10:30,1,1,1,1,1\n2024-03-01 11:30,2,2,2,2,2\n2024-03-01 12:30,3,3,3,3,3\n2024-03-01 "
          "13:30,4,4,4,4,4\n2024-03-01 14:30,5,5,5,5,5\n2024-03-01 15:30,6,6,6,6,6\n2024-03-01 16:00,7,7,7,7,7\n",
     "2024-03-01T14:30 1/1/1/1 1; 2024-03-01T15:30 2/2/2/2 2; 2024-03-01T16:30 3/3/3/3 3; 2024-03-01T17:30 4/4/4/4 4; "
     "2024-03-01T18:30 5/5/5/5 5; "
     "2024-03-01T19:30 6/6/6/6 6; 2024-03-01T20:30-21:00 7/7/7/7 7",
     {.interval = "1h"}},
    {"times are ends, it is said",
     HEAD "2024-03-01 09:31,1,1,1,1,1\n2024-03-01 09:32,2,2,2,2,2\n",
     "2024-03-01T14:30 1/1/1/1 1; 2024-03-01T14:31 2/2/2/2 2",
     {.interval = "1m", .stamps = CSV_STAMPS_END}},
    {"times of UTC, unsaid",
     HEAD "2024-03-01 14:30:00,1,1,1,1,1\n2024-03-01 14:31:00,2,2,2,2,2\n2024-03-01 20:59:00,3,3,3,3,3\n",
     "2024-03-01T14:30 1/1/1/1 1; 2024-03-01T14:31 2/2/2/2 2; 2024-03-01T20:59 3/3/3/3 3",
     {.interval = "1m"}},
    {"the header says UTC",
     "time_utc,open,high,low,close\n2024-03-01 14:30,1,1,1,1\n2024-03-01 14:31,2,2,2,2\n",
     "2024-03-01T14:30 1/1/1/1; 2024-03-01T14:31 2/2/2/2",
     {.interval = "1m"}},
    {"Dukascopy",
     "Gmt time,Open,High,Low,Close,Volume\n01.03.2024 00:00:00.000,1,1,1,1,1\n01.03.2024 01:00:00.000,2,2,2,2,2\n",
     "2024-03-01T00:00 1/1/1/1 1; 2024-03-01T01:00 2/2/2/2 2",
     {.interval = "1h", .calendar = "always"}},
    {"Interactive Brokers, a zone behind the time",
     "date,open,high,low,close,volume,average,barCount\n20240301 09:30:00 US/Eastern,10,11,9,10.5,100,10.2,7\n20240301 "
     "09:31:00 US/Eastern,10.5,12,10,11,200,11,9\n",
     "2024-03-01T14:30 10/11/9/10.5 100; 2024-03-01T14:31 10.5/12/10/11 200",
     {.interval = "1m"}},
    {"a zone that is none",
     "date,open,high,low,close\n20240301 09:30:00 Mars/Olympus,1,1,1,1\n",
     "!2 ?no line",
     {.interval = "1m"}},
    {"TradingView: epoch seconds",
     "time,open,high,low,close,Volume\n1709303400,10,11,9,10.5,100\n1709307000,10.5,12,10,11,200\n",
     "2024-03-01T14:30 10/11/9/10.5 100; 2024-03-01T15:30 10.5/12/10/11 200",
     {.interval = "1h"}},
    {"epoch seconds with a fraction",
     "timestamp,open,high,low,close\n1709303400.0,1,1,1,1\n1709303460.0,2,2,2,2\n",
     "2024-03-01T14:30 1/1/1/1; 2024-03-01T14:31 2/2/2/2",
     {.interval = "1m"}},
    {"a.m. and p.m.",
     HEAD "3/14/2024 9:30 AM,1,1,1,1,1\n3/14/2024 12:30 PM,2,2,2,2,2\n3/14/2024 3:30 PM,3,3,3,3,3\n",
     "2024-03-14T13:30 1/1/1/1 1; 2024-03-14T16:30 2/2/2/2 2; 2024-03-14T19:30-20:00 3/3/3/3 3",
     {.interval = "3h"}},
    {"a time of day beside the date, zeros lost",
     "Date,Time,Open,High,Low,Close\n03/14/2024,931,1,1,1,1\n03/14/2024,932,2,2,2,2\n",
     "2024-03-14T13:31 1/1/1/1; 2024-03-14T13:32 2/2/2/2",
     {.interval = "1m"}},
    {"MetaTrader 5: ticks where there is no volume",
     "<DATE>\t<TIME>\t<OPEN>\t<HIGH>\t<LOW>\t<CLOSE>\t<TICKVOL>\t<VOL>\t<SPREAD>\n2024.03.01\t10:00:00\t10\t11\t9\t10."
     "5\t100\t0\t2\n2024.03.01\t11:00:00\t10.5\t12\t10\t11\t200\t0\t2\n",
     "2024-03-01T10:00 10/11/9/10.5 100; 2024-03-01T11:00 10.5/12/10/11 200",
     {.interval = "1h", .calendar = "always"}},
    {"outside the sessions",
     HEAD "2024-03-01 00:00,1,1,1,1,1\n2024-03-01 01:00,2,2,2,2,2\n",
     "?is in a session of nyse",
     {.interval = "1h", .zone = "America/New_York"}},
    {"a local time that does not exist",
     HEAD "2024-03-10 01:00,1,1,1,1,1\n2024-03-10 02:00,9,9,9,9,9\n2024-03-10 03:00,3,3,3,3,3\n",
     "2024-03-10T06:00 1/1/1/1 1; 2024-03-10T07:00 3/3/3/3 3 !3",
     {.interval = "1h", .calendar = "always", .zone = "America/New_York"}},
    {"an hour that comes twice",
     HEAD "2024-11-03 00:30,1,1,1,1,1\n2024-11-03 01:00,2,2,2,2,2\n2024-11-03 01:30,3,3,3,3,3\n2024-11-03 "
          "01:00,4,4,4,4,4\n2024-11-03 01:30,5,5,5,5,5\n2024-11-03 02:00,6,6,6,6,6\n",
     "2024-11-03T04:30 1/1/1/1 1; 2024-11-03T05:00 2/2/2/2 2; 2024-11-03T05:30 3/3/3/3 3; 2024-11-03T06:00 4/4/4/4 4; "
     "2024-11-03T06:30 5/5/5/5 5; 2024-11-03T07:00 6/6/6/6 6",
     {.interval = "30m", .calendar = "always", .zone = "America/New_York"}},
    {"a line that was cut, before the asked range",
     HEAD "2024-02-01,1,2\n2024-03-01,10,11,9,10.5,100\n",
     A,
     {.from = "2024-03-01"}},
    {"the same without a range", HEAD "2024-02-01,1,2\n2024-03-01,10,11,9,10.5,100\n", A " !2", {0}},
    /* --- raw or adjusted */
    {"a split that the prices show",
     "Date,Open,High,Low,Close,Volume,Dividends,Stock "
     "Splits\n2020-08-28,500,500,500,500,1,0,0\n2020-08-31,126,126,126,126,1,0,4\n",
     "2020-08-28 500/500/500/500 1; split 4:1 2020-08-31; 2020-08-31 126/126/126/126 1",
     {0}},
    {"yfinance's history(): all is in the prices",
     "Date,Open,High,Low,Close,Volume,Dividends,Stock Splits\n2024-03-01 "
     "00:00:00-05:00,10,11,9,10.5,100,0.0,0.0\n2024-03-04 00:00:00-05:00,10.5,12,10,11,200,0.24,0.0\n",
     "2024-03-01 10/11/9/10.5 100 total; 2024-03-04 10.5/12/10/11 200 total",
     {0}},
    {"the same, said to be raw",
     "Date,Open,High,Low,Close,Volume,Dividends,Stock "
     "Splits\n2024-03-01,10,11,9,10.5,100,0.0,0.0\n2024-03-04,10.5,12,10,11,200,0.24,0.0\n",
     A "; dividend 0.24 2024-03-04" B,
     {.adjusted = ADJUSTED_RAW}},
    {"a split on a row of null",
     "Date,Open,High,Low,Close,Split\n2024-03-01,10,10,10,10,\n2024-03-04,null,null,null,null,2\n2024-03-05,5,5,5,5,\n",
     "2024-03-01 10/10/10/10; split 2:1 2024-03-04; 2024-03-05 5/5/5/5",
     {0}},
    {"a split on a bad row",
     "Date,Open,High,Low,Close,Split\n2024-03-01,10,10,10,10,\n2024-03-04,5,4,6,5,2\n2024-03-05,5,5,5,5,\n",
     "2024-03-01 10/10/10/10; split 2:1 2024-03-04; 2024-03-05 5/5/5/5 !3",
     {0}},
};

static struct buf got;
static struct error error;

static int on_bad(void *context, const char *file, uint64_t line, struct error *why)
{
    (void)file;
    buf_printf(context, " !%llu", (unsigned long long)line);
    error_clear(why);
    return 0;
}

static void on_note(void *context, const char *symbol, const char *text)
{
    (void)context;
    (void)symbol;
    (void)text;
}

static void on_warn(void *context, const char *symbol, const char *text, const char *hint)
{
    (void)symbol;
    if (strstr(text, "adjusted close differs") != NULL && strstr(hint, "--adjusted split") != NULL)
        buf_add_text(context, " warned");
}

static int64_t moment(const char *text, int64_t standard)
{
    int64_t result = standard;
    if (text != NULL && time_parse(&result, text, strlen(text), &error) < 0)
        printf("# %s\n", error.text);
    return result;
}

static void put_prices(struct buf *out, const struct bar *bar)
{
    const dec price[] = {bar->open, bar->high, bar->low, bar->close};
    for (int i = 0; i < 4; i++) {
        char text[DEC_TEXT_MAX];
        dec_format(text, price[i]);
        buf_printf(out, "%c%s", i == 0 ? ' ' : '/', text);
    }
    if (!isnan(bar->volume))
        buf_printf(out, " %.17g", bar->volume);
    if (bar->adjusted == ADJUSTED_TOTAL)
        buf_add_text(out, " total");
    if (bar->adjusted == ADJUSTED_SPLIT)
        buf_add_text(out, " split");
}

static void put_bar(struct buf *out, const struct bar *bar)
{
    char time[TIME_TEXT_MAX], end[TIME_TEXT_MAX];
    buf_add_text(out, out->n > 0 ? "; " : "");
    if (bar->session != TIME_NONE) {
        date_format(time, date_from_days(bar->session));
        buf_add_text(out, time);
    } else {
        time_format(time, bar->time);
        time_format(end, bar->end);
        buf_printf(out, "%.16s", time);
        if (bar->end != interval_end(bar->interval, bar->time))
            buf_printf(out, "-%.5s", end + 11);
    }
    put_prices(out, bar);
}

static void put_action(struct buf *out, const struct action *action)
{
    char cash[DEC_TEXT_MAX] = "";
    buf_add_text(out, out->n > 0 ? "; " : "");
    if (action->kind == ACTION_SPLIT)
        buf_printf(out, "split %lld:%lld", (long long)action->new_shares, (long long)action->old_shares);
    else
        dec_format(cash, action->cash);
    if (action->kind == ACTION_DIVIDEND)
        buf_printf(out, "dividend %s", cash);
    buf_printf(out, " " STR_FMT, STR_ARG(action->ex_date));
}

/* Everything the source gives, from the asked time on and up to now. */
static int deliver(const struct feed_request *request, struct buf *bars)
{
    void *source;
    struct feed_item item;
    if (feed_csv.open(&source, request, &error) < 0)
        return -1;
    struct feed_stream *stream = feed_csv.start(source, "A", &error);
    int more = stream == NULL ? -1 : 1;
    while (more == 1 && (more = feed_csv.next(stream, &item, &error)) == 1) {
        if (item.type == RECORD_ACTION)
            put_action(bars, &item.action);
        else if (item.bar.time >= request->from && item.bar.end <= request->now)
            put_bar(bars, &item.bar);
    }
    feed_csv.stop(stream);
    feed_csv.close(source);
    return more;
}

static size_t length_of(const char *file)
{
    if (memcmp(file, "\xff\xfe", 2) != 0)
        return strlen(file);
    size_t n = 2;
    while (file[n] != '\0' || file[n + 1] != '\0')
        n += 2;
    return n;
}

static void try(const struct shape *shape, const struct zone *new_york, const struct zone *utc)
{
    char path[64];
    struct buf bars;
    struct calendar calendar;
    const struct said *said = &shape->said;
    struct zone *zone = NULL;
    const char *interval = said->interval == NULL ? "1d" : said->interval;
    const char *name = said->calendar == NULL ? "nyse" : said->calendar;
    const struct zone *of_exchange = strcmp(name, "nyse") == 0 ? new_york : utc;
    error_clear(&error);
    buf_reset(&got);
    buf_init(&bars, 1 << 20);
    if (said->zone != NULL)
        zone = zone_open(said->zone, &error);
    const int fd = memfd_create("csv", MFD_CLOEXEC);
    const size_t length = length_of(shape->file);
    check(fd >= 0 && write(fd, shape->file, length) == (ssize_t)length &&
              calendar_init(&calendar, name, of_exchange, &error) == 0 && (said->zone == NULL || zone != NULL),
          "%s: set up", shape->name);
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    struct feed_request request = {
        .name = "csv",
        .argument = path,
        .from = moment(said->from, TIME_NONE),
        .to = TIME_NONE,
        .last = said->last,
        .now = moment(said->now, moment("2026-01-01", 0)),
        .calendar = &calendar,
        .csv_zone = zone == NULL ? of_exchange : zone,
        .csv_zone_said = zone != NULL,
        .csv = {said->columns, said->dates, said->decimal},
        .csv_stamps = said->stamps,
        .adjusted = said->adjusted,
        .extended = said->extended,
        .bad = on_bad,
        .note = on_note,
        .warn = on_warn,
        .context = &got,
    };
    (void)interval_parse(&request.interval, interval, strlen(interval), &error);
    const bool refused = deliver(&request, &bars) < 0;
    const char *want_refusal = strchr(shape->want, '?');
    buf_add(&bars, got.p, got.n);
    const char *text = bars.n == 0 ? "" : bars.p[0] == ' ' ? bars.p + 1 : bars.p;
    if (want_refusal != NULL) {
        const size_t before = (size_t)(want_refusal - shape->want);
        check(refused && strstr(error.text, want_refusal + 1) != NULL &&
                  strncmp(text, shape->want, before == 0 ? 0 : before - 1) == 0,
              "%s", shape->name);
        if (!refused || strstr(error.text, want_refusal + 1) == NULL)
            printf("# got  %s ?%s\n", text, error.text);
    } else {
        check_text(refused ? error.text : text, shape->want, shape->name);
    }
    buf_clear(&bars);
    zone_free(zone);
    close(fd);
}

/* A ratio that is written exactly is kept (General Electric 1281:1000, AT&T 1324:1000, 2.406 for 1); decimals that
 * stand for a fraction are that fraction. */
static void test_splits(void)
{
    static const struct {
        const char *text;
        int64_t new_shares, old_shares;
    } cases[] = {{"1281:1000", 1281, 1000},
                 {"1324/1000", 331, 250},
                 {"2.406", 1203, 500},
                 {"1.281", 1281, 1000},
                 {"7", 7, 1},
                 {"7.0:1.0", 7, 1},
                 {"0.5", 1, 2},
                 {"3/2", 3, 2},
                 {"1.5:1", 3, 2},
                 {"0.333333", 1, 3},
                 {"0.142857", 1, 7},
                 {"0.0107527", 1, 93},
                 {"33.3333", 100, 3},
                 {"0.05", 1, 20},
                 {"1:1.5", 2, 3},
                 {"1.0500", 21, 20},
                 {"0", 0, 0},
                 {"1:1", 0, 0},
                 {"1000000:999999", 1000000, 999999}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t a = -1, b = -1;
        const int parsed = csv_split_parse(&a, &b, str_of(cases[i].text), &error);
        check(parsed == 0 && a == cases[i].new_shares && b == cases[i].old_shares, "split %s is %lld for %lld",
              cases[i].text, (long long)cases[i].new_shares, (long long)cases[i].old_shares);
    }
}

int main(void)
{
    test_splits();
    struct zone *new_york = zone_open("America/New_York", &error), *utc = zone_open("UTC", &error);
    buf_init(&got, 1 << 20);
    if (!check(new_york != NULL && utc != NULL, "the zones are known"))
        return done();
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
        try(&shapes[i], new_york, utc);
    buf_clear(&got);
    zone_free(new_york);
    zone_free(utc);
    return done();
}
