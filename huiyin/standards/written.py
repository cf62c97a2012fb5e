"""The shipped standards as written, one folder each."""

import json
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml

from huiyin.foundation.refusals import Refused
from huiyin.standards import reading
from huiyin.standards.rules import RuleInvalid, compile_rule
from huiyin.standards.vocabulary import CATALOGUE


class CatalogueInvalid(Refused):
    """A file of the catalogue cannot be read; the sentence names file, rule and key."""


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


@lru_cache(maxsize=1)
def shipped() -> tuple[Written, ...]:
    """Return the standards shipped with the product, read once."""
    return tuple(read_catalogue(CATALOGUE))
