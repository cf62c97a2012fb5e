"""What somebody can do on their posts."""

from collections.abc import Iterable
from datetime import datetime

from huiyin.areas.staffing import events, words
from huiyin.areas.staffing.models import Assignment
from huiyin.areas.staffing.operations.lines import about
from huiyin.foundation.accounts.models import User
from huiyin.foundation.refusals import Refused
from huiyin.foundation.transactions import command


class SkillUnknown(Refused):
    """No such skill, or the person holds no post it could be recorded on."""


@command
def record_skills(user: User, *, estate_id: int, skills: Iterable[str], actor: User, at: datetime) -> None:
    """Record what the person can do on the posts they hold in the estate; what was recorded before no longer counts.

    Refused for a skill nobody knows, and for somebody without a post there.
    """
    wanted = set(skills)
    chosen = [code for code in words.SKILLS if code in wanted]
    if strange := wanted - set(chosen):
        raise SkillUnknown(f"没有「{min(strange)}」这一项技能")
    held = Assignment.objects.filter(user=user, post__estate_id=estate_id, until_date=None)
    before = held.order_by("id").values_list("skills", flat=True).first()
    if before is None:
        raise SkillUnknown(f"{user.name}在这个小区没有岗位")
    held.update(skills=chosen)
    about(
        events.PERSON_SKILLED,
        ("accounts.user", user.pk),
        estate_id=estate_id,
        actor=actor,
        at=at,
        values={"person": user.name, "skills": _said(chosen), "was": _said(before)},
    )


def _said(codes: Iterable[str]) -> str:
    return "、".join(words.SKILLS.get(code, code) for code in codes) or "没有登记"
