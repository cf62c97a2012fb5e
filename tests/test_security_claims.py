"""What SECURITY.md says is proved by a test has that test; every row says which, or that there is none yet."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
WHO = (
    "Outsider",
    "Curious clerk",
    "Leaver",
    "Thief of the database file",
    "Thief of a laptop or a backup",
    "Resident with a malicious upload",
    "Thief of the hotline's token",
    "Insider who alters records",
    "Operator's mistake",
    "Dependency",
)


def rows() -> list[list[str]]:
    lines = (ROOT / "SECURITY.md").read_text("utf-8").splitlines()
    table = [line for line in lines if line.startswith("|")][2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table]


def test_every_one_who_might_do_harm_is_thought_of() -> None:
    named = [found[1] for row in rows() if (found := re.match(r"\*\*(.+?)\*\*", row[0]))]
    assert named == list(WHO)


def test_every_row_names_a_test_that_is_there_or_says_that_there_is_none() -> None:
    wrong = []
    for row in rows():
        named = re.findall(r"`((?:huiyin|tests)/[\w/]+\.py)`", row[3])
        honest = "not here yet" in row[3] or row[3] == "tried by hand"
        if not named and not honest:
            wrong.append(row)
        wrong += [name for name in named if not (ROOT / name).exists()]
    assert wrong == []


def test_nothing_is_installed_that_does_not_have_its_hash() -> None:
    for name in ("runtime.txt", "dev.txt"):
        text = (ROOT / "requirements" / name).read_text("utf-8").replace("\\\n", " ")
        wanted = [line for line in text.splitlines() if line and not line.lstrip().startswith(("#", "--"))]
        assert len(wanted) > 30
        assert [line for line in wanted if "==" not in line or "--hash=sha256:" not in line] == []
    installs = re.findall(r"pip install .*-r .*", (ROOT / "Makefile").read_text("utf-8"))
    assert len(installs) == 2
    assert all("--require-hashes" in line for line in installs)
