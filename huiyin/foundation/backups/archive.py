"""The archive: a tar of the database, the files and, last, the manifest; sealed as a whole when there is a passphrase."""

import hashlib
import io
import os
import re
import shutil
import tarfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

from huiyin.foundation.backups import manifest as manifests
from huiyin.foundation.backups.manifest import Manifest, Part
from huiyin.foundation.backups.rules import BackupRefused
from huiyin.foundation.backups.sealing import Opener, Sealer, is_sealed

MANIFEST = "manifest.json"
MAX_MANIFEST = 256 * 1024 * 1024
DAMAGED = "备份已损坏:{}"
_NAME = re.compile(r"database\.(sqlite3\.gz|pgdump)|files/[0-9a-f]{2}/[\w.-]+|secrets/[\w.-]+")
_BLOCK = 1024 * 1024


def write(path: Path, members: Iterable[tuple[str, Path]], about: Manifest, *, passphrase: str) -> Manifest:
    """Write the archive and return its manifest, completed by the sums of the parts. On the disk when this returns."""
    parts: list[Part] = []
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        sink: Any = Sealer(file, passphrase) if passphrase else file
        with tarfile.open(fileobj=sink, mode="w|", format=tarfile.PAX_FORMAT) as tar:
            for name, source in members:
                parts.append(_add(tar, name, source))
                tar.members.clear()  # type: ignore[attr-defined]  # a hundred thousand photos would all be remembered
            complete = replace(about, parts=tuple(parts))
            data = manifests.written(complete)
            entry = tarfile.TarInfo(MANIFEST)
            entry.size = len(data)
            tar.addfile(entry, io.BytesIO(data))
        if passphrase:
            sink.close()
        file.flush()
        os.fsync(file.fileno())
    return complete


def check(path: Path, *, passphrase: str) -> Manifest:
    """Read the archive from end to end and hold every part against the manifest."""
    return _walk(path, passphrase=passphrase, into=None)


def unpack(path: Path, into: Path, *, passphrase: str) -> Manifest:
    """Write the parts into an empty folder, each held against the manifest.

    Refused when anything is missing, changed, or not called as the parts of an archive are.
    """
    return _walk(path, passphrase=passphrase, into=into)


def sum_of(source: IO[bytes], out: IO[bytes] | None = None) -> tuple[int, str]:
    """Return size and SHA-256 of what can be read, copying it on the way."""
    size, digest = 0, hashlib.sha256()
    while block := source.read(_BLOCK):
        size += len(block)
        digest.update(block)
        if out is not None:
            out.write(block)
    return size, digest.hexdigest()


def _walk(path: Path, *, passphrase: str, into: Path | None) -> Manifest:
    found: list[Part] = []
    manifest: Manifest | None = None
    with _members(path, passphrase) as members:
        for name, source in members:
            if manifest is not None or (name != MANIFEST and not _NAME.fullmatch(name)):
                raise BackupRefused(DAMAGED.format(f"里面有不认识的内容「{name[:80]}」"))
            if name == MANIFEST:
                manifest = _manifest(source)
            else:
                found.append(_take(name, source, into))
    if manifest is None:
        raise BackupRefused("备份不完整:没有清单")
    _compare(manifest, found)
    return manifest


@contextmanager
def _members(path: Path, passphrase: str) -> Iterator[Iterator[tuple[str, IO[bytes]]]]:
    try:
        with path.open("rb") as file:
            source: Any = _opened(file, passphrase)
            with tarfile.open(fileobj=source, mode="r|") as tar:
                yield _entries(tar)
    except (tarfile.TarError, EOFError, UnicodeDecodeError):
        raise BackupRefused(DAMAGED.format("读到一半读不下去")) from None


def _entries(tar: tarfile.TarFile) -> Iterator[tuple[str, IO[bytes]]]:
    while (entry := tar.next()) is not None:
        if entry.isfile():
            yield entry.name, cast(IO[bytes], tar.extractfile(entry))
        tar.members.clear()  # type: ignore[attr-defined]  # not in its stub


def _opened(file: BinaryIO, passphrase: str) -> BinaryIO | Opener:
    if not is_sealed(file):
        return file
    if not passphrase:
        raise BackupRefused("这份备份是加密的,请给出密钥文件:--key-file FILE")
    return Opener(file, passphrase)


def _take(name: str, source: IO[bytes], into: Path | None) -> Part:
    if into is None:
        return Part(name, *sum_of(source))
    target = into / name
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        size, digest = sum_of(source, out)
        out.flush()
        os.fsync(out.fileno())
    return Part(name, size, digest)


def _manifest(source: IO[bytes]) -> Manifest:
    try:
        return manifests.read(source.read(MAX_MANIFEST))
    except (KeyError, TypeError, ValueError):
        raise BackupRefused(DAMAGED.format("清单读不懂,也可能是更新的版本写的")) from None


def _compare(manifest: Manifest, found: list[Part]) -> None:
    if [part.name for part in manifest.parts] != [part.name for part in found]:
        raise BackupRefused(DAMAGED.format("内容与清单列的不一样"))
    for said, is_now in zip(manifest.parts, found, strict=True):
        if said != is_now:
            raise BackupRefused(DAMAGED.format(f"「{said.name}」与清单的校验和不符"))


def _add(tar: tarfile.TarFile, name: str, source: Path) -> Part:
    with source.open("rb") as file:
        entry = tarfile.TarInfo(name)
        entry.size = os.fstat(file.fileno()).st_size
        entry.mode = 0o600
        reader = _Summing(file)
        tar.addfile(entry, cast(IO[bytes], reader))
    return Part(name, entry.size, reader.digest.hexdigest())


class _Summing:
    """A file that sums what is read from it."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        block = self._file.read(size)
        self.digest.update(block)
        return block


def remove(path: Path) -> None:
    """Take away a folder or a file that was not finished."""
    shutil.rmtree(path, ignore_errors=True)
    path.unlink(missing_ok=True)
