"""Charts: what is drawn is what was counted, nothing lies outside, and nothing is told by colour alone."""

import re

import pytest
from django.template import engines
from hypothesis import given
from hypothesis import strategies as st

from huiyin.foundation.kit import charts

names = st.text(min_size=1, max_size=40)
rows = st.lists(st.tuples(names, st.lists(st.integers(0, 10_000), min_size=1, max_size=4)), max_size=45)


def laid(found: list[tuple[str, list[int]]]) -> charts.Bars:
    return charts.bars(
        "key",
        "图",
        [
            (label, [(f"第 {n} 种", value, str(value)) for n, value in enumerate(values)], "共")
            for label, values in found
        ],
    )


@given(rows)
def test_bars_lie_side_by_side_within_the_chart(found: list[tuple[str, list[int]]]) -> None:
    chart = laid(found)
    assert len(chart.bars) + chart.left_out == len(found)
    whole = max([sum(values) for _, values in found[: charts.MOST_BARS]], default=0)
    for bar, (label, values) in zip(chart.bars, found, strict=False):
        assert [piece.width for piece in bar.segments] == pytest.approx(
            [100 * value / whole for value in values if value]
        )
        ends = 0.0
        for piece in bar.segments:
            assert piece.left == pytest.approx(ends)
            ends = piece.left + piece.width
        assert ends <= 100.001
        assert len(bar.label) <= charts.LONGEST_LABEL
        assert (bar.whole, bar.top + charts.BAR <= chart.height) == (label, True)


@given(st.lists(st.none() | st.integers(0, 100), max_size=60))
def test_lines_break_where_nothing_is_known(values: list[int | None]) -> None:
    chart = charts.lines("key", "图", [str(at) for at in range(len(values))], [("一天", values)])
    line = chart.lines[0]
    assert len(line.marks) == len([value for value in values if value is not None])
    assert sum(len(piece.split()) for piece in line.pieces) <= len(line.marks)
    for mark in line.marks:
        assert 0 < mark.across < 100
        assert charts.PLOT_TOP <= mark.down <= charts.PLOT_TOP + charts.PLOT
    assert len(chart.places) <= 3
    assert bool(chart.places) == bool(line.marks)


def drawn(name: str, chart: object) -> str:
    template = engines["jinja2"].env.from_string(
        f'{{% import "kit/charts.html" as charts %}}{{{{ charts.{name}(chart) }}}}'
    )
    return str(template.render(chart=chart))


def test_bars_are_told_to_who_cannot_see_them() -> None:
    page = drawn("bars", laid([("电路<b>", [3, 1]), ("一" * 30, [2, 0])]))
    assert 'role="img"' in page
    assert 'aria-labelledby="key-title"' in page
    assert "<desc" in page
    assert "电路&lt;b&gt;,第 0 种:3" in page
    assert "<b>" not in page
    assert "一" * 17 + "…" in page
    assert "一" * 30 in page


def test_every_segment_and_line_has_a_pattern_or_mark_of_its_own() -> None:
    page = drawn("bars", laid([("一", [1, 1, 1, 1])]))
    assert {"url(#key-2)", "url(#key-3)", "url(#key-4)"} <= set(re.findall(r'fill="([^"]+)"', page))
    lines = charts.lines("key", "图", ["一", "二"], [(f"线 {n}", [n, n]) for n in range(4)])
    page = drawn("lines", lines)
    assert all(f"hy-line-{n}" in page and f"hy-line-mark-{n}" in page for n in range(1, 5))


@pytest.mark.parametrize(("name", "chart"), [("bars", laid([])), ("lines", charts.lines("k", "图", [], []))])
def test_without_numbers_it_says_so(name: str, chart: object) -> None:
    page = drawn(name, chart)
    assert "没有可画的数" in page
    assert "<svg" not in page


def test_nothing_is_styled_inline() -> None:
    page = drawn("bars", laid([("一", [1, 2])])) + drawn("lines", charts.lines("k", "图", ["一"], [("线", [5])]))
    assert "style=" not in page
    assert "<script" not in page


def test_what_there_is_no_room_for_is_said() -> None:
    page = drawn("bars", laid([(f"师傅 {n}", [n + 1]) for n in range(40)]))
    assert "其余 25 行见下面的表" in page
