"""What may be handed in, judged by content alone: types, sizes, names. No database, no disk."""

import io
import re
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import PurePath

import filetype  # type: ignore[import-untyped]  # carries no types

from huiyin.foundation.refusals import Refused

MAX_BYTES = 15 * 1024 * 1024
MAX_PIXELS = 40_000_000
MAX_UNPACKED = 200 * 1024 * 1024
LONGEST_EDGE = 2560
MAX_SIGNATURE_BYTES = 512 * 1024

JPEG, PNG, WEBP = "image/jpeg", "image/png", "image/webp"
HEIC = "image/heic"  # what phones take; kept as JPEG, which everybody can open
PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv"
IMAGE_FORMATS = {JPEG: "JPEG", PNG: "PNG", WEBP: "WEBP"}
EXTENSIONS = {JPEG: "jpg", PNG: "png", WEBP: "webp", PDF: "pdf", DOCX: "docx", XLSX: "xlsx", CSV: "csv"}
_OFFICE_PARTS = {DOCX: "word/document.xml", XLSX: "xl/workbook.xml"}
_HEAD = 8192
_INVISIBLE = frozenset({"Cc", "Cf", "Cs"})


@dataclass(frozen=True)
class Allowed:
    """A list of content types, and the sentence for whoever hands in something else."""

    types: frozenset[str]
    otherwise: str


PHOTOS = Allowed(frozenset(IMAGE_FORMATS), "只能上传照片:JPG、PNG 或 WebP")
DOCUMENTS = Allowed(frozenset(EXTENSIONS) - {CSV}, "只能上传照片(JPG、PNG、WebP)、PDF、Word(docx)或 Excel(xlsx)")
SHEETS = Allowed(frozenset({XLSX, CSV}), "只能上传 Excel(xlsx)或 CSV 表格")
SIGNATURES = Allowed(frozenset({PNG}), "签名没有收到,请重新签名")


class FileRefused(Refused):
    """The file cannot be taken. Subclasses say why."""


class EmptyFile(FileRefused):
    """There is nothing in it."""


class TooLarge(FileRefused):
    """Too many bytes, or too many pixels once unpacked."""


class WrongType(FileRefused):
    """Its content is not of an allowed type, whatever its name says."""


class Damaged(FileRefused):
    """Its content begins rightly and then cannot be read."""


def content_type_of(data: bytes, allowed: Allowed) -> str:
    """Return the type that the content has; HEIC wherever JPEG is allowed.

    Refused when the file is empty or longer than MAX_BYTES, or when the type is not an allowed one.
    """
    if not data:
        raise EmptyFile("文件是空的,请重新选择")
    if len(data) > MAX_BYTES:
        raise TooLarge(f"文件超过 {MAX_BYTES // 1024 // 1024} MB,请压缩后再传")
    kind = filetype.guess_mime(data[:_HEAD])
    if kind == "application/zip" or kind in _OFFICE_PARTS:
        kind = _office_type_of(data)
    if kind in (HEIC, "image/heif") and JPEG in allowed.types:
        return HEIC
    if kind is None and CSV in allowed.types and _is_text(data):
        kind = CSV
    if kind not in allowed.types:
        raise WrongType(allowed.otherwise)
    if kind == PDF and b"%%EOF" not in data[-2048:]:
        raise Damaged("PDF 不完整,请重新导出后再传")
    return str(kind)


def safe_name(name: str, content_type: str) -> str:
    """Return the name for display and download: no path, no control or direction marks, the right extension."""
    visible = "".join(c for c in name if unicodedata.category(c) not in _INVISIBLE)
    last = re.split(r"[/\\]", visible)[-1].strip(" .")
    extension = EXTENSIONS[content_type]
    path = PurePath(last or "文件")
    known = {extension, "jpeg"} if content_type == JPEG else {extension}
    stem = path.stem if path.suffix[1:].lower() in known else path.name
    return f"{stem[:150]}.{extension}"


def _is_text(data: bytes) -> bool:
    return data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" not in data


def _office_type_of(data: bytes) -> str | None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = set(archive.namelist())
            if sum(part.file_size for part in archive.infolist()) > MAX_UNPACKED:
                raise TooLarge(f"文件展开后超过 {MAX_UNPACKED // 1024 // 1024} MB,请拆小后再传")
            # Unpacked to the end: a part that is longer than it says, or broken, is found by its checksum.
            if archive.testzip() is not None:
                raise zipfile.BadZipFile
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, RuntimeError):
        raise Damaged("文件打不开,可能没有传完整,请重新导出后再传") from None
    if any(part.lower().endswith("vbaproject.bin") for part in parts):
        return None
    return next((kind for kind, part in _OFFICE_PARTS.items() if part in parts), None)
