"""Bytes on disk: random names under MEDIA_ROOT, complete or absent, synced before the row is written."""

import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from django.conf import settings


def put(data: bytes, extension: str) -> str:
    """Write the bytes under a new random name and return it. They are on the disk when this returns."""
    stem = secrets.token_hex(16)
    name = f"{stem[:2]}/{stem}.{extension}"
    path = _path(name)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.part")
    with open(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    partial.rename(path)
    for folder in (path.parent, path.parent.parent):
        _sync(folder)
    return name


def get(name: str) -> BinaryIO:
    """Open the bytes for reading. FileNotFoundError means that something outside took them away."""
    return _path(name).open("rb")


def remove(name: str) -> None:
    _path(name).unlink(missing_ok=True)


def names() -> Iterator[tuple[str, float]]:
    """Yield each name under MEDIA_ROOT, unfinished ones too, with the time in seconds when it was written."""
    root = Path(settings.MEDIA_ROOT)
    for path in root.glob("??/*"):
        yield path.relative_to(root).as_posix(), path.stat().st_mtime


def _path(name: str) -> Path:
    return Path(settings.MEDIA_ROOT) / name


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
