"""Versions never change, adoptions look forward, promises keep the version they were made under."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import pytest
import yaml

from huiyin.foundation.accounts.queries import system_actor
from huiyin.foundation.journal import operations as journal
from huiyin.foundation.journal.facts import Fact
from huiyin.foundation.journal.models import Entry
from huiyin.standards import operations
from huiyin.standards.in_force import forget, rule_book
from huiyin.standards.models import Adoption, Commitment, Rule, Standard, StandardVersion
from huiyin.standards.operations.publishing import AdoptedAlready, UnknownStandard
from huiyin.standards.written import CatalogueInvalid, read_catalogue

AT = datetime(2026, 11, 25, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ESTATE = 7
Publish = Callable[..., list[StandardVersion]]


@dataclass(frozen=True, kw_only=True)
class WorkOpened(Fact):
    code: ClassVar[str] = "sample.work.opened"
    subject_type: ClassVar[str] = "sample.work"


def rule(within: str = "24 h", code: str = "work.done", **changed: Any) -> dict[str, Any]:
    return {
        "code": code,
        "kind": "deadline",
        "clauses": [],
        "says": f"{within} 内办完",
        "opens": "sample.work.opened",
        "keeps": "sample.work.done",
        "within": within,
        "does": "办完",
    } | changed


@pytest.fixture
def publish(db: None, tmp_path: Path) -> Publish:
    """Write the rules into the sample standard (or one by another name) and load the catalogue."""

    def write_and_load(*rules: dict[str, Any], at: datetime = AT, name: str = "sample") -> list[StandardVersion]:
        (tmp_path / name).mkdir(exist_ok=True)
        written = {"standard": name, "title": f"标准 {name}", "rules": list(rules)}
        (tmp_path / name / "rules.yaml").write_text(yaml.safe_dump(written, allow_unicode=True))
        return operations.load_catalogue(at=at, folder=tmp_path)

    return write_and_load


def adopt(code: str = "sample", *, since: datetime = AT) -> Adoption:
    return operations.adopt(ESTATE, code, since=since, actor=system_actor(), at=AT)


def opens(*, at: datetime) -> Commitment:
    fact = WorkOpened(subject_id=1, estate_id=ESTATE, thread="case:1", responsible_post="butler")
    return Commitment.objects.select_related("rule__version").get(
        opened_by=journal.announce(fact, actor=system_actor(), at=at)
    )


# Loading


def test_what_has_not_changed_is_not_published_again(publish: Publish) -> None:
    assert [str(version) for version in publish(rule())] == ["标准 sample 第 1 版"]
    assert publish(rule(), at=AT + DAY) == []
    assert (StandardVersion.objects.count(), Rule.objects.count()) == (1, 1)


def test_a_changed_text_is_a_new_version_and_the_old_one_stays_as_it_was(publish: Publish) -> None:
    (first,) = publish(rule("24 h"), rule("3 d", "other"))
    kept = list(Rule.objects.filter(version=first).order_by("id").values())
    (second,) = publish(rule("48 h"), at=AT + DAY)
    assert (second.number, second.effective_from) == (2, AT + DAY)
    assert [row.spec["within"] for row in second.rules.all()] == ["48 h"]
    assert list(Rule.objects.filter(version=first).order_by("id").values()) == kept
    assert StandardVersion.objects.get(pk=first.pk).digest == first.digest
    assert Standard.objects.count() == 1


def test_only_the_standard_that_changed_gets_a_version(publish: Publish) -> None:
    publish(rule())
    assert [version.standard.code for version in publish(rule("1 h"), name="other")] == ["other"]
    assert [version.standard.code for version in publish(rule("2 h"), at=AT + DAY)] == ["sample"]


def test_the_order_of_keys_is_no_change(publish: Publish) -> None:
    publish(rule())
    assert publish(dict(reversed(rule().items()))) == []


# In force


def test_before_the_adoption_nothing_is_promised_and_from_its_moment_on_it_is(publish: Publish) -> None:
    publish(rule(), at=AT - DAY)
    adopt(since=AT)
    assert rule_book(ESTATE, at=AT - timedelta(microseconds=1)).rules == {}
    assert list(rule_book(ESTATE, at=AT).rules) == ["work.done"]
    assert rule_book(ESTATE + 1, at=AT).rules == {}


def test_an_adoption_is_dated_forward_and_the_newest_begun_is_in_force(publish: Publish) -> None:
    publish(rule("24 h"), at=AT - DAY)
    publish(rule("1 h"), name="strict", at=AT - DAY)
    adopt("sample", since=AT - DAY)
    adopt("strict", since=AT + 2 * DAY)
    assert opens(at=AT).due_at == AT + DAY
    assert opens(at=AT + 2 * DAY).due_at == AT + 2 * DAY + HOUR


def test_a_version_is_in_force_from_its_own_moment(publish: Publish) -> None:
    publish(rule("24 h"), at=AT - DAY)
    adopt(since=AT - DAY)
    publish(rule("48 h"), at=AT + DAY)
    assert opens(at=AT + DAY - HOUR).due_at == AT + 2 * DAY - HOUR
    assert opens(at=AT + DAY).due_at == AT + 3 * DAY


def test_promises_keep_the_version_they_were_made_under(publish: Publish) -> None:
    (first,) = publish(rule("24 h"), at=AT - DAY)
    adopt(since=AT - DAY)
    one = opens(at=AT)
    publish(rule("1 h", does="快办"), at=AT + HOUR)
    forget()
    operations.pause("case:1", reason="等配件", wakes_at=AT + 9 * HOUR, at=AT + 2 * HOUR)
    operations.resume("case:1", at=AT + 9 * HOUR)
    kept = Commitment.objects.select_related("rule").get(pk=one.pk)
    assert kept.rule is not None
    assert (kept.rule.version_id, kept.rule.spec["within"], kept.does) == (first.pk, "24 h", "办完")
    assert kept.due_at == AT + 31 * HOUR


def test_adopting_is_on_the_record(publish: Publish) -> None:
    publish(rule())
    adoption = adopt(since=AT + DAY)
    entry = Entry.objects.get(kind="standards.standard.adopted")
    assert (entry.subject_id, entry.estate_id, entry.actor) == (adoption.pk, ESTATE, system_actor())
    assert entry.values == {"standard": "sample", "since": (AT + DAY).isoformat()}


def test_an_unknown_standard_or_a_moment_taken_is_refused(publish: Publish) -> None:
    publish(rule())
    with pytest.raises(UnknownStandard, match="没有标准「nowhere」,请先载入"):
        adopt("nowhere")
    adopt()
    with pytest.raises(AdoptedAlready, match="这一时刻起已经采用了一个标准,请另选时间"):
        adopt()
    assert Adoption.objects.count() == Entry.objects.filter(kind="standards.standard.adopted").count() == 1


# What cannot be read


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("standard: [", "rules.yaml: 不是合法的 YAML"),
        ("- a\n- b\n", "rules.yaml: 应写成 standard、title、rules 三项"),
        ("", "rules.yaml: 应写成 standard、title、rules 三项"),
        ("title: T\nrules: []\n", "rules.yaml: 缺少 standard"),
        ("standard: s\nrules: []\n", "rules.yaml: 缺少 title"),
        ("standard: s\ntitle: T\n", "rules.yaml: 缺少 rules"),
        ("standard: s\ntitle: T\nrules: soon\n", "rules.yaml: rules 应是一条条规则"),
        ("standard: s\ntitle: T\nrules: [soon]\n", "rules.yaml: rules 应是一条条规则"),
        ("standard: s\ntitle: T\nrules: [{code: a.b, kind: wish}]\n", "sample/rules.yaml 规则 a.b: kind: 「wish」不是"),
        ("standard: s\ntitle: T\nrules: [{kind: deadline}]\n", "sample/rules.yaml 规则 ?: code: 缺少"),
    ],
)
def test_an_error_in_the_catalogue_names_file_rule_and_key(tmp_path: Path, text: str, sentence: str) -> None:
    (tmp_path / "sample").mkdir()
    (tmp_path / "sample" / "rules.yaml").write_text(text)
    with pytest.raises(CatalogueInvalid) as refusal:
        read_catalogue(tmp_path)
    assert refusal.value.sentence.startswith(sentence)


def test_a_code_used_twice_is_named_with_its_second_file(tmp_path: Path) -> None:
    (tmp_path / "sample").mkdir()
    for name in ("a.yaml", "b.yaml"):
        written = {"standard": "sample", "title": "样本", "rules": [rule()]}
        (tmp_path / "sample" / name).write_text(yaml.safe_dump(written, allow_unicode=True))
    with pytest.raises(CatalogueInvalid, match=r"^sample/b\.yaml 规则 work\.done: 代码重复$"):
        read_catalogue(tmp_path)


@pytest.mark.django_db
def test_nothing_of_a_wrong_catalogue_is_loaded(tmp_path: Path) -> None:
    for name, within in (("a", "24 h"), ("b", "soon")):
        (tmp_path / name).mkdir()
        written = {"standard": name, "title": name, "rules": [rule(within)]}
        (tmp_path / name / "rules.yaml").write_text(yaml.safe_dump(written, allow_unicode=True))
    with pytest.raises(CatalogueInvalid, match=r"^b/rules\.yaml 规则 work\.done: within: 读不懂时限「soon」"):
        operations.load_catalogue(at=AT, folder=tmp_path)
    assert not Standard.objects.exists()
