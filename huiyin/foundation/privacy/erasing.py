"""Reading and erasing everything the house keeps about one person, along what the areas have declared."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Q, QuerySet

from huiyin.foundation.privacy.declared import Erasing, PersonalField, Subject, declared

CUT_OUT = "〔已删除〕"
SHORTEST_NAME = 2


@dataclass(frozen=True)
class Kept:
    """One thing kept about a person: of which record, which item, what stands there, what for."""

    record: str
    label: str
    value: str
    purpose: str
    basis: str


def everything_about(subject: Subject) -> Iterator[Kept]:
    """Yield all that is kept about the person, as the person may read it."""
    for app, field in declared():
        for row in rows_about(app, field, subject).distinct() if field.person or field.phone else ():
            said = getattr(row, field.field)
            if said not in (None, ""):
                name = f"{field.record} {field.naming(row)}".strip()
                yield Kept(name, field.said(row), str(said), field.purpose, field.basis)


def erase_everything_about(subject: Subject) -> int:
    """Blank, cut or delete every declared field of the person; return how many rows were touched.

    Whoever calls has asked `holds_on` before, in the same transaction.
    """
    # All rows are found before the first is changed: many are found by the phone that is blanked on the way.
    found = [
        (
            field,
            rows_about(app, field, subject).model,
            list(rows_about(app, field, subject).values_list("pk", flat=True)),
        )
        for app, field in declared()
        if (field.person or field.phone) and field.erasing is not Erasing.STAYS
    ]
    return sum(_erase(model._default_manager.filter(pk__in=keys), field, subject) for field, model, keys in found)


def residue_of(subject: Subject) -> list[str]:
    """Name what is still there of the person although it should have gone."""
    left = []
    for app, field in declared():
        if not (field.person or field.phone) or field.erasing is Erasing.STAYS:
            continue
        for row in rows_about(app, field, subject).distinct():
            said = str(getattr(row, field.field) or "")
            gone = said == field.left if field.erasing is not Erasing.CUT else _cut(said, subject) == said
            if not gone:
                left.append(f"{app}.{field.model}.{field.field} #{row.pk}")
    return left


def rows_about(app: str, field: PersonalField, subject: Subject) -> QuerySet[Any]:
    """Return the rows with this field that are about the person: that name them, or name nobody but their phone."""
    about = Q(pk__in=[])
    if field.person:
        about |= Q(**{field.person: subject.person_id})
    if field.phone and subject.phones:
        unnamed = Q(**{field.person: None}) if field.person else Q()
        about |= unnamed & Q(**{f"{field.phone}__in": subject.phones, field.estate: subject.estate_id})
    found: QuerySet[Any] = apps.get_model(app, field.model)._default_manager.filter(about).order_by("pk")
    return found


def _erase(found: QuerySet[Any], field: PersonalField, subject: Subject) -> int:
    if field.erasing is Erasing.DELETE:
        return int(found.delete()[0])
    if field.erasing is Erasing.BLANK:
        return int(found.exclude(**{field.field: field.left}).update(**{field.field: field.left}))
    touched = 0
    for pk, said in list(found.values_list("pk", field.field)):
        if said and (cut := _cut(said, subject)) != said:
            touched += found.filter(pk=pk).update(**{field.field: cut})
    return touched


def _cut(text: str, subject: Subject) -> str:
    """Take the name and the phones out of a free text. A name of one character would take words apart: it stays."""
    for said in (*subject.phones, subject.name if len(subject.name) >= SHORTEST_NAME else ""):
        if said:
            text = text.replace(said, CUT_OUT)
    return text
