"""Release from a promise: asked with a reason by one, decided by another."""

from datetime import datetime

from django.db import IntegrityError, transaction

from huiyin.foundation.accounts.models import User
from huiyin.foundation.refusals import Refused
from huiyin.foundation.transactions import command
from huiyin.standards.models import Commitment, CommitmentState, Waiver
from huiyin.standards.operations.shared import PauseInvalid, close_pauses, write_line


class WaiverInvalid(Refused):
    """A waiver without a reason, of what has ended, asked or decided twice, or decided by the one who asked."""


@command
def waive(commitment: Commitment, *, reason: str, actor: User, at: datetime) -> None:
    """Release somebody from a promise, with the reason. Refused without one or when it has ended.

    What was missed stays missed; it is only owed no more.
    """
    if not reason.strip():
        raise PauseInvalid("请写明免除的原因")
    if not _end(commitment, reason=reason, at=at):
        raise PauseInvalid("这项承诺已经结束,不能再免除")
    write_line(commitment, "standards.commitment.waived", actor=actor, at=at, note=reason)


def _end(commitment: Commitment, *, reason: str, at: datetime) -> bool:
    owed = Commitment.objects.filter(pk=commitment.pk, ended_at=None)
    ended = owed.filter(state=CommitmentState.MISSED).update(ended_at=at, end_reason=reason[:80]) or owed.update(
        state=CommitmentState.WAIVED, ended_at=at, end_reason=reason[:80]
    )
    close_pauses([commitment.pk], at=at)
    return bool(ended)


@command
def ask_waiver(commitment: Commitment, *, reason: str, actor: User, at: datetime) -> Waiver:
    """Ask to be released from a promise; it runs on until another person has decided.

    Refused without a reason, when the promise has ended, and while another request waits.
    """
    if not reason.strip():
        raise WaiverInvalid("请写明为什么要免除")
    if not Commitment.objects.filter(pk=commitment.pk, ended_at=None).exists():
        raise WaiverInvalid("这项承诺已经结束,不用再申请免除")
    waiver = Waiver(commitment=commitment, reason=reason.strip()[:200], asked_by=actor, asked_at=at)
    try:
        with transaction.atomic():
            waiver.save(force_insert=True)
    except IntegrityError:
        raise WaiverInvalid("已经有人申请免除,在等批准") from None
    write_line(commitment, "standards.waiver.asked", actor=actor, at=at, note=reason.strip())
    return waiver


@command
def decide_waiver(waiver: Waiver, *, granted: bool, note: str, actor: User, at: datetime) -> None:
    """Agree that the promise is released, or not. A refusal needs its reason.

    Refused for the one who asked, when it was decided already, and when the promise has ended meanwhile.
    """
    if actor.pk == waiver.asked_by_id:
        raise WaiverInvalid("自己申请的要由另一位同事批准")
    if not granted and not note.strip():
        raise WaiverInvalid("不同意的,请写明理由")
    decided = Waiver.objects.filter(pk=waiver.pk, granted=None).update(
        granted=granted, decided_by=actor, decided_at=at, note=note.strip()[:200]
    )
    if not decided:
        raise WaiverInvalid("这项申请已经有人批过了")
    commitment = Commitment.objects.get(pk=waiver.commitment_id)
    if granted and not _end(commitment, reason=waiver.reason, at=at):
        raise WaiverInvalid("这项承诺已经结束,不用再免除")
    kind = "standards.waiver.granted" if granted else "standards.waiver.refused"
    write_line(commitment, kind, actor=actor, at=at, note=note.strip() or waiver.reason)
