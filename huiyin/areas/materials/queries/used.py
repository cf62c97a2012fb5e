"""What was used on subjects, in money: composed into the figures of whoever stands above."""

from django.db.models import BigIntegerField, Count, F, Func, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from huiyin.areas.materials.models import Movement, MovementKind

# Quantities are kept in hundredths and prices in yuan with two places: their product counts hundredths of a fen, exactly.
TO_A_YUAN = 10_000


class _Worth(Func):
    """The worth of a movement in ten-thousandths of a yuan, a whole number on both engines."""

    template = "CAST(ROUND(%(expressions)s * 100) AS bigint)"
    arg_joiner = " * "
    output_field = BigIntegerField()


def worth_used(subject_type: str, subject: str = "pk") -> Coalesce:
    """Return an annotation: what was used on the row's subject, in ten-thousandths of a yuan; unpriced counts nothing."""
    return _of_subject(subject_type, subject, Sum(_Worth(F("quantity"), F("unit_price"))))


def uses_counted(subject_type: str, subject: str = "pk") -> Coalesce:
    """Return an annotation: how many times something was used on the row's subject."""
    return _of_subject(subject_type, subject, Count("pk"))


def unpriced_uses(subject_type: str, subject: str = "pk") -> Coalesce:
    """Return an annotation: how many of them had no price."""
    return _of_subject(subject_type, subject, Count("pk", filter=Q(unit_price=None)))


def _of_subject(subject_type: str, subject: str, summed: Sum | Count) -> Coalesce:
    used: QuerySet[Movement] = Movement.objects.filter(
        kind=MovementKind.USE, subject_type=subject_type, subject_id=OuterRef(subject)
    )
    counted = used.order_by().values("subject_id").annotate(n=summed).values("n")
    return Coalesce(Subquery(counted, output_field=BigIntegerField()), 0)
