"""Holding a value against the catalogue's JSON Schema: the part of the language that schema.json speaks, in sentences.

Values in, sentences out; a validator of the whole language would bring four packages along to say them in English.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Path = tuple[str | int, ...]
Schema = Mapping[str, Any]
_TYPES: Mapping[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
}
_NAMES = {
    "object": "一组项目",
    "array": "一个清单",
    "string": "一段文字",
    "integer": "一个整数",
    "number": "一个数",
    "boolean": "true 或 false",
}


@dataclass(frozen=True)
class Flaw:
    """What is wrong with a value, and where: the keys and positions that lead to it."""

    path: Path
    says: str


def flaws(value: Any, schema: Schema, *, root: Schema, path: Path = ()) -> Iterator[Flaw]:
    """Return what the schema has against the value, the outer flaws first."""
    schema = _resolved(schema, root)
    if "type" in schema and not _is_of(value, schema["type"]):
        yield Flaw(path, f"应是{'或'.join(_NAMES[one] for one in _listed(schema['type']))}")
        return
    if "const" in schema and value != schema["const"]:
        yield Flaw(path, f"只能写「{schema['const']}」")
    if "enum" in schema and value not in schema["enum"]:
        yield Flaw(path, f"「{value}」不是 {'、'.join(str(one) for one in schema['enum'])} 之一")
    if isinstance(value, str):
        yield from _text(value, schema, path)
    elif isinstance(value, dict):
        yield from _object(value, schema, root, path)
    elif isinstance(value, list):
        yield from _array(value, schema, root, path)
    elif isinstance(value, int | float) and value < schema.get("minimum", value):
        yield Flaw(path, f"不能小于 {schema['minimum']}")
    yield from _combined(value, schema, root, path)


def _text(value: str, schema: Schema, path: Path) -> Iterator[Flaw]:
    if len(value) < schema.get("minLength", 0):
        yield Flaw(path, f"太短,至少 {schema['minLength']} 个字")
    if len(value) > schema.get("maxLength", len(value)):
        yield Flaw(path, f"太长,最多 {schema['maxLength']} 个字,现在 {len(value)} 个")
    if "pattern" in schema and not re.search(schema["pattern"], value):
        yield Flaw(path, f"「{value}」的写法不对")


def _object(value: dict[str, Any], schema: Schema, root: Schema, path: Path) -> Iterator[Flaw]:
    properties = schema.get("properties", {})
    for key in schema.get("required", ()):
        if key not in value:
            yield Flaw(path, f"缺少 {key}")
    for key, inner in value.items():
        if key in properties:
            yield from flaws(inner, properties[key], root=root, path=(*path, key))
        elif schema.get("additionalProperties") is False:
            yield Flaw((*path, key), f"没有「{key}」这一项")


def _array(value: list[Any], schema: Schema, root: Schema, path: Path) -> Iterator[Flaw]:
    if len(value) < schema.get("minItems", 0):
        yield Flaw(path, f"至少写 {schema['minItems']} 个")
    if schema.get("uniqueItems"):
        for place, one in enumerate(value):
            if one in value[:place]:
                yield Flaw((*path, place), f"「{one}」写了两遍")
    for place, inner in enumerate(value):
        if "items" in schema:
            yield from flaws(inner, schema["items"], root=root, path=(*path, place))


def _combined(value: Any, schema: Schema, root: Schema, path: Path) -> Iterator[Flaw]:
    for part in schema.get("allOf", ()):
        yield from flaws(value, part, root=root, path=path)
    if "anyOf" in schema and not any(_fits(value, part, root) for part in schema["anyOf"]):
        yield Flaw(path, _needs_one(schema["anyOf"]))
    if "oneOf" in schema:
        yield from _one_of(value, schema["oneOf"], root, path)
    if "not" in schema and _fits(value, schema["not"], root):
        yield Flaw(path, f"{'、'.join(schema['not'].get('required', ()))} 不能一起写")
    if "if" in schema:
        branch = schema.get("then" if _fits(value, schema["if"], root) else "else")
        if branch:
            yield from flaws(value, branch, root=root, path=path)


def _one_of(value: Any, branches: list[Schema], root: Schema, path: Path) -> Iterator[Flaw]:
    """A branch that names its value (`kind: deadline`) is the one meant; otherwise exactly one must fit."""
    named = [(_names_of(_resolved(branch, root)), branch) for branch in branches]
    if isinstance(value, dict) and all(names for names, _ in named):
        key = next(iter(named[0][0]))
        meant = [branch for names, branch in named if names.get(key) == value.get(key)]
        if meant:
            yield from flaws(value, meant[0], root=root, path=path)
        elif key in value:
            choices = "、".join(str(names.get(key)) for names, _ in named)
            yield Flaw((*path, key), f"「{value.get(key)}」不是 {choices} 之一")
        else:
            yield Flaw(path, f"缺少 {key}")
        return
    fitting = sum(_fits(value, branch, root) for branch in branches)
    if fitting != 1:
        yield Flaw(path, _needs_one(branches, exactly=True))


def _needs_one(branches: list[Schema], *, exactly: bool = False) -> str:
    keys = [key for branch in branches for key in branch.get("required", ())]
    if not keys:
        return "的写法不对"
    return f"{'、'.join(keys)} {'写且只写一项' if exactly else '至少写一项'}"


def _names_of(schema: Schema) -> dict[str, Any]:
    return {key: part["const"] for key, part in schema.get("properties", {}).items() if "const" in part}


def _fits(value: Any, schema: Schema, root: Schema) -> bool:
    return next(flaws(value, schema, root=root), None) is None


def _resolved(schema: Schema, root: Schema) -> Schema:
    if "$ref" not in schema:
        return schema
    found: Any = root
    for part in schema["$ref"].removeprefix("#/").split("/"):
        found = found[part]
    return _resolved(found, root)


def _listed(kinds: Any) -> list[str]:
    return kinds if isinstance(kinds, list) else [kinds]


def _is_of(value: Any, kinds: Any) -> bool:
    """`true` is no number, though Python counts it as one."""
    return any(
        isinstance(value, _TYPES[kind]) and (kind == "boolean" or not isinstance(value, bool))
        for kind in _listed(kinds)
    )
