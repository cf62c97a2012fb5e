"""Which fault needs which skill, as the estate says."""

from collections.abc import Mapping
from datetime import datetime

from huiyin.areas.repairs import events, queries
from huiyin.areas.repairs.models import FaultSkill
from huiyin.areas.repairs.words import ANYBODY
from huiyin.areas.staffing.words import SKILLS
from huiyin.foundation.accounts.models import User
from huiyin.foundation.journal import operations as journal
from huiyin.foundation.refusals import Refused
from huiyin.foundation.transactions import command, take_turn


class SkillsRefused(Refused):
    """The estate cannot ask for that."""


@command
def set_skills(estate_id: int, asked: Mapping[str, str | None], *, actor: User, at: datetime) -> int:
    """Say of faults (by code) which skill they ask for; None: as shipped, empty: any hands. Return how many changed.

    What is not named stays. What was before is on the journal. Refused, and nothing changed, for a fault the estate does not
    have or a skill nobody can learn.
    """
    take_turn(f"repairs.skills:{estate_id}")
    known = {one.category.code: one for one in queries.skill_map(estate_id)}
    changed = []
    for code, skill in asked.items():
        if code not in known:
            raise SkillsRefused(f"没有「{code}」这个故障类别,可能刚停用了;请刷新再改")
        if skill and skill not in SKILLS:
            raise SkillsRefused(f"没有「{skill}」这项技能,可以写 {'、'.join(SKILLS)}")
        now = known[code]
        if skill == (now.skill if now.own else None):
            continue
        here = FaultSkill.objects.filter(estate_id=estate_id, fault=code)
        if skill is None:
            here.delete()
        else:
            FaultSkill.objects.update_or_create(estate_id=estate_id, fault=code, defaults={"skill": skill})
        will_be = now.otherwise if skill is None else skill
        was, says = SKILLS.get(now.skill, ANYBODY), SKILLS.get(will_be, ANYBODY)
        changed.append(f"{now.category.title} {was} → {says}")
    if changed:
        journal.record(
            events.SKILLS_CHANGED,
            subject=(FaultSkill.journal_name, estate_id),
            estate_id=estate_id,
            actor=actor,
            at=at,
            thread=f"dispatch:{estate_id}",
            values={"says": ";".join(changed)},
        )
    return len(changed)
