"""Every line the code can write to the journal has its sentence, and one act is not told twice."""

import ast
import re
from collections.abc import Iterator
from datetime import timedelta
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps

import huiyin
from huiyin.areas.cases import operations as cases
from huiyin.areas.complaints import operations as complaints
from huiyin.areas.complaints.queries import complaint_of
from huiyin.areas.estate.models import Estate
from huiyin.areas.staffing.models import Post
from huiyin.areas.staffing.queries import Responsible
from huiyin.foundation.journal.facts import Fact
from huiyin.foundation.journal.models import Entry
from huiyin.foundation.journal.queries import timeline
from huiyin.foundation.states.moves import Move
from huiyin.standards.models import Standard
from huiyin.surfaces.web import sentences
from tests.cast import AT, Cast, tell

HOUSE = Path(huiyin.__file__).parent
KIND = re.compile(r"[a-z_]+\.[a-z_]+\.[a-z_]+")
WRITERS = {"record", "_record", "_journal", "_tell_survivor", "write_line", "note_line"}


def facts(kind: type[Fact] = Fact) -> Iterator[str]:
    for below in kind.__subclasses__():
        if "code" in vars(below) and ".tests." not in below.__module__ and "test_" not in below.__module__:
            yield below.code
        yield from facts(below)


def written_out() -> Iterator[str]:
    """Kinds that stand as text: given to whatever writes a line, or named as constants in an events module."""
    for file in HOUSE.rglob("*.py"):
        if {"tests", "migrations"} & set(file.parts):
            continue
        tree = ast.parse(file.read_text("utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                said = [one.value for one in node.args if isinstance(one, ast.Constant)] if name in WRITERS else []
            elif isinstance(node, ast.AnnAssign) and file.name == "events.py" and isinstance(node.value, ast.Constant):
                said = [node.value.value]
            else:
                continue
            yield from (one for one in said if isinstance(one, str) and KIND.fullmatch(one))


def moves_without_a_fact() -> Iterator[str]:
    """Moves that `perform` is given without a fact write a line of their own name."""
    names = {
        model._meta.app_label: model.journal_name
        for model in apps.get_models()
        if hasattr(model, "journal_name") and any(field.name == "status" for field in model._meta.fields)
    }
    for file in HOUSE.glob("areas/*/operations/**/*.py"):
        yield from _bare_moves(file, names)
    for file in HOUSE.glob("areas/*/operations.py"):
        yield from _bare_moves(file, names)


def _bare_moves(file: Path, names: dict[str, str]) -> Iterator[str]:
    area = file.relative_to(HOUSE / "areas").parts[0]
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "perform":
            given = {keyword.arg for keyword in node.keywords}
            move = node.args[1]
            if "fact" in given or not isinstance(move, ast.Attribute):
                continue
            table = import_module(f"huiyin.areas.{area}.states")
            found = getattr(table, move.attr)
            assert isinstance(found, Move)
            yield f"{names[area]}.{found.code}"


def test_every_kind_has_a_sentence() -> None:
    known = set(facts()) | set(written_out()) | set(moves_without_a_fact())
    assert {"cases.case.registered", "cases.case.commented", "standards.commitment.missed"} <= known
    silent = sorted(kind for kind in known if not kind.startswith("test") and not sentences.is_spoken(kind))
    assert silent == []


def test_what_makes_a_sentence_superfluous_is_itself_spoken() -> None:
    assert {other for one in sentences.SENTENCES.values() for other in one.unless} <= set(sentences.SENTENCES)


@pytest.mark.parametrize("kind", sentences.SENTENCES)
def test_every_sentence_can_be_said_without_any_value(kind: str) -> None:
    says = sentences.SENTENCES[kind].says
    said = says if isinstance(says, str) else says({}, AT)
    assert said.strip()


def told(thread: str) -> list[tuple[str, str, str]]:
    lines = sentences.tell(timeline([thread]), now=AT + timedelta(hours=5))
    return [(line.who, line.says, line.kind) for line in reversed(lines)]


def test_an_enquiry_is_told_in_sentences(estate: Estate, cast: Cast, standard: Standard) -> None:
    case = tell(estate, cast.clerk, kind="enquiry")
    cases.take_case(case, actor=cast.clerk, at=AT)
    agreed = AT + timedelta(hours=6)
    cases.promise_time(case, promised_at=agreed, does="答复", actor=cast.clerk, at=AT + timedelta(hours=1))
    butler = Post.objects.get(estate=estate, code="butler")
    cases.transfer_case(
        case, to=Responsible(butler, cast.butler), note="上门看", actor=cast.clerk, at=AT + timedelta(hours=2)
    )
    cases.close_case(case, answer="看过了,没事", actor=cast.butler, at=AT + timedelta(hours=3))
    assert told(case.thread) == [
        ("陈晓", "登记了这件事", "resident"),
        ("陈晓", "受理,由自己负责", "done"),
        ("陈晓", "跟客户约好 今天 16:00 答复", "resident"),
        ("陈晓", "转给 管家 周敏", "internal"),
        ("周敏", "办结", "resident"),
    ]


def test_a_reopened_complaint_is_told_once(estate: Estate, cast: Cast, standard: Standard) -> None:
    case = tell(estate, cast.clerk, kind="complaint")
    complaint = complaint_of(case)
    assert complaint is not None
    department = Post.objects.get(estate=estate, code="butler").department
    steps = AT + timedelta(hours=1)
    complaints.verify(complaint, finding="属实", validity="valid", actor=cast.supervisor, at=steps)
    steps += timedelta(hours=1)
    complaints.decide(complaint, method="约谈", department=department, actor=cast.supervisor, at=steps)
    steps += timedelta(hours=1)
    complaints.reply(complaint, reply="约谈过了", actor=cast.clerk, at=steps)
    steps += timedelta(minutes=30)
    complaints.close(complaint, actor=cast.supervisor, at=steps)
    complaints.reopen(complaint, reason="又吵", actor=cast.supervisor, at=steps + timedelta(minutes=10))
    assert told(case.thread) == [
        ("陈晓", "登记了这件事", "resident"),
        ("陈晓", "把受理编号告诉了投诉人", "resident"),
        ("林芳", "受理,由自己负责", "done"),
        ("林芳", "核实了情况", "internal"),
        ("林芳", "决定了处理办法", "internal"),
        ("陈晓", "答复了投诉人", "resident"),
        ("林芳", "办结投诉", "resident"),
        ("", "定下回访", "rule"),
        ("林芳", "重新打开投诉,从核实开始", "done"),
    ]


def test_a_slip_keyed_in_later_names_whose_step_it_was(cast: Cast) -> None:
    entry = Entry(kind="repairs.order.finished", actor=cast.clerk, at=AT, values={"on_behalf_of": "李强"})
    assert sentences.line(entry, now=AT, rules={}).who == f"{cast.clerk.name}代李强补录"
