"""Encryption of a stream: AES-256-GCM in chunks, the key by scrypt from a passphrase that is kept elsewhere.

Each chunk is authenticated with its number and whether it is the last, so that none can be changed, moved or cut off.
"""

import os
import struct
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from huiyin.foundation.backups.rules import BackupRefused

MAGIC = b"HUIYIN SEALED 1\n"
CHUNK = 1024 * 1024
_SALT, _CHECK, _TAG = 16, 16, 16
_HEAD = struct.Struct(">BI")  # is it the last, how many bytes follow


class Sealer:
    """A file to write to; what comes out at `out` is sealed. `close` writes the last chunk and leaves `out` open."""

    def __init__(self, out: BinaryIO, passphrase: str) -> None:
        salt = os.urandom(_SALT)
        key, check = _keys(passphrase, salt)
        self._cipher = AESGCM(key)
        self._out = out
        self._number = 0
        self._pending = bytearray()
        out.write(MAGIC + salt + check)

    def write(self, data: bytes) -> int:
        self._pending += data
        while len(self._pending) > CHUNK:
            self._put(bytes(self._pending[:CHUNK]), last=False)
            del self._pending[:CHUNK]
        return len(data)

    def close(self) -> None:
        self._put(bytes(self._pending), last=True)
        self._pending.clear()

    def _put(self, data: bytes, *, last: bool) -> None:
        sealed = self._cipher.encrypt(_nonce(self._number), data, _about(last))
        self._out.write(_HEAD.pack(last, len(sealed)) + sealed)
        self._number += 1


class Opener:
    """A file to read from: what was sealed. Refused for the wrong passphrase and for anything changed or missing."""

    def __init__(self, source: BinaryIO, passphrase: str) -> None:
        if source.read(len(MAGIC)) != MAGIC:
            raise BackupRefused("这不是加密的备份")
        salt, check = source.read(_SALT), source.read(_CHECK)
        key, expected = _keys(passphrase, salt)
        if check != expected:
            raise BackupRefused("密钥不对:这份备份是用另一把密钥加密的")
        self._cipher = AESGCM(key)
        self._source = source
        self._number = 0
        self._pending = b""
        self._ended = False

    def read(self, size: int) -> bytes:
        while len(self._pending) < size and not self._ended:
            self._pending += self._next()
        given, self._pending = self._pending[:size], self._pending[size:]
        return given

    def _next(self) -> bytes:
        head = self._source.read(_HEAD.size)
        if len(head) != _HEAD.size:
            raise BackupRefused("备份不完整:后面的内容缺失")
        last, size = _HEAD.unpack(head)
        if size > CHUNK + _TAG:
            raise BackupRefused("备份已损坏:内容与加密时不同")
        try:
            data = self._cipher.decrypt(_nonce(self._number), self._source.read(size), _about(bool(last)))
        except InvalidTag:
            raise BackupRefused("备份已损坏:内容与加密时不同") from None
        self._number += 1
        self._ended = bool(last)
        return data


def is_sealed(source: BinaryIO) -> bool:
    """Look at the first bytes, and go back to the start."""
    found = source.read(len(MAGIC)) == MAGIC
    source.seek(0)
    return found


def _keys(passphrase: str, salt: bytes) -> tuple[bytes, bytes]:
    """Return the key, and what tells a wrong one from damage."""
    derived = Scrypt(salt=salt, length=32 + _CHECK, n=2**15, r=8, p=1).derive(passphrase.encode())
    return derived[:32], derived[32:]


def _nonce(number: int) -> bytes:
    return number.to_bytes(12, "big")  # the key is new in each file, so the number never comes twice


def _about(last: bool) -> bytes:
    return b"last" if last else b"more"
