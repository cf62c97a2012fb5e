"""Two press at once: changing and publishing a standard."""

from datetime import timedelta

import pytest

from huiyin.foundation.accounts.models import User
from huiyin.standards import composition
from huiyin.standards.models import Adoption, Draft, Standard, StandardVersion
from huiyin.standards.operations import drafting
from tests.at_once.pressing import LATER, Act, House, lines, one_wins, too_late
from tests.cast import AT

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def proposed_draft(house: House, says: str = "投诉 12 小时内答复") -> Draft:
    cast, version = house.cast, composition.bases(house.estate.pk, at=AT).current
    assert version is not None
    draft = drafting.start_draft(house.estate.pk, version, title="云河苑服务标准", actor=cast.supervisor, at=AT)
    reply = composition.specs_of(version)["complaint.reply"]
    drafting.change_rule(draft, {**reply, "within": "12 h", "says": says}, actor=cast.supervisor, at=AT)
    drafting.propose(draft, effective_from=AT + timedelta(days=1), note="改", actor=cast.supervisor, at=AT)
    return draft


def test_two_publish_one_draft(house: House) -> None:
    draft, cast = proposed_draft(house), house.cast
    one, two = (Draft.objects.get(pk=draft.pk) for _ in range(2))
    who, said = one_wins(
        lambda: drafting.publish(one, actor=cast.director, at=LATER),
        lambda: drafting.publish(two, actor=cast.lead, at=LATER),
    )
    assert said == too_late("发布", "已发布", (cast.director, cast.lead)[who])
    assert Draft.objects.get().published_by == (cast.director, cast.lead)[who]
    own = Standard.objects.get(estate_id=house.estate.pk)
    assert (own.versions.count(), Adoption.objects.filter(standard=own).count()) == (1, 1)
    assert lines("standards.draft.published") == 1


def test_two_publish_two_drafts_of_one_estate(house: House) -> None:
    """The second would undo the first, which it has not seen."""
    first, second = proposed_draft(house), proposed_draft(house, "投诉半天内答复")
    who, said = one_wins(
        lambda: drafting.publish(Draft.objects.get(pk=first.pk), actor=house.cast.director, at=LATER),
        lambda: drafting.publish(Draft.objects.get(pk=second.pk), actor=house.cast.director, at=LATER),
    )
    assert said == "起草之后现行版本已经变了,请先把草稿移到现行版本上,改动会保留"
    version = StandardVersion.objects.get(standard__estate_id=house.estate.pk)
    assert version.draft.pk == (first.pk, second.pk)[who]
    assert Draft.objects.get(pk=(second.pk, first.pk)[who]).status == "proposed"


def test_one_publishes_what_another_sends_back(house: House) -> None:
    draft, cast = proposed_draft(house), house.cast
    who, said = one_wins(
        lambda: drafting.publish(Draft.objects.get(pk=draft.pk), actor=cast.director, at=LATER),
        lambda: drafting.return_draft(Draft.objects.get(pk=draft.pk), reason="再想想", actor=cast.supervisor, at=LATER),
    )
    ended, actor = (("已发布", cast.director), ("起草中", cast.supervisor))[who]
    assert said == too_late(("退回起草", "发布")[who], ended, actor)
    assert StandardVersion.objects.filter(standard__estate_id=house.estate.pk).count() == (1, 0)[who]


def test_two_change_one_rule_of_a_draft(house: House) -> None:
    draft, cast = proposed_draft(house), house.cast
    drafting.return_draft(draft, reason="再想想", actor=cast.supervisor, at=AT)
    spec = composition.drafted(Draft.objects.select_related("base__standard").get(pk=draft.pk))["complaint.reply"]
    seen = composition.digest_of(spec)

    def change(hours: int, actor: User) -> Act:
        mine = Draft.objects.select_related("base__standard").get(pk=draft.pk)
        new = {**spec, "within": f"{hours} h", "says": f"投诉 {hours} 小时内答复"}
        return lambda: drafting.change_rule(mine, new, actor=actor, at=LATER, seen=seen)

    who, said = one_wins(change(6, cast.supervisor), change(8, cast.director))
    assert said == "这一条刚被别人改过,请对照现在的内容再改;您填写的内容还在"
    assert Draft.objects.get().changes["complaint.reply"]["within"] == ("6 h", "8 h")[who]
