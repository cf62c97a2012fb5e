"""A sealed stream comes back whole or not at all."""

import io

import pytest

from huiyin.foundation.backups.rules import BackupRefused
from huiyin.foundation.backups.sealing import _HEAD, CHUNK, MAGIC, Opener, Sealer

KEY = "河东狮吼 9f2c"
START = len(MAGIC) + 32


def seal(data: bytes) -> bytes:
    out = io.BytesIO()
    sealer = Sealer(out, KEY)
    for at in range(0, len(data), 300_000):
        sealer.write(data[at : at + 300_000])
    sealer.close()
    return out.getvalue()


def opened(sealed: bytes, key: str = KEY) -> bytes:
    opener, found = Opener(io.BytesIO(sealed), key), b""
    while block := opener.read(100_000):
        found += block
    return found


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_what_is_sealed_comes_back(size: int) -> None:
    data = bytes(range(256)) * (size // 256 + 1)

    sealed = seal(data[:size])

    assert opened(sealed) == data[:size]
    assert data[:64] not in sealed or size < 64


def test_a_wrong_key_is_said_to_be_one() -> None:
    with pytest.raises(BackupRefused, match="密钥不对"):
        opened(seal(b"geheim"), "another")


def test_the_same_data_is_never_sealed_alike() -> None:
    assert seal(b"x" * 100)[START:] != seal(b"x" * 100)[START:]


def test_anything_changed_is_noticed() -> None:
    sealed = bytearray(seal(b"x" * (2 * CHUNK + 5)))
    for at in (START, START + 3, START + 40, START + CHUNK + 30, len(sealed) - 1):
        changed = bytearray(sealed)
        changed[at] ^= 1
        with pytest.raises(BackupRefused, match="备份"):
            opened(bytes(changed))


def test_an_end_cut_off_at_a_chunk_is_noticed() -> None:
    sealed = seal(b"x" * (2 * CHUNK + 5))
    whole = _HEAD.size + CHUNK + 16

    with pytest.raises(BackupRefused, match="不完整"):
        opened(sealed[: START + 2 * whole])


def test_two_chunks_that_changed_places_are_noticed() -> None:
    sealed = seal(b"a" * CHUNK + b"b" * CHUNK + b"c")
    whole = _HEAD.size + CHUNK + 16
    first, second = sealed[START : START + whole], sealed[START + whole : START + 2 * whole]

    with pytest.raises(BackupRefused, match="已损坏"):
        opened(sealed[:START] + second + first + sealed[START + 2 * whole :])
