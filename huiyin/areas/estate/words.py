"""Wording used by the import page and the import command."""

from typing import Protocol


class Figures(Protocol):
    added: int
    changed: int
    unchanged: int


class Outcome(Protocol):
    @property
    def rows(self) -> int: ...
    @property
    def units(self) -> Figures: ...
    @property
    def people(self) -> Figures: ...
    @property
    def left_alone(self) -> int: ...
    @property
    def unused(self) -> list[str]: ...


def plan_sentences(plan: Outcome, *, done: bool) -> list[str]:
    """Say what an import did, or what it would do."""
    will = "" if done else "将"
    sentences = [f"读到 {plan.rows:,} 行"]
    for noun, measure, figures in (("房屋", "套", plan.units), ("住户", "人", plan.people)):
        sentences.append(
            f"{noun}:{will}新增 {figures.added:,} {measure},{will}改动 {figures.changed:,} {measure},"
            f"不变 {figures.unchanged:,} {measure}"
        )
    if plan.left_alone:
        sentences.append(f"表里没有提到的 {plan.left_alone:,} 套房屋保持原样")
    if plan.unused:
        sentences.append(f"没有用到的列:{'、'.join(plan.unused)}")
    if not any((plan.units.added, plan.units.changed, plan.people.added, plan.people.changed)):
        sentences.append("没有任何改动")
    return sentences
