"""Standards enter the house: from the shipped catalogue into versions, and into force in an estate."""

import json
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml

from huiyin.foundation.accounts.models import User
from huiyin.foundation.journal import operations as journal
from huiyin.foundation.refusals import Refused
from huiyin.foundation.transactions import command
from huiyin.standards import reading
from huiyin.standards.models import Adoption, Rule, Standard, StandardVersion
from huiyin.standards.rules import RuleInvalid, compile_rule

CATALOGUE = Path(__file__).parents[1] / "catalogue"


class CatalogueInvalid(Refused):
    """A file of the catalogue cannot be read; the sentence names file, rule and key."""


class UnknownStandard(Refused):
    """No standard of that code was loaded."""


class AdoptedAlready(Refused):
    """As of that moment the estate lives by another standard."""


@dataclass(frozen=True)
class Written:
    """A standard as written in its folder."""

    code: str
    title: str
    rules: tuple[dict[str, Any], ...]

    @property
    def digest(self) -> str:
        return sha256(json.dumps([self.title, self.rules], sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def read_catalogue(folder: Path = CATALOGUE) -> list[Written]:
    """Read every standard of the catalogue. Refused with the first error, by file, rule and key."""
    standards = []
    for place in sorted(p for p in folder.iterdir() if p.is_dir() and any(p.glob("*.yaml"))):
        title, rules, seen = "", [], set()
        for file in sorted(place.glob("*.yaml")):
            content = read_file(file)
            title = content["title"]
            for spec in content["rules"]:
                code = spec.get("code", "?")
                where = f"{place.name}/{file.name} 规则 {code}"
                if code in seen:
                    raise CatalogueInvalid(f"{where}: 代码重复")
                seen.add(code)
                try:
                    compile_rule(spec)
                except RuleInvalid as error:
                    raise CatalogueInvalid(f"{where}: {error}") from error
                rules.append(spec)
        standards.append(Written(place.name, title, tuple(rules)))
    return standards


def read_file(file: Path) -> dict[str, Any]:
    """Read one file of the catalogue. Refused when it is not YAML or lacks standard, title or rules."""
    try:
        content = reading.load(file.read_text("utf-8"))
    except yaml.YAMLError as error:
        raise CatalogueInvalid(f"{file.name}: 不是合法的 YAML({error})") from error
    if not isinstance(content, dict):
        raise CatalogueInvalid(f"{file.name}: 应写成 standard、title、rules 三项")
    missing = [key for key in ("standard", "title", "rules") if key not in content]
    if missing:
        raise CatalogueInvalid(f"{file.name}: 缺少 {missing[0]}")
    if not isinstance(content["rules"], list) or not all(isinstance(spec, dict) for spec in content["rules"]):
        raise CatalogueInvalid(f"{file.name}: rules 应是一条条规则,每条以 - code: 开头")
    return content


@command
def load_catalogue(*, at: datetime, folder: Path = CATALOGUE) -> list[StandardVersion]:
    """Publish every standard of the catalogue whose text has changed; return the new versions. Repeatable."""
    published = []
    for written in read_catalogue(folder):
        standard, _ = Standard.objects.get_or_create(code=written.code, defaults={"title": written.title})
        newest = standard.versions.order_by("-number").first()
        if newest and newest.digest == written.digest:
            continue
        version = StandardVersion.objects.create(
            standard=standard, number=newest.number + 1 if newest else 1, effective_from=at, digest=written.digest
        )
        Rule.objects.bulk_create(
            Rule(version=version, code=spec["code"], kind=spec["kind"], says=spec["says"], spec=spec)
            for spec in written.rules
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
