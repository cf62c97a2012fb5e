"""A written standard with mistakes: each is named by file, line and key, and all of them at once."""

from pathlib import Path

import pytest

from huiyin.standards import reading
from huiyin.standards.checking import check, schema
from huiyin.standards.shape import flaws
from huiyin.standards.vocabulary import CATALOGUE

HEAD = "standard: s4\ntitle: 手册五\nsubject: complaints\nrules:\n"
REPLY = """  - code: complaint.reply
    kind: deadline
    clauses: [S4-62]
    opens: complaints.complaint.registered
    keeps: complaints.complaint.replied
    within: 24 h
    who: subject
    does: 答复投诉人
    says: 投诉 24 小时内答复
"""


def write(folder: Path, text: str, name: str = "complaints.yaml") -> Path:
    place = folder / "s4"
    place.mkdir(exist_ok=True)
    (place / name).write_text(text, encoding="utf-8")
    return place / name


def told(file: Path) -> list[tuple[int, str, str]]:
    return [(one.line, one.key, one.says) for one in check(file)]


def test_a_good_file_has_nothing_wrong(tmp_path: Path) -> None:
    assert told(write(tmp_path, HEAD + REPLY)) == []


@pytest.mark.parametrize(
    ("old", "new", "line", "key", "says"),
    [
        ("within: 24 h", "within: 24 hours", 10, "within", "读不懂时限「24 hours」"),
        ("kind: deadline", "kind: dedline", 6, "kind", "「dedline」不是 deadline、"),
        ("clauses: [S4-62]", "clauses: [S4-62, S4-99]", 7, "clauses", "没有条款「S4-99」"),
        ("clauses: [S4-62]", "clauses: [S1-21]", 7, "clauses", "「S1-21」不是这本手册的条款"),
        ("clauses: [S4-62]", "clauses: []", 5, "", "clauses、source 至少写一项"),
        ("clauses: [S4-62]", "clauses: [S4-62, S4-62]", 7, "clauses", "「S4-62」写了两遍"),
        (
            "complaint.registered",
            "complaint.regsitered",
            8,
            "opens",
            "没有「complaints.complaint.regsitered」这样的事实",
        ),
        ("complaint.replied", "complaint.anwsered", 9, "keeps", "没有「complaints.complaint.anwsered」这样的事实"),
        ("who: subject", "who: post.magician", 11, "who", "没有「magician」这个岗位"),
        ("who: subject", "who: somebody", 11, "who", "「somebody」应为 subject、receiver 或 post.岗位代码"),
        ("    who: subject\n", "", 5, "", "缺少 who"),
        ("who: subject", "whom: subject", 11, "whom", "deadline 规则没有这一项"),
        ("does: 答复投诉人", "does: 答复投诉人并且把结果告诉主任", 12, "does", "太长,最多 12 个字,现在 14 个"),
        ("within: 24 h", "within: 24 h\n    within: 48 h", 11, "within", "「within」写了两遍,只有后一遍算数"),
        (
            "within: 24 h",
            "within: 24 h\n    when:\n      - {field: severty, op: is, value: major}",
            12,
            "when.field",
            "「severty」不是它带的值",
        ),
        (
            "within: 24 h",
            "within: 24 h\n    when:\n      - {field: severity, op: is, value: huge}",
            12,
            "when.value",
            "「huge」不是 minor、important、major 之一",
        ),
        (
            "within: 24 h",
            "within: 24 h\n    when:\n      - {field: severity, op: equals, value: major}",
            11,
            "when",
            "不认识的比较「equals」",
        ),
        ("within: 24 h", 'within: "promised: soon"', 10, "within", "「soon」不是它带的值"),
        ("subject: complaints", "subject: repairs", 3, "subject", "写的是 repairs,文件名却是 complaints"),
        ("standard: s4", "standard: s3", 1, "standard", "写的是 s3,文件却在 s4 目录里"),
        ("title: 手册五\n", "", 1, "", "缺少 title"),
    ],
)
def test_a_mistake_is_named_by_line_and_key(tmp_path: Path, old: str, new: str, line: int, key: str, says: str) -> None:
    found = told(write(tmp_path, (HEAD + REPLY).replace(old, new, 1)))
    assert [(at, of) for at, of, _ in found if (at, of) == (line, key)] == [(line, key)], found
    assert next(said for at, of, said in found if (at, of) == (line, key)).startswith(says)


def test_several_mistakes_are_told_at_once_in_the_order_of_lines(tmp_path: Path) -> None:
    broken = REPLY.replace("within: 24 h", "within: soon").replace("who: subject", "who: post.magician")
    found = check(write(tmp_path, HEAD + broken + broken.replace("complaint.reply", "complaint.again")))
    assert [(one.line, one.key) for one in found] == [(10, "within"), (11, "who"), (19, "within"), (20, "who")]
    assert str(found[1]) == "s4/complaints.yaml:11 who:没有「magician」这个岗位"


