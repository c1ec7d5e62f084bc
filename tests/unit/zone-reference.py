"""What python3's zoneinfo says about a dozen zones from 1970 to 2100, for test-zone.

  o ZONE SECONDS OFFSET NAME   the clock at a moment: before, at and after each change, and every 28 days
  l ZONE LOCAL SECONDS         the moment (fold=0) of a local time around each change
"""
import datetime
import zoneinfo

ZONES = """America/New_York America/Chicago Europe/London Europe/Dublin Asia/Kolkata Australia/Sydney Australia/Lord_Howe
Asia/Tokyo America/Sao_Paulo Africa/Casablanca Asia/Tehran Pacific/Apia America/Nuuk Etc/GMT+5""".split()
EPOCH = datetime.datetime(1970, 1, 1)
UTC = datetime.timezone.utc
STEP = 4 * 86400  # shorter than any time between two changes here
START, END = 0, int((datetime.datetime(2100, 12, 31) - EPOCH).total_seconds())


def state(zone, seconds):
    moment = datetime.datetime.fromtimestamp(seconds, UTC).astimezone(zone)
    return int(moment.utcoffset().total_seconds()), moment.tzname()


for name in ZONES:
    zone = zoneinfo.ZoneInfo(name)
    before = state(zone, START)
    for day in range(START, END, STEP):
        now = state(zone, day)
        if day // STEP % 7 == 0:
            print("o", name, day, *now)
        if now != before:
            low, high = day - STEP, day
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (middle, high) if state(zone, middle) == before else (low, middle)
            for seconds in (high - 1, high, high + 1):
                print("o", name, seconds, *state(zone, seconds))
            for clock in {before[0], now[0]}:
                for seconds in (-5400, -3600, -1800, -1, 0, 1, 1799, 1800, 3599, 3600, 5400):
                    local = high + clock + seconds
                    moment = (EPOCH + datetime.timedelta(seconds=local)).replace(tzinfo=zone, fold=0)
                    print("l", name, local, int(moment.timestamp()))
            before = now
