"""Where a scanner is configured every upload goes through it, by clamd's INSTREAM; played here by a small server."""

import socket
import socketserver
import struct
import threading
import zipfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.forms import ValidationError

from huiyin.foundation.files import operations
from huiyin.foundation.files.forms import UploadField
from huiyin.foundation.files.models import StoredFile
from huiyin.foundation.files.rules import DOCUMENTS, FileRefused
from huiyin.foundation.files.scanning import Infected, ScannerSilent, refuse_infected

AT = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
LETTER = b"%PDF-1.7\n" + b"x" * 200_000 + b"\n%%EOF\n"
SILENT = "病毒检查没有应答,文件没有收下;请稍后再传,还不行请告诉管理员"


class Scanner(socketserver.ThreadingTCPServer):
    """Answers as it was told to, and keeps what it was sent."""

    daemon_threads = True
    says = b"stream: OK\0"

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Line)
        self.heard: list[bytes] = []

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"


class Line(socketserver.StreamRequestHandler):
    server: Scanner

    def handle(self) -> None:
        assert self.rfile.read(10) == b"zINSTREAM\0"
        data = b""
        while size := struct.unpack(">I", self.rfile.read(4))[0]:
            data += self.rfile.read(size)
        self.server.heard.append(data)
        self.wfile.write(self.server.says)


@pytest.fixture
def scanner(settings: object, tmp_path: Path) -> Iterator[Scanner]:
    settings.MEDIA_ROOT = tmp_path / "files"
    with Scanner() as server:
        settings.CLAMD = server.address
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield server
        server.shutdown()


def store(upload: ContentFile) -> StoredFile:
    about = {"actor": None, "at": AT, "estate_id": 7, "subject_type": "case", "subject_id": 12}
    return operations.store_upload(upload, allowed=DOCUMENTS, **about)


@pytest.mark.django_db
def test_a_clean_file_is_sent_whole_and_kept(scanner: Scanner) -> None:
    assert store(ContentFile(LETTER, "信.pdf")).size == len(LETTER)
    assert scanner.heard == [LETTER]


@pytest.mark.django_db
def test_what_a_form_has_taken_in_is_not_scanned_again_by_the_operation(scanner: Scanner) -> None:
    taken = UploadField(allowed=DOCUMENTS).clean(ContentFile(LETTER, "信.pdf"))
    store(taken)
    assert len(scanner.heard) == 1


@pytest.mark.django_db
def test_an_infected_file_is_refused_by_its_name_and_nothing_is_kept(scanner: Scanner, tmp_path: Path) -> None:
    scanner.says = b"stream: Eicar-Signature FOUND\0"
    with pytest.raises(Infected, match="^文件里查出病毒\\(Eicar-Signature\\),没有收下$"):
        store(ContentFile(LETTER, "信.pdf"))
    assert not StoredFile.objects.exists()
    assert not (tmp_path / "files").exists()


def test_at_a_form_it_is_said_at_the_field(scanner: Scanner) -> None:
    scanner.says = b"stream: Eicar-Signature FOUND\0"
    with pytest.raises(ValidationError, match="查出病毒"):
        UploadField(allowed=DOCUMENTS).clean(ContentFile(LETTER, "信.pdf"))


@pytest.mark.parametrize("says", [b"", b"INSTREAM size limit exceeded. ERROR\0", b"\xff\xfe nonsense\0"])
def test_a_scanner_that_did_not_finish_lets_nothing_through(says: bytes, scanner: Scanner) -> None:
    scanner.says = says
    with pytest.raises(ScannerSilent):
        refuse_infected(LETTER, scanner.address)


def test_a_scanner_that_is_not_there_lets_nothing_through() -> None:
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        nobody = f"127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(ScannerSilent, match=SILENT):
        refuse_infected(LETTER, nobody)
    with pytest.raises(ScannerSilent, match=SILENT):
        refuse_infected(LETTER, "no-port")


def book(parts: dict[str, bytes]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in {"[Content_Types].xml": b"<x/>", "xl/workbook.xml": b"<x/>", **parts}.items():
            archive.writestr(name, data)
    return out.getvalue()


class TestBombs:
    def test_a_small_book_that_unpacks_to_a_large_one_is_refused(self) -> None:
        data = book({f"xl/{n}.xml": bytes(50 * 1024 * 1024) for n in range(5)})
        assert len(data) < 300_000
        with pytest.raises(FileRefused, match="文件展开后超过 200 MB,请拆小后再传"):
            operations.take_in(ContentFile(data, "表.xlsx"), DOCUMENTS)

    def test_a_part_that_is_longer_than_it_says_is_refused(self) -> None:
        length, shorter = (1024 * 1024).to_bytes(4, "little"), (10).to_bytes(4, "little")
        data = book({"xl/a.xml": bytes(1024 * 1024)})
        assert data.count(length) == 2
        data = data.replace(length, shorter)
        with pytest.raises(FileRefused, match="文件打不开"):
            operations.take_in(ContentFile(data, "表.xlsx"), DOCUMENTS)
