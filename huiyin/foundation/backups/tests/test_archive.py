"""An archive is read to the end and held against its manifest before anything of it counts."""

import io
import tarfile
from pathlib import Path

import pytest

from huiyin.foundation.backups import archive
from huiyin.foundation.backups.manifest import Manifest, Table
from huiyin.foundation.backups.rules import BackupRefused

ABOUT = Manifest("0.1.0", "sqlite", "2026-11-22T02:30:00+08:00", (("jobs", "0001"),), (Table("t", 1, "0"),), (), ())
PHOTO = b"photo" * 5000


@pytest.fixture
def made(tmp_path: Path) -> Path:
    (tmp_path / "db").write_bytes(b"rows" * 9000)
    (tmp_path / "photo").write_bytes(PHOTO)
    members = [("database.sqlite3.gz", tmp_path / "db"), ("files/ab/abcd.jpg", tmp_path / "photo")]
    archive.write(tmp_path / "made.tar", members, ABOUT, passphrase="")
    return tmp_path / "made.tar"


def test_what_went_in_comes_out(made: Path, tmp_path: Path) -> None:
    manifest = archive.unpack(made, tmp_path / "out", passphrase="")

    assert (tmp_path / "out/files/ab/abcd.jpg").read_bytes() == PHOTO
    assert [(part.name, part.size) for part in manifest.parts] == [
        ("database.sqlite3.gz", 36000),
        ("files/ab/abcd.jpg", 25000),
    ]
    assert (manifest.tables, manifest.migrations) == (ABOUT.tables, ABOUT.migrations)
    assert made.stat().st_mode & 0o077 == 0, "nobody else may read it"


def test_a_byte_changed_in_any_part_is_noticed(made: Path) -> None:
    data = made.read_bytes()
    for at in (600, data.index(b"photo") + 10, data.index(b'"version"') + 3, data.index(b'"sha256"') + 14):
        changed = bytearray(data)
        changed[at] ^= 1
        made.write_bytes(changed)
        with pytest.raises(BackupRefused, match="已损坏"):
            archive.check(made, passphrase="")


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_an_archive_cut_off_is_noticed(made: Path, share: float) -> None:
    data = made.read_bytes()
    made.write_bytes(data[: int(len(data.rstrip(b"\0")) * share)])

    with pytest.raises(BackupRefused, match="备份"):
        archive.check(made, passphrase="")


@pytest.mark.parametrize("name", ["../escape", "/etc/passwd", "files/ab/../../x", "files/zz/x", "manifest.json/x"])
def test_a_name_that_leads_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    with tarfile.open(tmp_path / "bad.tar", "w") as tar:
        entry = tarfile.TarInfo(name)
        entry.size = 1
        tar.addfile(entry, io.BytesIO(b"x"))

    with pytest.raises(BackupRefused, match="不认识"):
        archive.unpack(tmp_path / "bad.tar", tmp_path / "out", passphrase="")
    assert not (tmp_path / "out").exists()


def test_a_file_that_is_no_archive_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"hello" * 1000)

    with pytest.raises(BackupRefused, match="备份"):
        archive.check(tmp_path / "x", passphrase="")


def test_a_sealed_archive_asks_for_its_key(made: Path, tmp_path: Path) -> None:
    archive.write(tmp_path / "s", [("database.pgdump", tmp_path / "db")], ABOUT, passphrase="geheim")

    assert archive.check(tmp_path / "s", passphrase="geheim").parts[0].size == 36000
    with pytest.raises(BackupRefused, match="--key-file"):
        archive.check(tmp_path / "s", passphrase="")
    with pytest.raises(BackupRefused, match="密钥不对"):
        archive.check(tmp_path / "s", passphrase="other")
