"""Finding files, opening them, and proving that they are still what was handed in."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from django.db.models import Case, IntegerField, Q, QuerySet, When
from django.utils.http import content_disposition_header

from huiyin.foundation.files import storage
from huiyin.foundation.files.models import StoredFile
from huiyin.foundation.rows import Prepared


@dataclass(frozen=True)
class Download:
    """An open stream and the headers that keep a browser from running what is in it."""

    stream: BinaryIO
    headers: dict[str, str]


def file_with_id(file_id: int) -> StoredFile | None:
    return StoredFile.objects.filter(pk=file_id).first()


_FILES_OF = Prepared(
    lambda subject_type, subject_id: StoredFile.objects.filter(
        subject_type=subject_type, subject_id=subject_id
    ).order_by("id")
)


def files_of(subject_type: str, subject_id: int) -> list[StoredFile]:
    return _FILES_OF.all(subject_type, subject_id)


def files_of_all(subjects: Iterable[tuple[str, int]]) -> QuerySet[StoredFile]:
    """Return the files of several subjects, in the order of the subjects, each oldest first."""
    found = StoredFile.objects.none()
    wanted = Q(pk__in=())
    place = []
    for number, (subject_type, subject_id) in enumerate(subjects):
        one = Q(subject_type=subject_type, subject_id=subject_id)
        wanted |= one
        place.append(When(one, then=number))
    return (
        StoredFile.objects.filter(wanted).order_by(Case(*place, output_field=IntegerField()), "id") if place else found
    )


def open_for_download(stored: StoredFile) -> Download:
    """Open the file for a person who may see its subject: that is for the caller to have asked."""
    return Download(
        stream=storage.get(stored.stored_name),
        headers={
            "Content-Type": stored.content_type,
            "Content-Length": str(stored.size),
            "Content-Disposition": content_disposition_header(True, stored.original_name) or "attachment",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Cross-Origin-Resource-Policy": "same-origin",
            # One person's files must not stay in a shared cache; the bytes under an id never change.
            "Cache-Control": "private, max-age=3600",
        },
    )


def is_intact(stored: StoredFile) -> bool:
    """Say whether the bytes on disk are there and still those of the row."""
    try:
        with storage.get(stored.stored_name) as stream:
            return hashlib.sha256(stream.read()).hexdigest() == stored.sha256
    except FileNotFoundError:
        return False


def damaged_files() -> Iterator[StoredFile]:
    """Yield every file whose bytes are missing or changed. Reads the whole store."""
    return (stored for stored in StoredFile.objects.order_by("id").iterator() if not is_intact(stored))
