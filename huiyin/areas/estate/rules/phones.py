"""One spelling for a telephone number, and the spellings a half-typed one may begin with."""

import re
import unicodedata

from huiyin.foundation.kit.forms import read_phone as read_full

MOBILE = re.compile(r"1[3-9]\d{9}")
LOCAL = re.compile(r"[2-8]\d{6,7}")
NUMBER_LENGTH = 24
_EXTENSION = re.compile(r"(?:转|轉|分机|ext\.?|x|#)\s*\d{1,6}$", re.IGNORECASE)
_BETWEEN = re.compile(r"[\s\-()]")


def read_phone(text: str) -> str | None:
    """Read a number into the house's one spelling: 13800138000, 010-65551234转801; local landlines stay as they are.

    None when it is no telephone number.
    """
    if MOBILE.fullmatch(text):
        return text
    said = unicodedata.normalize("NFKC", text).strip()
    number = read_full(said)
    if number is None:
        bare = _BETWEEN.sub("", said)
        extension = _EXTENSION.search(bare)
        main = bare[: extension.start()] if extension else bare
        if not LOCAL.fullmatch(main):
            return None
        number = main + (f"转{re.sub(r'[^0-9]', '', extension[0])}" if extension else "")
    return number if len(number) <= NUMBER_LENGTH else None


def tail_of(number: str) -> str:
    """Return the last four digits of the number itself, without the extension."""
    return re.sub(r"\D", "", number.partition("转")[0])[-4:]


def split_phones(text: str) -> list[str]:
    """Split a cell with several numbers, as people write them side by side."""
    if MOBILE.fullmatch(text):
        return [text]
    pieces = [piece.strip() for piece in re.split(r"[/、,,;;|\n]", unicodedata.normalize("NFKC", text))]
    split: list[str] = []
    for piece in filter(None, pieces):
        parts = piece.split()
        whole = len(parts) == 1 or read_phone(piece) is not None
        split += [piece] if whole or any(read_phone(part) is None for part in parts) else parts
    return split


def digits_of(text: str) -> str:
    """Return the digits of a typed number, or nothing when it holds anything a number does not."""
    said = _BETWEEN.sub("", unicodedata.normalize("NFKC", text)).removeprefix("+86")
    return said if said.isdecimal() and said.isascii() else ""


def beginnings(digits: str) -> list[str]:
    """Return how a stored number may begin that was typed as these digits: 0106555 is kept as 010-6555."""
    if not digits.startswith("0") or digits.startswith("00"):
        return [digits]
    area = 3 if digits[1:2] in ("1", "2") else 4
    return [f"{digits[:area]}-{digits[area:]}" if len(digits) > area else digits]
