"""Checking written standards: every error with its file, its line and its key, several at once, in sentences."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from huiyin.standards import meaning, reading, shape
from huiyin.standards.rules import RuleInvalid, compile_rule
from huiyin.standards.vocabulary import CATALOGUE

_UNREADABLE = {
    "expected <block end>": "缩进没有对齐",
    "mapping values are not allowed": "一行里多了冒号;文字里有冒号的要加引号",
    "found character that cannot start any token": "这里不能用这个字符;缩进用空格,不用制表符",
    "found character '\\t'": "这里不能用这个字符;缩进用空格,不用制表符",
    "could not find expected ':'": "少了冒号",
    "did not find expected key": "缩进没有对齐,或者少了一项的名字",
    "did not find expected ',' or": "方括号或花括号没有写完",
}


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong in a file, in a sentence."""

    file: str
    line: int
    key: str
    says: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line} {self.key + ':' if self.key else ''}{self.says}"


@dataclass(frozen=True)
class _Read:
    """A file as written: its content, and its nodes, which know their lines."""

    file: Path
    content: Any
    root: Any

    @property
    def specs(self) -> list[Any]:
        rules = self.content.get("rules") if isinstance(self.content, dict) else None
        return rules if isinstance(rules, list) else []


@lru_cache(maxsize=1)
def schema() -> Mapping[str, Any]:
    """Return the published JSON Schema of a file of the catalogue."""
    found: Mapping[str, Any] = json.loads((CATALOGUE / "schema.json").read_text("utf-8"))
    return found


def files_of(place: Path) -> list[Path]:
    """Return the files that belong to a place: one file, the folder of a standard, or a folder of such folders."""
    if place.is_file():
        return [place]
    direct = sorted(place.glob("*.yaml"))
    inner = sorted(place.glob("*/*.yaml"))
    return inner or direct


def check(place: Path) -> list[Problem]:
    """Return everything wrong with a file or a folder, in the order of files and lines. Empty: nothing is wrong."""
    asked = files_of(place)
    if not asked:
        return [Problem(str(place), 0, "", "这里没有 .yaml 文件")]
    found: list[Problem] = []
    for folder in dict.fromkeys(file.parent for file in asked):
        siblings = sorted({*folder.glob("*.yaml"), *(file for file in asked if file.parent == folder)})
        read = [one for file in siblings if (one := _read(file, found, told=file in asked))]
        codes = _codes(read)
        for one in read:
            if one.file in asked:
                found += _problems(one, codes)
    return sorted(set(found))


def _read(file: Path, found: list[Problem], *, told: bool) -> _Read | None:
    try:
        text = file.read_text("utf-8")
        return _Read(file, reading.load(text), reading.nodes(text))
    except UnicodeDecodeError:
        problem = Problem(_name(file), 1, "", "不是 UTF-8 编码的文字")
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        said = str(getattr(error, "problem", None) or error)
        why = next((sentence for start, sentence in _UNREADABLE.items() if said.startswith(start)), f"读不下去({said})")
        problem = Problem(_name(file), line, "", why)
    if told:
        found.append(problem)
    return None


def _codes(read: Iterable[_Read]) -> dict[str, list[tuple[Path, int]]]:
    """Return where each code of a standard stands: more than one place is one too many."""
    places: dict[str, list[tuple[Path, int]]] = {}
    for one in read:
        for number, spec in enumerate(one.specs):
            if isinstance(spec, dict) and "code" in spec:
                line = _line(one.root, ("rules", number, "code"))
                places.setdefault(str(spec["code"]), []).append((one.file, line))
    return places


def _problems(read: _Read, codes: Mapping[str, list[tuple[Path, int]]]) -> Iterator[Problem]:
    """The sentence of who knows most about a key comes first and is the only one for it."""
    seen: set[tuple[int, str]] = set()
    for path, says in (*_twice(read.root), *_sentences(read, codes)):
        key, line = _key(path), _line(read.root, path)
        if (line, key) not in seen:
            seen.add((line, key))
            yield Problem(_name(read.file), line, key, says)


def _sentences(read: _Read, codes: Mapping[str, list[tuple[Path, int]]]) -> Iterator[tuple[shape.Path, str]]:
    content = read.content
    if isinstance(content, dict) and content.get("standard", read.file.parent.name) != read.file.parent.name:
        yield ("standard",), f"写的是 {content['standard']},文件却在 {read.file.parent.name} 目录里"
    if isinstance(content, dict) and content.get("subject", read.file.stem) != read.file.stem:
        yield ("subject",), f"写的是 {content['subject']},文件名却是 {read.file.stem}"
    for number, spec in enumerate(read.specs):
        if isinstance(spec, dict):
            place: shape.Path = ("rules", number)
            for path, says in _about_rule(read, spec, codes):
                yield (*place, *path), says
    for flaw in shape.flaws(content, schema(), root=schema()):
        yield flaw.path, flaw.says


def _about_rule(
    read: _Read, spec: dict[str, Any], codes: Mapping[str, list[tuple[Path, int]]]
) -> Iterator[tuple[shape.Path, str]]:
    standing = codes.get(str(spec.get("code")), [])
    if len(standing) > 1:
        places = "、".join(f"{file.name}:{line}" for file, line in standing)
        yield ("code",), f"「{spec['code']}」写了 {len(standing)} 遍({places})"
    try:
        compile_rule(spec)
    except RuleInvalid as error:
        key, _, says = str(error).partition(": ")
        yield ((key,) if key in spec else ()), says if key in spec else f"{key} {says}"
    except (TypeError, ValueError, KeyError, AttributeError):
        pass  # not even of the right shape: the schema says which part
    yield from meaning.doubts(spec, standard=read.file.parent.name, codes=codes.keys())


def _twice(node: Any, path: shape.Path = ()) -> Iterator[tuple[shape.Path, str]]:
    """A key written twice is silently overwritten by YAML: say so."""
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                yield (*path, key.value), f"「{key.value}」写了两遍,只有后一遍算数"
            seen.add(key.value)
            yield from _twice(value, (*path, key.value))
    elif isinstance(node, yaml.SequenceNode):
        for place, value in enumerate(node.value):
            yield from _twice(value, (*path, place))


def _line(node: Any, path: shape.Path) -> int:
    """Return the line of what the path leads to, or of the nearest part around it that is written."""
    line = node.start_mark.line + 1 if node is not None else 1
    for step in path:
        if isinstance(node, yaml.MappingNode):
            pairs = [(key, value) for key, value in node.value if key.value == str(step)]
            if not pairs:
                return line
            line, node = pairs[-1][0].start_mark.line + 1, pairs[-1][1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            line = node.start_mark.line + 1
        else:
            return line
    return line


def _key(path: shape.Path) -> str:
    """Name a place by its keys: rules[3].within → within; when[0].op → when.op."""
    names = [step for step in path if isinstance(step, str)]
    return ".".join(names[1:] if names[:1] == ["rules"] and len(path) > 1 else names)


def _name(file: Path) -> str:
    return f"{file.parent.name}/{file.name}"
