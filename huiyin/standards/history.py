"""The life of one promise: its revisions, the stretches in which it ran and stood still, its steps, who asked to be
released from it. Also what waits for somebody's confirmation or decision.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from huiyin.foundation import rows
from huiyin.foundation.journal.models import Entry
from huiyin.standards.models import Commitment, Pause, Step, StepState, Waiver
from huiyin.standards.spans import Stretch, stretches


def first_revision(commitment: Commitment) -> Commitment:
    """Return the revision with which the promise began: there its time began to run."""
    while commitment.revision > 1 and commitment.follows is not None:
        commitment = commitment.follows
    return commitment


def revisions(commitment: Commitment) -> list[Commitment]:
    """Return this revision and those before it, the first one first."""
    found = [commitment]
    while found[0].revision > 1 and found[0].follows is not None:
        found.insert(0, found[0].follows)
    return found


def followed_by(commitment: Commitment) -> list[Commitment]:
    """Return what goes on from this promise: its next revision, or the new one of a reopened matter."""
    return list(Commitment.objects.filter(follows=commitment).order_by("pk"))


def pauses_of_revisions(commitment: Commitment) -> list[Pause]:
    """Return every pause of the promise since it began, in their order."""
    ids = [one.pk for one in revisions(commitment)]
    return list(Pause.objects.filter(commitment__in=ids).order_by("since", "pk"))


def spans(commitment: Commitment, *, at: datetime) -> list[Stretch]:
    """Return the stretches in which this revision ran and stood still, from its opening to its end, or to this moment.

    They add up to the whole time, without gap or overlap.
    """
    pauses = Pause.objects.filter(commitment=commitment).order_by("since", "pk")
    told = pauses.values_list("since", "until", "reason")
    return stretches(commitment.opened_at, commitment.ended_at or max(at, commitment.opened_at), told)


def values_of(entry: Entry) -> dict[str, Any]:
    """Return the values of a journal line as the fact had them: moments are moments again."""
    return {name: _moment_or(value) for name, value in entry.values.items()}


def _moment_or(value: Any) -> Any:
    if isinstance(value, str) and "T" in value:
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            return value
    return value


def promise_by_id(commitment_id: int) -> Commitment | None:
    return Commitment.objects.select_related("rule__version__standard", "owner").filter(pk=commitment_id).first()


def steps_of(commitment: Commitment) -> list[Step]:
    """Return the steps of the promise's ladders in the order of their time, with who was told."""
    return list(Step.objects.filter(commitment=commitment).select_related("told", "received_by").order_by("at", "pk"))


def step_by_id(step_id: int) -> Step | None:
    return Step.objects.select_related("commitment", "told").filter(pk=step_id).first()


def waivers_of(commitment: Commitment) -> list[Waiver]:
    found = Waiver.objects.filter(commitment=commitment).select_related("asked_by", "decided_by")
    return list(found.order_by("pk"))


def told_to(user_id: int, posts: Mapping[int, Sequence[str]]) -> "QuerySet[Step]":
    """Return the steps told to this person, by name or as holder of a post without a name, and not yet confirmed.

    A promise that has ended needs no confirmation any more.
    """
    told = Q(told=user_id)
    for estate_id, codes in posts.items():
        told |= Q(told=None, told_post__in=codes, commitment__estate_id=estate_id)
    return Step.objects.filter(told, state=StepState.TAKEN, received_at=None, commitment__ended_at=None)


_TOLD = """
SELECT count(*) FROM (
  SELECT 1 AS one FROM standards_step s JOIN standards_commitment c ON c.id = s.commitment_id
  WHERE s.state = 'taken' AND s.received_at IS NULL AND c.ended_at IS NULL AND {whose} LIMIT %s
) AS part
"""


def told_parts(user_id: int, posts: Mapping[int, Sequence[str]], *, cap: int) -> tuple[list[str], list[object]]:
    """Return the counting queries of what this person was told and has not confirmed, with their parameters."""
    whose: list[str] = ["s.told_id = %s"]
    values: list[object] = [user_id, cap + 1]
    for estate_id, codes in posts.items():
        for code in dict.fromkeys(codes):
            whose.append("s.told_id IS NULL AND s.told_post = %s AND c.estate_id = %s")
            values += [code, estate_id, cap + 1]
    return [_TOLD.format(whose=one) for one in whose], values


def count_told(user_id: int, posts: Mapping[int, Sequence[str]], *, cap: int) -> int:
    """Count what this person was told and has not confirmed, up to one more than the cap."""
    parts, values = told_parts(user_id, posts, cap=cap)
    counted = rows.read(" UNION ALL ".join(parts), values)
    return min(sum(int(count) for (count,) in counted), cap + 1)


def waivers_waiting(estate_ids: Collection[int], *, asked_by_other_than: int) -> "QuerySet[Waiver]":
    """Return the requests in these estates that another person than the one asking has to decide."""
    waiting = Waiver.objects.filter(granted=None, commitment__ended_at=None, commitment__estate_id__in=estate_ids)
    return waiting.exclude(asked_by=asked_by_other_than).select_related("commitment", "asked_by").order_by("asked_at")
