"""Standards enter the house: from the shipped catalogue into versions, and into force in an estate."""

from datetime import datetime
from pathlib import Path

from huiyin.foundation.accounts.models import User
from huiyin.foundation.journal import operations as journal
from huiyin.foundation.refusals import Refused
from huiyin.foundation.transactions import command
from huiyin.standards import written
from huiyin.standards.models import Adoption, Rule, Standard, StandardVersion
from huiyin.standards.vocabulary import CATALOGUE


class UnknownStandard(Refused):
    """No standard of that code was loaded."""


class AdoptedAlready(Refused):
    """As of that moment the estate lives by another standard."""


@command
def load_catalogue(*, at: datetime, folder: Path = CATALOGUE) -> list[StandardVersion]:
    """Publish every standard of the catalogue whose text has changed; return the new versions. Repeatable."""
    published = []
    for text in written.read_catalogue(folder):
        standard, _ = Standard.objects.get_or_create(code=text.code, defaults={"title": text.title})
        newest = standard.versions.order_by("-number").first()
        if newest and newest.digest == text.digest:
            continue
        version = StandardVersion.objects.create(
            standard=standard, number=newest.number + 1 if newest else 1, effective_from=at, digest=text.digest
        )
        Rule.objects.bulk_create(
            Rule(version=version, code=spec["code"], kind=spec["kind"], says=spec["says"], spec=spec)
            for spec in text.rules
        )
        published.append(version)
    return published


@command
def adopt(estate_id: int, code: str, *, since: datetime, actor: User, at: datetime) -> Adoption:
    """Let the estate live by the standard from that moment. Promises already made keep their version.

    Refused when the standard was not loaded, or when another was adopted as of the same moment.
    """
    standard = Standard.objects.filter(code=code).first()
    if standard is None:
        raise UnknownStandard(f"没有标准「{code}」,请先载入")
    if Adoption.objects.filter(estate_id=estate_id, since=since).exists():
        raise AdoptedAlready("这一时刻起已经采用了一个标准,请另选时间")
    adoption = Adoption.objects.create(estate_id=estate_id, standard=standard, since=since)
    journal.record(
        "standards.standard.adopted",
        subject=("standards.adoption", adoption.pk),
        estate_id=estate_id,
        actor=actor,
        at=at,
        values={"standard": code, "since": since},
    )
    return adoption
