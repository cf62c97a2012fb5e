"""What is kept, what is stripped, and what is refused with which sentence."""

import base64
import hashlib
import io
import os
import stat
import struct
import zipfile
import zlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pillow_heif
import pytest
from django.core.files.base import ContentFile
from django.db import transaction
from PIL import Image, ImageCms, ImageDraw, PngImagePlugin

from huiyin.foundation.accounts.models import User
from huiyin.foundation.files import operations, queries
from huiyin.foundation.files.models import StoredFile
from huiyin.foundation.files.operations import NotSigned
from huiyin.foundation.files.responses import file_response
from huiyin.foundation.files.rules import (
    DOCUMENTS,
    DOCX,
    LONGEST_EDGE,
    PHOTOS,
    XLSX,
    Allowed,
    Damaged,
    EmptyFile,
    FileRefused,
    TooLarge,
    WrongType,
    safe_name,
)

AT = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(tmp_path: Path, settings: object) -> Path:
    settings.MEDIA_ROOT = tmp_path / "files"
    return tmp_path / "files"


def picture(width: int = 60, height: int = 40, kind: str = "PNG", **saving: Any) -> bytes:
    image = Image.new("RGB", (width, height), "white")
    ImageDraw.Draw(image).rectangle((0, 0, width // 2, height // 2), fill="red")
    out = io.BytesIO()
    image.save(out, kind, **saving)
    return out.getvalue()


def with_place(orientation: int = 1) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "a phone"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (39.0, 54.0, 26.0)
    return exif


def store(data: bytes, name: str = "照片.jpg", allowed: Allowed = PHOTOS, actor: User | None = None) -> StoredFile:
    return operations.store_upload(
        ContentFile(data, name=name),
        actor=actor,
        at=AT,
        estate_id=7,
        subject_type="case",
        subject_id=12,
        allowed=allowed,
    )


def kept(stored: StoredFile) -> bytes:
    with queries.open_for_download(stored).stream as stream:
        return stream.read()


def as_image(stored: StoredFile) -> Image.Image:
    image = Image.open(io.BytesIO(kept(stored)))
    image.load()
    return image


def office(*parts: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for part in ("[Content_Types].xml", *parts):
            archive.writestr(part, "<x/>")
    return out.getvalue()


def data_url(image: Image.Image) -> str:
    out = io.BytesIO()
    image.save(out, "PNG")
    return "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()


def pad(*strokes: tuple[int, int, int, int]) -> Image.Image:
    image = Image.new("RGBA", (400, 160), (0, 0, 0, 0))
    for stroke in strokes:
        ImageDraw.Draw(image).line(stroke, fill=(0, 0, 60, 255), width=3)
    return image


def sign(url: str) -> StoredFile:
    return operations.store_signature(
        url, actor=None, at=AT, estate_id=None, subject_type="repairs.order", subject_id=3
    )


class TestPhotos:
    def test_a_row_says_who_when_for_what_and_the_bytes_lie_under_a_random_name(self, media: Path) -> None:
        clerk = User.objects.create(username="clerk", name="王前台")

        stored = store(picture(), "../../门口.png", actor=clerk)

        assert (stored.estate_id, stored.subject_type, stored.subject_id) == (7, "case", 12)
        assert (stored.uploaded_by, stored.uploaded_at) == (clerk, AT)
        assert (stored.content_type, stored.original_name) == ("image/png", "门口.png")
        path = media / stored.stored_name
        assert hashlib.sha256(path.read_bytes()).hexdigest() == stored.sha256
        assert path.stat().st_size == stored.size
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert [p for p in media.rglob("*") if p.is_file()] == [path]
        assert store(picture()).stored_name != stored.stored_name
        assert list(queries.files_of("case", 12)) == list(StoredFile.objects.order_by("id"))

    @pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
    def test_the_place_and_everything_else_about_a_photo_is_stripped(self, kind: str) -> None:
        notes = PngImagePlugin.PngInfo()
        notes.add_text("Comment", "我家门牌")
        remarks: dict[str, dict[str, Any]] = {"PNG": {"pnginfo": notes}, "JPEG": {"comment": "门牌"}}
        data = picture(kind=kind, exif=with_place(), **remarks.get(kind, {}))
        assert dict(Image.open(io.BytesIO(data)).getexif().get_ifd(0x8825)) != {}

        image = as_image(store(data))

        assert image.format == kind
        assert dict(image.getexif()) == {}
        assert not {"exif", "comment", "Comment", "xmp", "icc_profile"} & set(image.info)

    def test_a_photo_is_turned_upright(self) -> None:
        image = as_image(store(picture(60, 40, "JPEG", exif=with_place(orientation=6), quality=95)))

        assert image.size == (40, 60)
        red, green, _ = image.getpixel((35, 5))
        assert red > 200
        assert green < 60

    def test_a_photo_is_shrunk_to_the_longest_edge(self) -> None:
        assert as_image(store(picture(4000, 3000, "JPEG"))).size == (2560, 1920)
        assert as_image(store(picture(2560, 10))).size == (2560, 10)

    def test_colours_are_converted_to_srgb_before_the_profile_goes(self) -> None:
        lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()

        image = as_image(store(picture(kind="JPEG", icc_profile=lab, quality=95)))

        assert "icc_profile" not in image.info
        assert image.getpixel((5, 5))[0] > 240

    def test_transparency_and_sixteen_bit_scans_survive(self) -> None:
        out = io.BytesIO()
        Image.new("I;16", (20, 20), 32768).save(out, "PNG")
        assert as_image(store(out.getvalue())).getpixel((3, 3)) == 128
        out = io.BytesIO()
        Image.new("RGBA", (20, 20), (1, 2, 3, 4)).save(out, "PNG")
        assert as_image(store(out.getvalue())).getpixel((3, 3)) == (1, 2, 3, 4)

    def test_what_hides_behind_the_picture_is_gone(self) -> None:
        script = b"<script>alert(1)</script>"

        for data in (picture(kind="JPEG") + script, picture(kind="PNG") + script):
            assert script not in kept(store(data))


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it is huge."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


BROKEN = "照片打不开,可能没有传完整,请重新拍摄或选择"
TOO_MANY = "照片超过 4000 万像素,请缩小后再传"
ONLY_PHOTOS = "只能上传照片:JPG、PNG 或 WebP"


class TestRefusals:
    @pytest.mark.parametrize(
        ("data", "error", "sentence"),
        [
            pytest.param(b"", EmptyFile, "文件是空的,请重新选择", id="empty"),
            pytest.param(b"<html><script>alert(1)</script>", WrongType, ONLY_PHOTOS, id="html as jpg"),
            pytest.param(b"GIF89a" + picture(), WrongType, ONLY_PHOTOS, id="gif before png"),
            pytest.param(b"<!--" + picture() + b"-->", WrongType, ONLY_PHOTOS, id="png within html"),
            pytest.param(b"\xff\xd8\xff\xe0<script>alert(1)</script>", Damaged, BROKEN, id="html after a jpeg mark"),
            pytest.param(b"<svg xmlns='http://www.w3.org/2000/svg'/>", WrongType, ONLY_PHOTOS, id="svg"),
            pytest.param(b"%PDF-1.7\n%%EOF", WrongType, ONLY_PHOTOS, id="pdf among photos"),
            pytest.param(picture(900, 900, "JPEG")[:-400], Damaged, BROKEN, id="truncated jpeg"),
            pytest.param(picture(900, 900)[:-400], Damaged, BROKEN, id="truncated png"),
            pytest.param(picture(900, 900, "WEBP")[:-400], Damaged, BROKEN, id="truncated webp"),
            pytest.param(bomb(8000, 5001), TooLarge, TOO_MANY, id="40 megapixels and a bit"),
            pytest.param(bomb(10_000, 10_000), TooLarge, TOO_MANY, id="bomb that Pillow warns of"),
            pytest.param(bomb(60_000, 60_000), TooLarge, TOO_MANY, id="bomb that Pillow refuses"),
            pytest.param(b"x" * (15 * 1024 * 1024 + 1), TooLarge, "文件超过 15 MB,请压缩后再传", id="too many bytes"),
        ],
    )
    def test_a_refusal_has_a_sentence_and_keeps_nothing(
        self, data: bytes, error: type[FileRefused], sentence: str, media: Path
    ) -> None:
        with pytest.raises(error) as refused:
            store(data)

        assert refused.value.sentence == sentence
        assert not StoredFile.objects.exists()
        assert not media.exists()

    def test_a_damaged_heic_is_refused(self) -> None:
        with pytest.raises(Damaged, match=BROKEN):
            store(b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00heicmif1" + b"\0" * 100)

    def test_a_heic_is_kept_as_jpeg(self) -> None:
        photo = io.BytesIO()
        pillow_heif.from_pillow(Image.new("RGB", (3000, 2000), "teal")).save(photo, quality=50)
        kept = store(photo.getvalue(), name="IMG_0001.HEIC")
        assert kept.content_type == "image/jpeg"
        with queries.open_for_download(kept).stream as stream, Image.open(stream) as picture:
            assert (picture.format, max(picture.size)) == ("JPEG", LONGEST_EDGE)
            assert not picture.getexif()


class TestDocuments:
    @pytest.mark.parametrize(
        ("data", "content_type"),
        [
            (b"%PDF-1.7\nbody\n%%EOF\n", "application/pdf"),
            (office("word/document.xml"), DOCX),
            (office("xl/workbook.xml"), XLSX),
        ],
    )
    def test_a_document_is_kept_as_it_is(self, data: bytes, content_type: str) -> None:
        stored = store(data, "合同.x", DOCUMENTS)

        assert (stored.content_type, kept(stored)) == (content_type, data)

    @pytest.mark.parametrize(
        ("data", "error"),
        [
            (b"%PDF-1.7\nbody", Damaged),
            (office("word/document.xml")[:-30], Damaged),
            (office("word/document.xml", "word/vbaProject.bin"), WrongType),
            (office("ppt/presentation.xml"), WrongType),
            (office("evil.exe"), WrongType),
            (b"MZ" + b"\0" * 100, WrongType),
        ],
    )
    def test_what_is_not_whole_or_not_on_the_list_is_refused(self, data: bytes, error: type[FileRefused]) -> None:
        with pytest.raises(error):
            store(data, "合同.docx", DOCUMENTS)


class TestSignatures:
    def test_what_was_drawn_comes_back_pixel_by_pixel(self) -> None:
        drawn = pad((30, 40, 200, 120), (200, 120, 380, 30))

        stored = sign(data_url(drawn))

        assert (stored.content_type, stored.original_name, stored.estate_id) == ("image/png", "签名.png", None)
        assert as_image(stored).tobytes() == drawn.tobytes()

    @pytest.mark.parametrize(
        "url",
        ["", "  ", data_url(pad()), data_url(pad((50, 50, 52, 52))), data_url(Image.new("RGB", (400, 160), "white"))],
        ids=["none", "spaces", "empty pad", "a dot", "white sheet"],
    )
    def test_a_blank_signature_is_refused(self, url: str) -> None:
        with pytest.raises(NotSigned, match="^请先签名$"):
            sign(url)

        assert not StoredFile.objects.exists()

    @pytest.mark.parametrize(
        "url",
        [
            "data:image/png;base64,%%%",
            "data:image/png;base64,",
            "data:image/svg+xml;base64," + base64.b64encode(b"<svg/>").decode(),
            "data:image/png;base64," + base64.b64encode(picture(kind="JPEG")).decode(),
            "data:image/png;base64," + base64.b64encode(picture()[:-20]).decode(),
            "data:image/png;base64," + "A" * 800_000,
        ],
        ids=["no base64", "nothing", "svg", "jpeg", "truncated", "too long"],
    )
    def test_what_is_not_a_drawing_is_refused(self, url: str) -> None:
        with pytest.raises(NotSigned, match="^签名没有收到,请重新签名$"):
            sign(url)


class TestHandingOut:
    def test_the_answer_is_an_attachment_that_no_browser_runs(self) -> None:
        stored = store(picture(), "电梯 间.png")

        response = file_response(stored)

        assert b"".join(response.streaming_content) == kept(stored)
        response.close()
        assert dict(response.headers) == {
            "Content-Type": "image/png",
            "Content-Length": str(stored.size),
            "Content-Disposition": "attachment; filename*=utf-8''%E7%94%B5%E6%A2%AF%20%E9%97%B4.png",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Cache-Control": "private, max-age=3600",
        }

    @pytest.mark.parametrize(
        ("name", "shown"),
        [
            ("a.jpeg", "a.jpg"),
            ("a.JPG", "a.jpg"),
            ("a.jpg.html", "a.jpg.html.jpg"),
            ("C:\\照片\\b.jpg", "b.jpg"),
            ("../../etc/passwd", "passwd.jpg"),
            ("invoice\u202egpj.exe", "invoicegpj.exe.jpg"),
            ("a\r\nSet-Cookie: x.jpg", "aSet-Cookie: x.jpg"),
            ("", "文件.jpg"),
            ("..", "文件.jpg"),
            ("长" * 300 + ".jpg", "长" * 150 + ".jpg"),
        ],
    )
    def test_names_are_made_safe(self, name: str, shown: str) -> None:
        assert safe_name(name, "image/jpeg") == shown

    def test_changed_and_missing_bytes_are_found(self, media: Path) -> None:
        good, changed, missing = (store(picture()) for _ in range(3))
        (media / changed.stored_name).write_bytes(b"other")
        (media / missing.stored_name).unlink()

        assert queries.is_intact(good)
        assert list(queries.damaged_files()) == [changed, missing]

    def test_bytes_of_a_rolled_back_upload_are_swept_after_a_while(self, media: Path) -> None:
        class Undo(Exception):
            pass

        stored = store(picture())
        with pytest.raises(Undo), transaction.atomic():
            orphan = store(picture())
            raise Undo
        for name in (stored.stored_name, orphan.stored_name):
            os.utime(media / name, (AT.timestamp(), AT.timestamp()))

        assert operations.sweep_orphans(before=AT) == 0
        assert operations.sweep_orphans(before=datetime(2026, 3, 3, tzinfo=UTC)) == 1

        assert queries.is_intact(stored)
        assert not queries.is_intact(orphan)
