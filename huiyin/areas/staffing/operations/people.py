"""People who come to work here, and people who leave."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.timezone import localdate

from huiyin.areas.staffing import events, queries
from huiyin.areas.staffing.events import PersonAbsent, PersonLeft
from huiyin.areas.staffing.models import Absence, Assignment, Duty, Post, Zone
from huiyin.areas.staffing.operations.lines import about
from huiyin.areas.staffing.operations.posts import PostInvalid, appoint
from huiyin.foundation.accounts import operations as accounts
from huiyin.foundation.accounts.models import Role, User
from huiyin.foundation.journal import operations as journal
from huiyin.foundation.refusals import Refused
from huiyin.foundation.signing_in import operations as signing_in
from huiyin.foundation.signing_in.models import LinkKind
from huiyin.foundation.transactions import command


class NotLetGo(Refused):
    """This person cannot be let go by this one."""


@dataclass(frozen=True)
class Hired:
    """A new colleague, and the token of the link by which they set their password. It is kept nowhere."""

    user: User
    token: str


@command
def hire(
    post: Post,
    *,
    username: str,
    name: str,
    phone: str,
    role: Role,
    since_date: date,
    actor: User,
    at: datetime,
) -> Hired:
    """Invite a new colleague: an account they alone will know the password of, a role in the estate, the post.

    Refused when the account name is taken, or when the role may staff others and gives rights that the actor lacks.
    """
    if role not in queries.roles_to_give(actor, post.estate_id):
        raise PostInvalid(f"「{role.title}」能管人员,您自己没有它的全部权限,不能给别人")
    user = accounts.create_user(username, name=name, password=None, company_id=post.estate.company_id, phone=phone)
    accounts.grant_role(user, role, estate_id=post.estate_id, at=at)
    about(
        events.PERSON_HIRED,
        ("accounts.user", user.pk),
        estate_id=post.estate_id,
        actor=actor,
        at=at,
        values={"person": name, "role": role.title, "title": post.title},
    )
    appoint(user, post, since_date=since_date, actor=actor, at=at)
    return Hired(user, signing_in.make_link(user, kind=LinkKind.JOIN, actor=actor, at=at))


@command
def report_absent(user: User, *, estate_id: int, until: datetime, reason: str, actor: User, at: datetime) -> Absence:
    """Record that somebody is not there from now until a time: nothing falls to them, and what they have in hand goes to
    their posts at once.

    The areas above react to `PersonAbsent` as to somebody who left. Refused without a reason, for a time that has
    passed, and for who has left or is absent already.
    """
    if not reason.strip():
        raise NotLetGo("请写明原因")
    if until <= at:
        raise NotLetGo("回来的时间要晚于现在")
    if not accounts.keep_user(user):
        raise NotLetGo(f"{user.name}已经离职了")
    if queries.absence_of(user, at=at):
        raise NotLetGo(f"{user.name}已经登记不在岗,回来后再登记")
    absence = Absence.objects.create(
        user=user, starts_at=at, ends_at=until, reason=reason.strip()[:120], recorded_by=actor
    )
    journal.announce(
        PersonAbsent(subject_id=user.pk, estate_id=estate_id, person_id=user.pk, until=until),
        actor=actor,
        at=at,
        note=absence.reason,
    )
    return absence


@command
def report_back(user: User, *, estate_id: int, actor: User, at: datetime) -> None:
    """Record that somebody is there again before the time. Refused when they are not absent."""
    if not queries.absent_at(at).filter(user=user).update(ends_at=at):
        raise NotLetGo(f"{user.name}没有登记不在岗")
    about(events.PERSON_BACK, ("accounts.user", user.pk), estate_id=estate_id, actor=actor, at=at)


@command
def let_go(user: User, *, estate_id: int, actor: User, at: datetime) -> None:
    """Record that the person leaves: posts end, the running duty ends and later ones fall away, zones lose their butler,
    the account closes and is signed out everywhere, and what they owe is re-homed.

    The areas above react to `PersonLeft` in the same transaction. Refused for oneself and for who has left already.
    """
    if user.pk == actor.pk:
        raise NotLetGo("不能给自己办离职,请让别的负责人来办")
    if not User.objects.filter(pk=user.pk, is_active=True).exists():
        raise NotLetGo(f"{user.name}已经离职了")
    Assignment.objects.filter(user=user, until_date=None).update(until_date=localdate(at))
    Duty.objects.filter(user=user, starts_at__gte=at).delete()
    Duty.objects.filter(user=user, starts_at__lt=at, ends_at__gt=at).update(ends_at=at)
    Zone.objects.filter(butler=user).update(butler=None)
    signing_in.revoke_links(user, actor=actor, at=at)
    accounts.disable_user(user, at=at)
    journal.announce(
        PersonLeft(subject_id=user.pk, estate_id=estate_id, person_id=user.pk), actor=actor, at=at, note=""
    )
