"""What people say in the demonstration: read from `matters.yaml`, varied by how a caller begins and ends."""

import random
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

OPENINGS = ("", "", "", "您好，", "麻烦登记一下，", "我想反映一下，", "跟你们说个事，", "不好意思打扰了，")
ENDINGS = ("", "", "", "。麻烦尽快", "。家里有老人", "。白天家里有人", "。来之前打个电话", "。谢谢", "。已经两天了")
KINDS = ("repair", "enquiry", "complaint", "suggestion", "compliment", "special_service")


@dataclass(frozen=True)
class Said:
    """One matter as a caller puts it, and which of the written outcomes belongs to it."""

    kind: str
    text: str
    nth: int
    spec: dict[str, Any] = field(hash=False)

    def outcome(self, name: str) -> str:
        """Return the outcome written for this very phrasing, or one of those written."""
        written = self.spec[name]
        return str(written[self.nth % len(written)])


@cache
def written() -> dict[str, Any]:
    return dict(yaml.safe_load(Path(__file__).with_name("matters.yaml").read_text()))


def say(kind: str, rng: random.Random, *, urgent: bool | None = None) -> Said:
    """Return something a caller may say about a matter of this kind."""
    specs = [one for one in written()[kind] if urgent is None or bool(one.get("urgent")) == urgent]
    spec = rng.choice(specs)
    nth = rng.randrange(len(spec["texts"]))
    return Said(kind, _varied(spec["texts"][nth], rng), nth, spec)


def say_like(said: Said, rng: random.Random) -> str:
    """Return the same matter in the words of somebody else."""
    return _varied(said.spec["texts"][said.nth], rng)


def _varied(text: str, rng: random.Random) -> str:
    return f"{rng.choice(OPENINGS)}{text}{rng.choice(ENDINGS)}"


def one_of(name: str, rng: random.Random) -> str:
    return str(rng.choice(written()[name]))
