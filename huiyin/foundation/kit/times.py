"""Times as people say them and read them back. Plain values in, words out: the zone and the moment are passed in."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

WEEKDAYS = "一二三四五六日"
NONE, MINUTE, HOUR = timedelta(0), timedelta(minutes=1), timedelta(hours=1)
SOON = timedelta(hours=2)
NEAR_DAYS = {-2: "前天", -1: "昨天", 0: "今天", 1: "明天", 2: "后天"}


@dataclass(frozen=True)
class Due:
    """How a deadline is shown: its words, its tone, and the exact time for those who look closer."""

    words: str
    tone: str
    exact: str


def people_date(day: date, today: date) -> str:
    """Say a day: 今天, 明天, 周五, 下周一, 3月5日, 2025年3月5日."""
    ahead = (day - today).days
    if ahead in NEAR_DAYS:
        return NEAR_DAYS[ahead]
    weeks = (day - timedelta(days=day.weekday()) - (today - timedelta(days=today.weekday()))).days // 7
    if ahead > 0 and weeks in (0, 1):
        return ("周", "下周")[weeks] + WEEKDAYS[day.weekday()]
    if day.year == today.year:
        return f"{day.month}月{day.day}日"
    return f"{day.year}年{day.month}月{day.day}日"


def people_time(moment: datetime, now: datetime, zone: tzinfo) -> str:
    """Say a moment: 刚刚, 3 分钟前, 今天 16:00, 周五 10:00, 3 天前, 3月5日 16:00, 2025年3月5日."""
    there, here = moment.astimezone(zone), now.astimezone(zone)
    past = now - moment
    if NONE <= past < HOUR:
        minutes = past.seconds // 60
        return f"{minutes} 分钟前" if minutes else "刚刚"
    days = (here.date() - there.date()).days
    if 3 <= days <= 6:
        return f"{days} 天前"
    said = people_date(there.date(), here.date())
    return said if there.year != here.year and abs(days) > 14 else f"{said} {_clock_words(there)}"


def _clock_words(there: datetime) -> str:
    return f"{there.hour:02}:{there.minute:02}"


def people_slot(start: datetime, end: datetime, now: datetime, zone: tzinfo) -> str:
    """Say a window: 明天上午, 今天下午, 明天 14:00–16:00, 今天 22:00 – 明天 06:00."""
    a, b, here = start.astimezone(zone), end.astimezone(zone), now.astimezone(zone)
    day = people_date(a.date(), here.date())
    if a.date() != b.date():
        return f"{day} {a:%H:%M} – {people_date(b.date(), here.date())} {b:%H:%M}"
    if a.hour <= 9 and b.time() == time(12):
        return f"{day}上午"
    if 12 <= a.hour <= 14 and time(17) <= b.time() <= time(18, 30):
        return f"{day}下午"
    return f"{day} {a:%H:%M}–{b:%H:%M}"


def exact_time(moment: datetime, zone: tzinfo) -> str:
    """Write a moment out in full: 2025-11-25 15:30 周二."""
    there = moment.astimezone(zone)
    return f"{there.year}-{there.month:02}-{there.day:02} {_clock_words(there)} 周{WEEKDAYS[there.weekday()]}"


def duration_words(seconds: float) -> str:
    """Say a length of time in its two largest units: 45 秒, 40 分钟, 2 小时 5 分, 3 天 2 小时."""
    whole = abs(int(seconds))
    if whole < 60:
        return f"{whole} 秒"
    if whole < 3600:
        return f"{whole // 60} 分钟"
    if whole < 86400:
        hours, minutes = divmod(whole // 60, 60)
        return f"{hours} 小时 {minutes} 分" if minutes else f"{hours} 小时"
    days, hours = divmod(whole // 3600, 24)
    return f"{days} 天 {hours} 小时" if hours else f"{days} 天"


def due_words(due: datetime, now: datetime, zone: tzinfo) -> Due:
    """Say a deadline: 逾期 2 小时 (red), 还剩 40 分钟 (amber), 今天 16:00 (plain)."""
    left = due - now
    exact = exact_deadline(due, zone)
    if left < NONE:
        return Due(_overdue(-left), "red", exact)
    if left < MINUTE:
        return Due("还剩不到 1 分钟", "amber", exact)
    if left < SOON:
        return Due(f"还剩 {duration_words(left.total_seconds())}", "amber", exact)
    return Due(deadline_time(due, now, zone), "plain", exact)


def deadline_time(due: datetime, now: datetime, zone: tzinfo) -> str:
    """Say when a deadline is: as any moment, but midnight belongs to the day that ends with it: 今天 24:00."""
    if not _ends_a_day(due, zone) or NONE <= now - due < HOUR:
        return people_time(due, now, zone)
    said = people_time(due - MINUTE, now, zone)
    return f"{said.removesuffix('23:59')}24:00" if said.endswith("23:59") else said


def exact_deadline(due: datetime, zone: tzinfo) -> str:
    """Write a deadline out in full; midnight as 24:00 of the day that ends: 2025-11-25 24:00 周二."""
    if not _ends_a_day(due, zone):
        return exact_time(due, zone)
    return exact_time(due - MINUTE, zone).replace("23:59", "24:00")


def _ends_a_day(due: datetime, zone: tzinfo) -> bool:
    there = due.astimezone(zone)
    return there.hour == there.minute == there.second == there.microsecond == 0


def _overdue(late: timedelta) -> str:
    if late.days:
        return f"逾期 {late.days} 天"
    if late < MINUTE:
        return "刚刚逾期"
    return f"逾期 {late.seconds // 60} 分钟" if late < HOUR else f"逾期 {late.seconds // 3600} 小时"


DAY_WORDS = {"前天": -2, "昨天": -1, "今天": 0, "今日": 0, "今晚": 0, "今早": 0, "明天": 1, "明日": 1, "明早": 1}
DAY_WORDS |= {"明晚": 1, "后天": 2, "大后天": 3, "昨晚": -1}
DAY = re.compile(
    r"(?P<word>大后天|前天|昨[天晚]|今[天日晚早]|明[天日晚早]|后天)"
    r"|(?P<next>下)?(?:周|星期|礼拜)(?P<week>[一二三四五六日天1-7])"
    r"|(?:(?P<year>\d{4})[-/.年])?(?P<month>\d{1,2})[-/.月](?P<day>\d{1,2})[日号]?"
)
CLOCK = re.compile(
    r"(?P<part>凌晨|早上|早|上午|中午|下午|傍晚|晚上|晚)?"
    r"(?:(?P<hour>\d{1,2})(?:[::](?P<minute>\d{2})(?::\d{2})?|[点时](?:(?P<half>半)|(?P<quarter>[一三])刻|(?P<min>\d{1,2})分?)?))"
)
NUMERALS = str.maketrans("一二两三四五六七八九", "1223456789")


def read_time(text: str, now: datetime, zone: tzinfo) -> datetime | None:
    """Understand a typed moment (今天 16:00, 明天9点, 下周一 10:30, 11-25 15:30, ISO), or return None.

    A clock without a day means today; a day without a clock is not a moment. A day without a year is taken from this
    year, or from the next when it lies more than half a year back.
    """
    said = unicodedata.normalize("NFKC", text).strip()
    if re.match(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}", said):
        return _read_iso(said, zone)
    said = re.sub(r"\s+", "", said.replace("T", " ")) if not re.search(r"\d\s+\d", said) else said
    said = re.sub(r"十([一二三四五六七八九])?(?=[点时])", lambda m: f"1{m[1] or 0}", said)
    said = re.sub(r"[一二两三四五六七八九](?=[点时])", lambda m: m[0].translate(NUMERALS), said)
    here = now.astimezone(zone)
    day = DAY.match(said)
    rest = said[day.end() :].strip(" ,") if day else said
    clock = CLOCK.fullmatch(rest)
    if clock is None:
        return None
    part = clock["part"] or ({"晚": "晚", "早": "早"}.get(day["word"][-1]) if day and day["word"] else None)
    try:
        chosen = _day(day, here.date()) if day else here.date()
        return datetime.combine(chosen, _clock(clock, part), zone)
    except ValueError:
        return None


def _read_iso(said: str, zone: tzinfo) -> datetime | None:
    try:
        moment = datetime.fromisoformat(said)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _day(said: re.Match[str], today: date) -> date:
    if said["word"]:
        return today + timedelta(days=DAY_WORDS[said["word"]])
    if said["week"]:
        weekday = "一二三四五六日".find(said["week"].replace("天", "日").translate(str.maketrans("1234567", WEEKDAYS)))
        monday = today - timedelta(days=today.weekday())
        return monday + timedelta(days=weekday + (7 if said["next"] else 0))
    if said["year"]:
        return date(int(said["year"]), int(said["month"]), int(said["day"]))
    day = date(today.year, int(said["month"]), int(said["day"]))
    return day if (today - day).days <= 183 else date(today.year + 1, day.month, day.day)


def _clock(said: re.Match[str], part: str | None) -> time:
    hour = int(said["hour"])
    if part in ("晚上", "晚") and hour == 12:
        raise ValueError("晚上12点: today's noon or the midnight after? ask")
    if part in ("下午", "傍晚", "晚上", "晚") and hour < 12:
        hour += 12
    if part == "中午" and hour < 11:
        hour += 12
    quarter = {"一": 15, "三": 45}.get(said["quarter"] or "", 0)
    minute = 30 if said["half"] else quarter or int(said["minute"] or said["min"] or 0)
    return time(hour, minute)
