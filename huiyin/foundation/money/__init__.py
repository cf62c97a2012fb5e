"""Money in yuan: exact to the fen, rounded in one place, written in figures and in capitals.

Receipts name their amount in capitals (大写), so that a figure cannot be altered: 会计基础工作规范 art. 52.
"""

from decimal import ROUND_HALF_UP, Decimal

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿")
LARGEST = Decimal("9999999999.99")


def rounded(amount: Decimal) -> Decimal:
    """Return the amount to the fen, half a fen upwards: the only place where money is rounded."""
    return amount.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def figures(amount: Decimal) -> str:
    """Return the amount as people read it: 1,234.50."""
    return f"{rounded(amount):,.2f}"


def capitals(amount: Decimal) -> str:
    """Return the amount in financial capitals: 1005.30 → 壹仟零伍元叁角整.

    Raises `ValueError` for more than `LARGEST`.
    """
    amount = rounded(amount)
    if abs(amount) > LARGEST:
        raise ValueError(f"amount too large for a receipt: {amount}")
    fen_in_all = int(abs(amount) * 100)
    yuan, (jiao, fen) = fen_in_all // 100, divmod(fen_in_all % 100, 10)
    whole = f"{_whole(yuan)}元" if yuan else ""
    if not jiao and not fen:
        said = f"{whole or '零元'}整"
    elif not fen:
        said = f"{whole}{_DIGITS[jiao]}角整"
    elif not jiao:
        said = f"{whole}{'零' if yuan else ''}{_DIGITS[fen]}分"
    else:
        said = f"{whole}{_DIGITS[jiao]}角{_DIGITS[fen]}分"
    return f"负{said}" if amount < 0 else said


def _whole(number: int) -> str:
    """Return a positive whole number in capitals."""
    said, gap = "", False
    for group in reversed(range(len(_GROUPS))):
        four = number // 10 ** (4 * group) % 10_000
        if not four:
            gap = bool(said)
            continue
        # A group that begins with nought, or follows an empty one, is set off by one nought.
        said += (_DIGITS[0] if said and (gap or four < 1000) else "") + _four(four) + _GROUPS[group]
        gap = False
    return said


def _four(number: int) -> str:
    said, gap = "", False
    for place in reversed(range(4)):
        digit = number // 10**place % 10
        if digit:
            said += (_DIGITS[0] if gap and said else "") + _DIGITS[digit] + _PLACES[place]
        gap = not digit
    return said
