"""An estate writes its own standard: every cell of the draft's table, two people, promises keep their version."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import pytest
import yaml
from django.db import IntegrityError, transaction

from huiyin.foundation.accounts import operations as accounts
from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.queries import system_actor
from huiyin.foundation.journal import operations as journal
from huiyin.foundation.journal.facts import Fact
from huiyin.foundation.journal.models import Entry
from huiyin.foundation.refusals import Refused
from huiyin.foundation.states.moves import Move, NoteNeeded
from huiyin.standards import composition, operations, states
from huiyin.standards.in_force import forget, rule_book
from huiyin.standards.models import Adoption, Commitment, Draft, Rule, Standard, StandardVersion
from huiyin.standards.operations import drafting
from huiyin.standards.states import DraftState

AT = datetime(2026, 11, 25, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ESTATE = 7


@dataclass(frozen=True, kw_only=True)
class PostArrived(Fact):
    code: ClassVar[str] = "sample.post.arrived"
    subject_type: ClassVar[str] = "sample.post"


def rule(code: str = "post.answer", within: str = "24 h", **changed: Any) -> dict[str, Any]:
    return {
        "code": code,
        "kind": "deadline",
        "clauses": ["S0-01"],
        "says": f"{within} 内答复",
        "opens": "sample.post.arrived",
        "keeps": "sample.post.answered",
        "within": within,
        "who": "post.front_desk",
        "does": "答复",
    } | changed


Load = Callable[..., StandardVersion]


@pytest.fixture
def load(db: None, tmp_path: Path) -> Load:
    """Load a version of the sample standard with these rules."""

    def write_and_load(*rules: dict[str, Any], at: datetime = AT - 10 * DAY) -> StandardVersion:
        (tmp_path / "sample").mkdir(exist_ok=True)
        written = {"standard": "sample", "title": "样本标准", "rules": list(rules)}
        (tmp_path / "sample" / "rules.yaml").write_text(yaml.safe_dump(written, allow_unicode=True))
        return operations.load_catalogue(at=at, folder=tmp_path)[0]

    return write_and_load


@pytest.fixture
def base(load: Load) -> StandardVersion:
    version = load(rule(public=True), rule("post.sort", "2 h"), rule("post.file", "3 d"))
    operations.adopt(ESTATE, "sample", since=AT - 5 * DAY, actor=system_actor(), at=AT - 5 * DAY)
    return version


@pytest.fixture
def writer(db: None) -> User:
    return accounts.create_user("writer", name="甲", password="huiyin-2026")


@pytest.fixture
def second(db: None) -> User:
    return accounts.create_user("second", name="乙", password="huiyin-2026")


def start(base: StandardVersion, writer: User, at: datetime = AT) -> Draft:
    return drafting.start_draft(ESTATE, base, title="云河苑标准", actor=writer, at=at)


def stricter(base: StandardVersion, writer: User, at: datetime = AT) -> Draft:
    draft = start(base, writer, at)
    drafting.change_rule(draft, rule(within="12 h", public=True), actor=writer, at=at)
    return draft


def proposed(
    base: StandardVersion, writer: User, *, at: datetime = AT, effective_from: datetime = AT + 2 * DAY
) -> Draft:
    draft = stricter(base, writer, at)
    drafting.propose(draft, effective_from=effective_from, note="答得更快", actor=writer, at=at)
    return draft


def published(
    base: StandardVersion, writer: User, second: User, *, at: datetime = AT, effective_from: datetime = AT + 2 * DAY
) -> StandardVersion:
    version = drafting.publish(proposed(base, writer, at=at, effective_from=effective_from), actor=second, at=at + HOUR)
    forget()
    return version


def everything() -> tuple[object, ...]:
    """What a refusal must leave as it was."""
    return (
        list(Draft.objects.order_by("pk").values()),
        list(StandardVersion.objects.order_by("pk").values()),
        list(Adoption.objects.order_by("pk").values()),
        Rule.objects.count(),
        Entry.objects.count(),
    )


def arrived(at: datetime) -> Commitment:
    with transaction.atomic():
        journal.announce(PostArrived(subject_id=1, estate_id=ESTATE, thread="post:1"), actor=system_actor(), at=at)
    return Commitment.objects.get(code="post.answer", opened_at=at)


# --- the table -----------------------------------------------------------------------------------------------------

ACTS: dict[str, Callable[[Draft, User, User], object]] = {
    "propose": lambda draft, writer, second: drafting.propose(
        draft, effective_from=AT + 3 * DAY, note="改", actor=writer, at=AT
    ),
    "return": lambda draft, writer, second: drafting.return_draft(draft, reason="再想想", actor=second, at=AT),
    "publish": lambda draft, writer, second: drafting.publish(draft, actor=second, at=AT),
    "drop": lambda draft, writer, second: drafting.drop(draft, reason="不改了", actor=writer, at=AT),
}


def draft_in(status: str, base: StandardVersion, writer: User, second: User) -> Draft:
    if status == DraftState.DRAFTING:
        return stricter(base, writer)
    draft = proposed(base, writer)
    if status == DraftState.PUBLISHED:
        drafting.publish(draft, actor=second, at=AT)
    if status == DraftState.DROPPED:
        drafting.drop(draft, reason="不改了", actor=writer, at=AT)
    return draft


@pytest.mark.parametrize("status", DraftState.values)
@pytest.mark.parametrize("move", states.MOVES, ids=lambda move: move.code)
def test_every_cell(move: Move, status: str, base: StandardVersion, writer: User, second: User) -> None:
    draft = draft_in(status, base, writer, second)
    before = everything()
    if status in move.sources:
        ACTS[move.code](draft, writer, second)
        assert Draft.objects.get(pk=draft.pk).status == move.target == draft.status
    else:
        with pytest.raises(Refused):
            ACTS[move.code](draft, writer, second)
        assert everything() == before


def test_every_move_has_its_operation_and_every_status_is_reached() -> None:
    assert set(ACTS) == {move.code for move in states.MOVES}
    assert {move.target for move in states.MOVES} == set(DraftState)


@pytest.mark.parametrize("status", [DraftState.PROPOSED, DraftState.PUBLISHED, DraftState.DROPPED])
@pytest.mark.parametrize("act", ["change", "leave_out", "restore", "renew"])
def test_only_a_draft_being_written_changes(
    act: str, status: str, base: StandardVersion, writer: User, second: User
) -> None:
    draft = draft_in(status, base, writer, second)
    before = everything()
    with pytest.raises(Refused):
        match act:
            case "change":
                drafting.change_rule(draft, rule(within="1 h"), actor=writer, at=AT)
            case "leave_out":
                drafting.leave_out(draft, "post.sort", actor=writer, at=AT)
            case "restore":
                drafting.restore(draft, "post.answer", actor=writer, at=AT)
            case "renew":
                drafting.renew(draft, actor=writer, at=AT)
    assert everything() == before


@pytest.mark.parametrize("move", ["return", "drop"])
def test_a_step_back_needs_a_reason(move: str, base: StandardVersion, writer: User) -> None:
    draft = proposed(base, writer)
    step = drafting.return_draft if move == "return" else drafting.drop
    with pytest.raises(NoteNeeded):
        step(draft, reason=" ", actor=writer, at=AT)
    assert Draft.objects.get(pk=draft.pk).status == DraftState.PROPOSED


# --- writing -------------------------------------------------------------------------------------------------------


def test_a_draft_says_what_its_base_says_but_for_its_changes(base: StandardVersion, writer: User) -> None:
    draft = start(base, writer)
    drafting.change_rule(draft, rule(within="12 h", public=True), actor=writer, at=AT)
    drafting.leave_out(draft, "post.sort", actor=writer, at=AT)
    drafting.change_rule(draft, rule("post.thank", "1 d"), actor=writer, at=AT)
    assert [(code, spec["within"]) for code, spec in composition.drafted(draft).items()] == [
        ("post.answer", "12 h"),
        ("post.file", "3 d"),
        ("post.thank", "1 d"),
    ]
    assert [(one.code, one.old is None, one.new is None) for one in composition.changes_against_base(draft)] == [
        ("post.answer", False, False),
        ("post.thank", True, False),
        ("post.sort", False, True),
    ]
    drafting.restore(draft, "post.sort", actor=writer, at=AT)
    drafting.leave_out(draft, "post.thank", actor=writer, at=AT)
    drafting.change_rule(draft, rule(public=True), actor=writer, at=AT)  # as the base says it
    assert Draft.objects.get(pk=draft.pk).changes == {}
    assert composition.drafted(draft) == composition.specs_of(base)


def test_the_journal_keeps_what_a_rule_was_and_what_it_became(base: StandardVersion, writer: User) -> None:
    draft = stricter(base, writer)
    lines = Entry.objects.filter(thread=draft.thread).order_by("pk")
    assert list(lines.values_list("kind", "actor__name")) == [
        ("standards.draft.started", "甲"),
        ("standards.draft.changed", "甲"),
    ]
    said = lines[1].values
    assert (said["rule"], said["was"]["within"], said["now"]["within"]) == ("post.answer", "24 h", "12 h")


@pytest.mark.parametrize(
    ("spec", "sentence"),
    [
        (rule(within="bald"), "within"),
        (rule(kind="requirement", gates="a.b.c"), "requirement"),
        (rule(says="长" * 121), "120"),
        ({"code": "post.answer", "kind": "deadline"}, "缺少"),
    ],
)
def test_what_cannot_be_read_is_refused(
    spec: dict[str, Any], sentence: str, base: StandardVersion, writer: User
) -> None:
    draft = start(base, writer)
    before = everything()
    with pytest.raises(drafting.DraftInvalid, match=sentence):
        drafting.change_rule(draft, spec, actor=writer, at=AT)
    assert everything() == before


def test_a_rule_of_another_kind_is_another_rule(base: StandardVersion, writer: User) -> None:
    spec = {
        "code": "post.answer", "kind": "requirement", "clauses": [], "says": "先答复", "gates": "sample.post.close",
        "needs": ["answer"],
    }  # fmt: skip
    with pytest.raises(drafting.DraftInvalid, match="种类不能改"):
        drafting.change_rule(start(base, writer), spec, actor=writer, at=AT)


def test_of_two_people_changing_one_rule_the_second_is_told(base: StandardVersion, writer: User, second: User) -> None:
    draft = start(base, writer)
    seen = composition.digest_of(rule(public=True))
    mine, theirs = Draft.objects.get(pk=draft.pk), Draft.objects.get(pk=draft.pk)
    drafting.change_rule(mine, rule(within="12 h"), actor=writer, at=AT, seen=seen)
    with pytest.raises(drafting.ChangedMeanwhile, match="还在"):
        drafting.change_rule(theirs, rule(within="6 h"), actor=second, at=AT, seen=seen)
    drafting.change_rule(theirs, rule("post.sort", "1 h"), actor=second, at=AT)
    assert {code: spec["within"] for code, spec in Draft.objects.get(pk=draft.pk).changes.items()} == {
        "post.answer": "12 h",
        "post.sort": "1 h",
    }


@pytest.mark.parametrize("act", ["leave_out", "restore"])
def test_what_is_not_there_is_not_left_out_or_restored(act: str, base: StandardVersion, writer: User) -> None:
    draft = start(base, writer)
    with pytest.raises(drafting.DraftInvalid):
        (drafting.leave_out if act == "leave_out" else drafting.restore)(draft, "post.none", actor=writer, at=AT)


# --- from what one may draft ---------------------------------------------------------------------------------------


def test_only_what_the_estate_lives_by_is_drafted_on(load: Load, base: StandardVersion, writer: User) -> None:
    newer = load(rule(within="20 h"), at=AT - DAY)
    with pytest.raises(drafting.BaseMoved):
        start(base, writer)
    assert start(newer, writer).base == newer
    with pytest.raises(drafting.BaseMoved):
        drafting.start_draft(8, newer, title="没有采用", actor=writer, at=AT)


def test_a_newer_version_of_the_shipped_standard_does_not_touch_an_estate_of_its_own(
    load: Load, base: StandardVersion, writer: User, second: User
) -> None:
    own = published(base, writer, second)
    later = AT + 10 * DAY
    assert composition.bases(ESTATE, at=later) == composition.Bases(own, None)
    newer = load(rule(within="20 h", public=True), rule("post.sort", "1 h"), rule("post.new", "5 d"), at=AT + 3 * DAY)
    forget()
    assert rule_book(ESTATE, at=later).version_id == own.pk
    assert composition.bases(ESTATE, at=later) == composition.Bases(own, newer)
    taken_over = drafting.start_draft(ESTATE, newer, title="接新版", actor=writer, at=later)
    assert {code: spec["within"] for code, spec in composition.drafted(taken_over).items()} == {
        "post.answer": "12 h",
        "post.sort": "1 h",
        "post.new": "5 d",
    }
    drafting.propose(taken_over, effective_from=later + DAY, note="接新版", actor=writer, at=later)
    version = drafting.publish(taken_over, actor=second, at=later)
    assert (version.number, version.based_on) == (2, newer)
    assert composition.bases(ESTATE, at=later).newer is None


def test_a_draft_on_an_outrun_base_is_not_published_until_it_is_renewed(
    base: StandardVersion, writer: User, second: User
) -> None:
    slow = stricter(base, writer)
    own = published(base, writer, second)
    with pytest.raises(drafting.BaseMoved):
        drafting.propose(slow, effective_from=AT + 5 * DAY, note="改", actor=writer, at=AT + DAY)
    drafting.change_rule(slow, rule("post.sort", "1 h"), actor=writer, at=AT + DAY)
    drafting.renew(slow, actor=writer, at=AT + DAY)
    assert (slow.base, set(slow.changes)) == (own, {"post.sort"})  # 12 h is what the base says by now
    drafting.propose(slow, effective_from=AT + 5 * DAY, note="改", actor=writer, at=AT + DAY)
    assert drafting.publish(slow, actor=second, at=AT + DAY).number == 2


# --- proposing and publishing --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("effective_from", "note", "sentence"),
    [(AT - HOUR, "改", "早于现在"), (AT + DAY, " ", "为什么")],
)
def test_a_proposal_looks_forward_and_says_why(
    effective_from: datetime, note: str, sentence: str, base: StandardVersion, writer: User
) -> None:
    draft = stricter(base, writer)
    before = everything()
    with pytest.raises(drafting.DraftInvalid, match=sentence):
        drafting.propose(draft, effective_from=effective_from, note=note, actor=writer, at=AT)
    assert everything() == before


def test_a_draft_without_changes_is_not_published_on_the_own_version(
    base: StandardVersion, writer: User, second: User
) -> None:
    own = published(base, writer, second)
    draft = start(own, writer, AT + DAY)
    with pytest.raises(drafting.DraftInvalid, match="没有改动"):
        drafting.propose(draft, effective_from=AT + 5 * DAY, note="改", actor=writer, at=AT + DAY)


def test_whoever_proposed_does_not_publish(base: StandardVersion, writer: User, second: User) -> None:
    draft = proposed(base, writer)
    before = everything()
    with pytest.raises(drafting.SecondPersonNeeded):
        drafting.publish(draft, actor=writer, at=AT)
    assert everything() == before
    drafting.publish(draft, actor=second, at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Draft.objects.filter(pk=draft.pk).update(published_by=writer)


def test_publishing_writes_all_rules_and_lets_the_estate_live_by_its_own(
    base: StandardVersion, writer: User, second: User
) -> None:
    draft = proposed(base, writer)
    version = drafting.publish(draft, actor=second, at=AT + HOUR)
    assert (version.standard.code, version.standard.title, version.standard.estate_id) == ("estate-7", "云河苑标准", 7)
    assert (version.number, version.based_on, version.standard.based_on) == (1, base, base.standard)
    assert (version.published_by, version.published_at, version.note) == (second, AT + HOUR, "答得更快")
    assert composition.specs_of(version) == {
        "post.answer": rule(within="12 h", public=True),
        "post.sort": rule("post.sort", "2 h"),
        "post.file": rule("post.file", "3 d"),
    }
    adopted = Adoption.objects.get(estate_id=ESTATE, standard=version.standard)
    assert adopted.since == AT + 2 * DAY
    line = Entry.objects.get(kind="standards.draft.published")
    assert (line.actor, line.thread, line.values["number"], line.values["loosened"]) == (second, draft.thread, 1, {})
    forget()
    assert rule_book(ESTATE, at=AT + 2 * DAY - HOUR).version_id == base.pk
    assert rule_book(ESTATE, at=AT + 2 * DAY).version_id == version.pk


def test_promises_keep_the_version_they_were_made_under(base: StandardVersion, writer: User, second: User) -> None:
    before = arrived(AT)
    published(base, writer, second)
    after = arrived(AT + 3 * DAY)
    assert (before.due_at, before.rule and before.rule.version) == (AT + DAY, base)
    assert after.due_at == AT + 3 * DAY + 12 * HOUR
    assert Commitment.objects.get(pk=before.pk).due_at == AT + DAY


def test_a_second_version_follows_the_first_without_a_second_adoption(
    base: StandardVersion, writer: User, second: User
) -> None:
    own = published(base, writer, second)
    draft = start(own, writer, AT + DAY)
    drafting.leave_out(draft, "post.file", actor=writer, at=AT + DAY)
    with pytest.raises(drafting.DraftInvalid, match="不能早于"):
        drafting.propose(draft, effective_from=AT + 2 * DAY - HOUR, note="改", actor=writer, at=AT + DAY)
    drafting.propose(draft, effective_from=AT + 4 * DAY, note="改", actor=writer, at=AT + DAY)
    version = drafting.publish(draft, actor=second, at=AT + DAY)
    assert (version.number, version.based_on, version.standard) == (2, base, own.standard)
    assert Adoption.objects.filter(estate_id=ESTATE).count() == 2
    assert version.digest != own.digest
    assert set(composition.specs_of(version)) == {"post.answer", "post.sort"}


def test_a_proposal_whose_day_has_come_is_not_published(base: StandardVersion, writer: User, second: User) -> None:
    draft = proposed(base, writer)
    before = everything()
    with pytest.raises(drafting.DraftInvalid, match="早于现在"):
        drafting.publish(draft, actor=second, at=AT + 3 * DAY)
    assert everything() == before


def test_what_is_published_is_what_was_seen(base: StandardVersion, writer: User, second: User) -> None:
    draft = proposed(base, writer)
    seen = composition.fingerprint(Draft.objects.get(pk=draft.pk))
    drafting.return_draft(draft, reason="还差一条", actor=writer, at=AT)
    drafting.leave_out(draft, "post.file", actor=writer, at=AT)
    drafting.propose(draft, effective_from=AT + 2 * DAY, note="改", actor=writer, at=AT)
    with pytest.raises(drafting.ChangedMeanwhile):
        drafting.publish(draft, actor=second, at=AT, seen=seen)
    assert (
        drafting.publish(
            draft, actor=second, at=AT, seen=composition.fingerprint(Draft.objects.get(pk=draft.pk))
        ).number
        == 1
    )


def test_a_public_promise_is_loosened_only_with_a_reason(base: StandardVersion, writer: User, second: User) -> None:
    draft = start(base, writer)
    drafting.change_rule(draft, rule(within="48 h", public=True), actor=writer, at=AT)
    drafting.change_rule(draft, rule("post.sort", "9 h"), actor=writer, at=AT)  # not public
    drafting.propose(draft, effective_from=AT + DAY, note="人手不够", actor=writer, at=AT)
    assert [(one.code, one.keys) for one in composition.loosened_by(draft, at=AT)] == [("post.answer", ("within",))]
    before = everything()
    for reasons in ({}, {"post.answer": " "}, {"post.sort": "不公开的不用写"}):
        with pytest.raises(drafting.ReasonNeeded, match="24 h 内答复"):
            drafting.publish(draft, actor=second, at=AT, reasons=reasons)
    assert everything() == before
    drafting.publish(draft, actor=second, at=AT, reasons={"post.answer": "业委会同意", "post.sort": "多写的"})
    assert Entry.objects.get(kind="standards.draft.published").values["loosened"] == {"post.answer": "业委会同意"}


def test_an_estates_own_standard_is_not_shown_to_others(base: StandardVersion, writer: User, second: User) -> None:
    own = published(base, writer, second).standard
    assert [one.code for one in composition.visible_standards([ESTATE])] == ["estate-7", "sample"]
    assert [one.code for one in composition.visible_standards([8])] == ["sample"]
    assert composition.standard_by_code("estate-7", [ESTATE]) == own
    assert composition.standard_by_code("estate-7", [8]) is None
    draft = Draft.objects.get()
    assert composition.draft_by_id(draft.pk, [ESTATE]) == draft
    assert composition.draft_by_id(draft.pk, [8]) is None


def test_the_history_of_a_rule_names_only_what_it_changed(
    load: Load, base: StandardVersion, writer: User, second: User
) -> None:
    load(rule(public=True), rule("post.sort", "1 h"), rule("post.file", "3 d"), at=AT - 2 * DAY)
    newest = load(rule(within="20 h", public=True), rule("post.sort", "1 h"), at=AT - DAY)
    answer = Rule.objects.get(version=newest, code="post.answer")
    past = composition.history_of(answer)
    assert [(one.version.number, one.rule.spec["within"]) for one in past] == [(3, "20 h"), (1, "24 h")]
    assert past[0].change is not None
    assert [(value.key, value.old, value.new) for value in past[0].change.values] == [
        ("within", "24 h", "20 h"),
        ("says", "24 h 内答复", "20 h 内答复"),
    ]
    assert [
        one.version.number for one in composition.history_of(Rule.objects.get(version=newest, code="post.sort"))
    ] == [2, 1]


def test_every_own_standard_belongs_to_one_estate(base: StandardVersion, writer: User, second: User) -> None:
    published(base, writer, second)
    assert list(Standard.objects.filter(estate_id__isnull=False).values_list("code", flat=True)) == ["estate-7"]
