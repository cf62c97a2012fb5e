"""How values are written on paper: moments in full, long words breakable, amounts in capitals."""

import re
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils.timezone import get_current_timezone

_LONG_RUN = re.compile(r"[!-~]{24,}")
_BREAK = "\u200b"
_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")
_LARGEST = Decimal("9999999999999999.99")


def moment(at: datetime | None) -> str:
    """Write a moment as forms do: 2026-11-22 09:19; nothing for none."""
    return f"{at.astimezone(get_current_timezone()):%Y-%m-%d %H:%M}" if at else ""


def day(at: datetime | None) -> str:
    return f"{at.astimezone(get_current_timezone()):%Y-%m-%d}" if at else ""


def short(at: datetime | None) -> str:
    """Write a moment where the year stands in the head of the page: 11-22 09:19."""
    return moment(at)[5:]


def span(start: datetime | None, end: datetime | None) -> str:
    """Write a window: 2026-11-22 14:00–16:00; over midnight both in full. Midnight ends the day before it: 24:00."""
    if start is None or end is None:
        return moment(start or end)
    last = moment(end)
    if last.endswith("00:00"):
        last, end = f"{day(end - timedelta(minutes=1))} 24:00", end - timedelta(minutes=1)
    return f"{moment(start)}–{last[11:] if day(start) == day(end) else last}"


def name(thing: object) -> str:
    """Write somebody or something by name; nothing for none."""
    return str(getattr(thing, "name", None) or thing) if thing else ""


def breakable(text: str) -> str:
    """Let a long run without blanks (an address of the web, a serial) break inside its cell."""
    return _LONG_RUN.sub(lambda run: _BREAK.join(re.findall(".{1,12}", run[0])), text)


def rmb_capitals(amount: Decimal) -> str:
    """Write an amount of money in the capitals that cannot be altered: 壹佰零伍元叁角整.

    Refuses (ValueError) more than two places or sixteen digits: rounding is not decided here.
    """
    if amount != amount.quantize(Decimal("0.01")) or abs(amount) > _LARGEST:
        raise ValueError(f"{amount} is no amount of money")
    sign = "负" if amount < 0 else ""
    fen = int(abs(amount) * 100)
    yuan, jiao, fen = fen // 100, fen // 10 % 10, fen % 10
    whole = f"{_integer(yuan)}元" if yuan or not (jiao or fen) else ""
    if not jiao and not fen:
        return f"{sign}{whole}整"
    tenths = f"{_DIGITS[jiao]}角" if jiao else "零" if yuan else ""
    return f"{sign}{whole}{tenths}{_DIGITS[fen]}分" if fen else f"{sign}{whole}{tenths}整"


def _integer(number: int) -> str:
    if number == 0:
        return _DIGITS[0]
    written, gap = "", False
    for group in reversed(range(len(_GROUPS))):
        four = number // 10 ** (4 * group) % 10_000
        if not four:
            gap = bool(written)
            continue
        # A group that begins with nought, or follows an empty one, is set off by one nought.
        written += (_DIGITS[0] if written and (gap or four < 1000) else "") + _four(four) + _group(group, number)
        gap = False
    return written


def _group(group: int, number: int) -> str:
    """Name the group; 万亿 is said 万 where 亿 follows with figures of its own."""
    return "万" if group == 3 and number // 10**8 % 10_000 else _GROUPS[group]


def _four(number: int) -> str:
    written, gap = "", False
    for place in reversed(range(4)):
        digit = number // 10**place % 10
        if digit:
            written += (_DIGITS[0] if gap and written else "") + _DIGITS[digit] + _PLACES[place]
        gap = not digit
    return written
