"""Making a backup: a moment of the database, the files of that moment, one archive, read again before it counts."""

import errno
import hashlib
import logging
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils.timezone import get_default_timezone

from huiyin.foundation.backups import archive, engines, rules
from huiyin.foundation.backups.manifest import Manifest
from huiyin.foundation.backups.models import Backup
from huiyin.foundation.backups.rules import BackupRefused
from huiyin.foundation.backups.snapshot import Snapshot
from huiyin.foundation.transactions import command

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_STALE = 24 * 3600
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Made:
    """An archive that was written and read again from end to end."""

    path: Path
    manifest: Manifest
    size: int


def make_backup(folder: Path, *, passphrase: str = "", with_secrets: bool = False, at: datetime) -> Backup:
    """Write an archive into the folder and keep a record of the attempt, also when it fails.

    Refused when the disk is full, the database damaged, or secrets should go into an archive that is not encrypted.
    """
    begun = time.monotonic()
    try:
        made = write_archive(folder, passphrase=passphrase, with_secrets=with_secrets, at=at)
    except BackupRefused as refusal:
        _keep_failure(refusal.sentence, at=at, seconds=time.monotonic() - begun)
        raise
    return _keep(made, encrypted=bool(passphrase), at=at, seconds=time.monotonic() - begun)


def write_archive(folder: Path, *, passphrase: str = "", with_secrets: bool = False, at: datetime) -> Made:
    """Write an archive into the folder under a temporary name, read it again, and only then give it its name."""
    if with_secrets and not passphrase:
        raise BackupRefused("密钥只能放进加密的备份,请加 --encrypt")
    name = rules.name_of(at.astimezone(get_default_timezone()), sealed=bool(passphrase))
    target = folder / name
    if target.exists():
        raise BackupRefused(f"{target} 已经在那里,请稍后再试")
    with _plain_speech(folder), _room_in(settings.HOME) as still, _room_in(folder) as work:
        snapshot = engines.take(connection, still)  # beside the data: what is not sealed yet does not travel
        damaged = tuple(_damaged(snapshot))
        members = [(snapshot.part, snapshot.path), *_files(snapshot, damaged), *(_secrets() if with_secrets else ())]
        about = Manifest(
            version=version("huiyin"),
            engine=snapshot.engine,
            made_at=at.isoformat(),
            migrations=snapshot.migrations,
            tables=snapshot.tables,
            parts=(),
            damaged_files=damaged,
        )
        archive.write(work / name, members, about, passphrase=passphrase)
        manifest = archive.check(work / name, passphrase=passphrase)
        (work / name).rename(target)
        engines.sync(folder)
    return Made(target, manifest, target.stat().st_size)


def thin(folder: Path) -> list[str]:
    """Delete the archives of the folder that the rule does not keep; return their names."""
    gone = rules.to_thin(path.name for path in folder.iterdir())
    for name in gone:
        (folder / name).unlink(missing_ok=True)
    return gone


@command
def _keep(made: Made, *, encrypted: bool, at: datetime, seconds: float) -> Backup:
    return Backup.objects.create(
        at=at,
        seconds=round(seconds),
        path=str(made.path),
        size=made.size,
        tables=len(made.manifest.tables),
        rows=made.manifest.rows,
        files=made.manifest.files,
        damaged_files=len(made.manifest.damaged_files),
        encrypted=encrypted,
    )


def _keep_failure(sentence: str, *, at: datetime, seconds: float) -> None:
    try:
        Backup.objects.create(at=at, seconds=round(seconds), error=sentence[:300])
    except DatabaseError:  # the disk that is full may be the database's own
        log.exception("a failed backup could not be recorded")


@contextmanager
def _plain_speech(folder: Path) -> Iterator[None]:
    """Say plainly what the disk refuses."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise BackupRefused("磁盘空间不足,备份没有做成;原有的备份都还在") from error
        raise BackupRefused(f"备份写不进 {folder}:{error.strerror or error}") from error


@contextmanager
def _room_in(folder: Path) -> Iterator[Path]:
    """Yield a working folder inside; leave nothing half done behind, also not what a killed run left."""
    work = folder / f".huiyin-{secrets.token_hex(4)}.partial"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for left in folder.glob(".huiyin-*.partial"):
        if time.time() - left.stat().st_mtime > _STALE:
            archive.remove(left)
    try:
        work.mkdir(mode=0o700)
        yield work
    finally:
        archive.remove(work)


def _damaged(snapshot: Snapshot) -> Iterator[str]:
    for name, digest in snapshot.files:
        try:
            with (settings.MEDIA_ROOT / name).open("rb") as file:
                if hashlib.file_digest(file, "sha256").hexdigest() != digest:
                    yield name
        except FileNotFoundError:
            yield name


def _files(snapshot: Snapshot, damaged: tuple[str, ...]) -> Iterator[tuple[str, Path]]:
    """Yield the files of the moment: each was on the disk before its row, and rows are never deleted."""
    return ((f"files/{name}", settings.MEDIA_ROOT / name) for name, _ in snapshot.files if name not in set(damaged))


def _secrets() -> Iterator[tuple[str, Path]]:
    return ((f"secrets/{path.name}", path) for path in settings.SECRET_FILES if path.exists())
