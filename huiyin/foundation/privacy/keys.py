"""The keys sensitive fields are encrypted with. They live in a file (or the environment), never in the database.

The file holds one Fernet key a line, the newest first: the first encrypts, all of them decrypt.
"""

import hashlib
import os
import stat
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

from huiyin.foundation.refusals import Refused

MARK_LENGTH = 8


class KeyMissing(Refused):
    """What is encrypted cannot be read: the key it was written with is not there."""


@dataclass(frozen=True)
class Ring:
    """The keys at hand, the one that encrypts first, each with the mark that stands before what it wrote."""

    keys: tuple[str, ...]

    @property
    def marks(self) -> list[str]:
        return [mark_of(key) for key in self.keys]

    def seal(self, text: str) -> str:
        """Encrypt with the first key: `mark:token`. Nothing stays nothing."""
        if not text:
            return ""
        return f"{mark_of(self.keys[0])}:{_fernet(self.keys[0]).encrypt(text.encode()).decode()}"

    def open(self, sealed: str) -> str:
        """Decrypt what was sealed with any of the keys. Refused when its key is not there or the text was altered."""
        if not sealed:
            return ""
        mark, _, token = sealed.partition(":")
        key = next((key for key in self.keys if mark_of(key) == mark), None)
        if key is None:
            raise KeyMissing(f"缺少编号 {mark} 的密钥,请从备份放回密钥文件")
        try:
            return _fernet(key).decrypt(token.encode()).decode()
        except InvalidToken:
            raise KeyMissing("加密的内容被改动过,无法读出") from None


def ring() -> Ring:
    """Return the keys at hand. Without any, a first one is made and kept in the key file."""
    given = tuple(str(settings.FIELD_KEY).replace(",", "\n").split())
    if given:
        return _checked(given)
    path = key_file()
    if not path.exists():
        write_keys((Fernet.generate_key().decode(),))
    return _checked(tuple(path.read_text().split()))


def key_file() -> Path:
    return Path(settings.FIELD_KEY_FILE)


def keeps_file() -> bool:
    """Tell whether the keys are kept in a file of ours, to which a new one can be added."""
    return not settings.FIELD_KEY


def add_key() -> str:
    """Put a new key before the others and return its mark. What is encrypted so far is still read by the old ones."""
    if not keeps_file():
        raise KeyMissing("密钥来自环境变量 HUIYIN_FIELD_KEY:请把新密钥写在最前面(逗号隔开),再运行一次")
    new = Fernet.generate_key().decode()
    write_keys((new, *ring().keys))
    return mark_of(new)


def write_keys(keys: tuple[str, ...]) -> None:
    """Write the key file anew, readable by its owner only, whole or not at all."""
    path = key_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write("\n".join(keys) + "\n")
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def is_open_to_others() -> bool:
    """Tell whether somebody besides its owner may read the key file."""
    path = key_file()
    return keeps_file() and path.exists() and bool(path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))


@lru_cache(maxsize=64)
def mark_of(key: str) -> str:
    """Return the mark of a key: it tells keys apart and nothing about them."""
    return hashlib.sha256(b"huiyin field key " + key.encode()).hexdigest()[:MARK_LENGTH]


@lru_cache(maxsize=64)
def _fernet(key: str) -> Fernet:
    return Fernet(key)


@lru_cache(maxsize=8)
def _checked(keys: tuple[str, ...]) -> Ring:
    if not keys:
        raise KeyMissing(f"密钥文件 {key_file()} 是空的,请从备份放回")
    for key in keys:
        try:
            _fernet(key)
        except ValueError:
            raise KeyMissing("密钥文件里有一行不是密钥,请从备份放回") from None
    return Ring(keys)
