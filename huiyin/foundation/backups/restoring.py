"""The way back: an archive into an empty place, every sum of its manifest held against what came out."""

import errno
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from huiyin.foundation.backups import archive, engines
from huiyin.foundation.backups.manifest import Manifest
from huiyin.foundation.backups.rules import BackupRefused
from huiyin.foundation.backups.snapshot import differing

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@dataclass(frozen=True)
class Restored:
    """What came back, the steps this version is ahead of it, and the secrets that were put back."""

    manifest: Manifest
    pending: tuple[str, ...]
    secrets: tuple[str, ...]


def restore(path: Path, *, passphrase: str = "", with_secrets: bool = False) -> Restored:
    """Put the archive back into the configured, empty place.

    Refused when anything is there already, the archive is damaged or sealed with another key, was made on another
    engine or by a newer version, or when a table does not come out as it went in. A refusal leaves the place empty.
    """
    if not path.is_file():
        raise BackupRefused(f"没有这个文件:{path}")
    _refuse_unless_empty()
    with _room() as work:
        manifest = archive.unpack(path, work, passphrase=passphrase)
        pending = _pending(manifest)
        changed = list(differing(manifest.tables, engines.prepare(connection, work)))
        if changed:
            raise BackupRefused(f"恢复出来的内容与清单不符:{'、'.join(changed[:5])}。请不要使用,换一份备份")
        _put_files(work)
        put_back = _put_secrets(work) if with_secrets else ()
        engines.put(connection, work)
    return Restored(manifest, pending, put_back)


def _refuse_unless_empty() -> None:
    if not engines.is_empty(connection):
        raise BackupRefused("这里已经有数据库了;恢复只能到空的地方:换一个 --into,或者先移走原来的数据")
    if _stored(settings.MEDIA_ROOT):
        raise BackupRefused(f"{settings.MEDIA_ROOT} 里已经有文件;恢复只能到空的地方")


def _pending(manifest: Manifest) -> tuple[str, ...]:
    """Return the migrations the archive lacks. Refused when it knows some that this version does not."""
    if manifest.engine != connection.vendor:
        raise BackupRefused(f"这份备份来自 {manifest.engine},这里配置的是 {connection.vendor};请恢复到同一种数据库")
    known, done = set(MigrationLoader(None).disk_migrations), set(manifest.migrations)
    if newer := sorted(done - known):
        app, name = newer[0]
        raise BackupRefused(f"这份备份比装着的版本新({app} {name}),请先升级程序再恢复")
    return tuple(f"{app} {name}" for app, name in sorted(known - done))


@contextmanager
def _room() -> Iterator[Path]:
    work = settings.HOME / f".restore-{secrets.token_hex(4)}"
    try:
        work.mkdir(mode=0o700, parents=True)
        yield work
    except OSError as error:
        if error.errno in _FULL:
            raise BackupRefused("磁盘空间不足,没有恢复;这里仍然是空的") from error
        raise BackupRefused(f"写不进 {settings.HOME}:{error.strerror or error}") from error
    finally:
        archive.remove(work)


def _put_files(work: Path) -> None:
    if not (work / "files").exists():
        return
    if settings.MEDIA_ROOT.exists():
        settings.MEDIA_ROOT.rmdir()
    (work / "files").rename(settings.MEDIA_ROOT)
    engines.sync(settings.MEDIA_ROOT.parent)


def _put_secrets(work: Path) -> tuple[str, ...]:
    found = {path.name: path for path in (work / "secrets").glob("*")}
    for path in settings.SECRET_FILES:
        if path.name in found:
            found[path.name].rename(path)
    return tuple(sorted(found))


def _stored(folder: Path) -> bool:
    return folder.exists() and any(folder.iterdir())
