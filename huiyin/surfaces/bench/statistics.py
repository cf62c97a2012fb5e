"""Percentiles of a list of times."""

from collections.abc import Sequence


def p50(times: Sequence[float]) -> float:
    return sorted(times)[len(times) // 2]


def p95(times: Sequence[float]) -> float:
    return sorted(times)[min(len(times) - 1, int(len(times) * 0.95))]
