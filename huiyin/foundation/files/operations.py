"""Taking files in. Bytes first, row second: a row never points at nothing; bytes without a row are swept later."""

import base64
import binascii
import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.files.base import File

from huiyin.foundation.accounts.models import User
from huiyin.foundation.files import images, scanning, storage
from huiyin.foundation.files.models import StoredFile
from huiyin.foundation.files.rules import (
    EXTENSIONS,
    HEIC,
    IMAGE_FORMATS,
    JPEG,
    MAX_BYTES,
    MAX_SIGNATURE_BYTES,
    PHOTOS,
    PNG,
    SIGNATURES,
    Allowed,
    FileRefused,
    content_type_of,
    safe_name,
)
from huiyin.foundation.transactions import command

_DATA_URL = "data:image/png;base64,"
_LONGEST_DATA_URL = len(_DATA_URL) + MAX_SIGNATURE_BYTES * 4 // 3


class NotSigned(FileRefused):
    """The signature pad came back empty, or not at all."""


@dataclass(frozen=True)
class Taken:
    """What is kept of an upload: its bytes once cleaned, and their type."""

    data: bytes
    content_type: str
    allowed: Allowed


def take_in(upload: "File[bytes]", allowed: Allowed) -> Taken:
    """Judge, scan and clean an upload; pictures come out shrunk, documents as they are.

    The result stays with the upload: a form asks before the transaction, and the operation inside it finds the answer.
    Refused when it is empty, too large, infected, not of an allowed type by its content, or cannot be read to the end.
    """
    held = upload.__dict__.get("_taken")
    if isinstance(held, Taken) and held.allowed == allowed:
        return held
    upload.seek(0)
    data = upload.read(MAX_BYTES + 1)
    upload.seek(0)
    content_type = content_type_of(data, allowed)
    if settings.CLAMD:
        scanning.refuse_infected(data, settings.CLAMD)
    if content_type in (*IMAGE_FORMATS, HEIC):
        data = images.clean(data, content_type)
    taken = Taken(data, JPEG if content_type == HEIC else content_type, allowed)
    upload.__dict__["_taken"] = taken
    return taken


def store_upload(
    upload: "File[bytes]",
    *,
    actor: User | None,
    at: datetime,
    estate_id: int | None,
    subject_type: str,
    subject_id: int,
    allowed: Allowed = PHOTOS,
) -> StoredFile:
    """Keep the uploaded file: pictures cleaned and shrunk, documents as they are.

    Refused when it is empty, too large, not of an allowed type by its content, or cannot be read to the end.
    """
    taken = take_in(upload, allowed)
    return _keep(
        taken.data,
        taken.content_type,
        name=safe_name(upload.name or "", taken.content_type),
        estate_id=estate_id,
        subject_type=subject_type,
        subject_id=subject_id,
        uploaded_by=actor,
        uploaded_at=at,
    )


def store_signature(
    data_url: str,
    *,
    actor: User | None,
    at: datetime,
    estate_id: int | None,
    subject_type: str,
    subject_id: int,
) -> StoredFile:
    """Keep what was drawn on the signature pad, handed in as a `data:image/png;base64,` string.

    Refused when the pad is empty, holds no more than a dot, or the string is not such a picture.
    """
    data = _drawing(data_url)
    if not images.has_ink(data):
        raise NotSigned("请先签名")
    return _keep(
        data,
        PNG,
        name="签名.png",
        estate_id=estate_id,
        subject_type=subject_type,
        subject_id=subject_id,
        uploaded_by=actor,
        uploaded_at=at,
    )


def keep_made(
    data: bytes,
    content_type: str,
    *,
    name: str,
    actor: User,
    at: datetime,
    estate_id: int,
    subject: tuple[str, int],
) -> StoredFile:
    """Keep what this house made itself (a batch of prints): as it is, however large."""
    return _keep(
        data,
        content_type,
        name=safe_name(name, content_type),
        estate_id=estate_id,
        subject_type=subject[0],
        subject_id=subject[1],
        uploaded_by=actor,
        uploaded_at=at,
    )


def sweep_orphans(*, before: datetime) -> int:
    """Delete bytes written before the moment that no row points at: their transaction was rolled back.

    Let the moment be a day ago: a row may still be on its way.
    """
    old = [name for name, written in storage.names() if written < before.timestamp()]
    kept = set(StoredFile.objects.values_list("stored_name", flat=True).iterator())
    orphans = [name for name in old if name not in kept]
    for name in orphans:
        storage.remove(name)
    return len(orphans)


def _drawing(data_url: str) -> bytes:
    if not data_url.strip():
        raise NotSigned("请先签名")
    if not data_url.startswith(_DATA_URL) or len(data_url) > _LONGEST_DATA_URL:
        raise NotSigned(SIGNATURES.otherwise)
    try:
        data = base64.b64decode(data_url.removeprefix(_DATA_URL), validate=True)
        return images.clean(data, content_type_of(data, SIGNATURES))
    except (binascii.Error, FileRefused):
        raise NotSigned(SIGNATURES.otherwise) from None


@command
def _keep(data: bytes, content_type: str, *, name: str, **about: Any) -> StoredFile:
    return StoredFile.objects.create(
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
        content_type=content_type,
        original_name=name,
        stored_name=storage.put(data, EXTENSIONS[content_type]),
        **about,
    )