def test_a_code_used_twice_is_named_in_both_files(tmp_path: Path) -> None:
    write(tmp_path, HEAD + REPLY)
    write(tmp_path, HEAD.replace("complaints", "cases") + REPLY, "cases.yaml")
    assert [(one.file, one.line, one.says) for one in check(tmp_path)] == [
        ("s4/cases.yaml", 5, "「complaint.reply」写了 2 遍(cases.yaml:5、complaints.yaml:5)"),
        ("s4/complaints.yaml", 5, "「complaint.reply」写了 2 遍(cases.yaml:5、complaints.yaml:5)"),
    ]


def test_a_ladder_names_rules_that_are_there(tmp_path: Path) -> None:
    ladder = """  - code: complaint.ladder
    kind: escalation
    clauses: [S4-44]
    of: [complaint.reply, complaint.gone, "complaint.*"]
    steps:
      - {at: due, who: post.estate_manager}
    says: 到时没答复的报经理
"""
    assert told(write(tmp_path, HEAD + REPLY + ladder)) == [(17, "of", "这个标准里没有规则「complaint.gone」")]


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("standard: s4\n  title: x\n", 2, "一行里多了冒号"),
        ("standard: s4\nrules:\n\t- code: x\n", 3, "这里不能用这个字符;缩进用空格"),
        ("standard: [s4\nrules: x\n", 2, "方括号或花括号没有写完"),
    ],
)
def test_what_is_no_yaml_is_named_by_its_line(tmp_path: Path, text: str, line: int, says: str) -> None:
    ((at, key, said),) = told(write(tmp_path, text))
    assert (at, key) == (line, "")
    assert said.startswith(says)


def test_an_empty_folder_says_so(tmp_path: Path) -> None:
    assert [one.says for one in check(tmp_path)] == ["这里没有 .yaml 文件"]


@pytest.mark.parametrize(
    "text", ["", "[]", "just words", "rules: 3", "rules: [1, x, {code: 3}]", "rules:\n  - {kind: quota}"]
)
def test_whatever_is_written_is_answered(tmp_path: Path, text: str) -> None:
    assert told(write(tmp_path, text)) != []


def test_words_stay_words() -> None:
    read = reading.load("on: day 5\nby: 16:00\ndate: 2021-01-01\nno: off\nyes: true\nnumber: 3\nid: 007")
    assert read == {
        "on": "day 5", "by": "16:00", "date": "2021-01-01", "no": "off", "yes": True, "number": 3, "id": "007",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("value", "shape", "says"),
    [
        (3, {"type": "string"}, ["应是一段文字"]),
        (True, {"type": "integer"}, ["应是一个整数"]),
        ("x", {"enum": ["a", "b"]}, ["「x」不是 a、b 之一"]),
        ("x", {"const": "a"}, ["只能写「a」"]),
        ("abc", {"type": "string", "pattern": "^[0-9]+$"}, ["「abc」的写法不对"]),
        (0, {"type": "integer", "minimum": 1}, ["不能小于 1"]),
        ([], {"type": "array", "minItems": 1}, ["至少写 1 个"]),
        ([1, 1], {"type": "array", "uniqueItems": True}, ["「1」写了两遍"]),
        ({"a": 1}, {"required": ["b"]}, ["缺少 b"]),
        ({"a": 1}, {"properties": {}, "additionalProperties": False}, ["没有「a」这一项"]),
        ({"a": 1, "b": 2}, {"oneOf": [{"required": ["a"]}, {"required": ["b"]}]}, ["a、b 写且只写一项"]),
        ({"a": 1, "b": 2}, {"not": {"required": ["a", "b"]}}, ["a、b 不能一起写"]),
        ({"k": "y"}, {"oneOf": [{"properties": {"k": {"const": "x"}}}]}, ["「y」不是 x 之一"]),
        ({"a": "s"}, {"properties": {"a": {"type": ["integer", "boolean"]}}}, ["应是一个整数或true 或 false"]),
    ],
)
def test_the_shape_refuses_in_sentences(value: object, shape: dict[str, object], says: list[str]) -> None:
    assert [flaw.says for flaw in flaws(value, shape, root=shape)] == says


def test_every_shipped_file_has_the_published_shape() -> None:
    files = sorted(CATALOGUE.glob("*/*.yaml"))
    assert len(files) > 60
    for file in files:
        assert [flaw for flaw in flaws(reading.load(file.read_text("utf-8")), schema(), root=schema())] == [], file
