"""Permuted blocks: the exact share in every block, at places nobody can foresee, the same from the same seed."""

from fractions import Fraction
from math import ceil

from hypothesis import assume, given
from hypothesis import strategies as st

from huiyin.standards import sampling

percents = st.integers(1, 99).map(lambda percent: Fraction(percent, 100))
round_rates = st.sampled_from([Fraction(n, 20) for n in range(1, 21)])
seeds = st.text("0123456789abcdef", min_size=16, max_size=16)
strata = st.sampled_from(["", "minor", "in_unit|large", "公共部位"])


def taken(rate: Fraction, seed: str, stratum: str, count: int, start: int = 0) -> list[int]:
    return [p for p in range(start, start + count) if sampling.is_taken(rate, seed=seed, stratum=stratum, position=p)]


@given(round_rates, seeds, strata, st.integers(0, 50))
def test_every_full_block_takes_exactly_its_share(rate: Fraction, seed: str, stratum: str, block: int) -> None:
    size = sampling.block_size(rate)
    assert len(taken(rate, seed, stratum, size, start=block * size)) == rate * size


@given(percents)
def test_a_block_is_the_shortest_in_which_the_share_is_whole(rate: Fraction) -> None:
    size = sampling.block_size(rate)
    assert size >= 4
    assert (rate * size).denominator == 1
    assert not any((rate * shorter).denominator == 1 for shorter in range(4, size))


@given(round_rates, seeds, strata, st.integers(0, 120))
def test_what_is_short_is_never_more_than_a_block_owes(rate: Fraction, seed: str, stratum: str, seen: int) -> None:
    found = len(taken(rate, seed, stratum, seen))
    size = sampling.block_size(rate)
    assert sampling.shortage(rate, seen=seen, taken=found) <= rate * size
    assert found <= ceil(rate * seen) + rate * size
    if seen % size == 0:
        assert sampling.shortage(rate, seen=seen, taken=found) == 0


@given(round_rates, st.integers(0, 200), st.data())
def test_with_the_shortage_drawn_the_share_reaches_the_rate_and_with_one_less_it_does_not(
    rate: Fraction, seen: int, data: st.DataObject
) -> None:
    found = data.draw(st.integers(0, seen))
    short = sampling.shortage(rate, seen=seen, taken=found)
    assert found + short >= rate * seen
    assert found + short <= seen
    assert short == 0 or found + short - 1 < rate * seen


@given(round_rates, seeds, strata, st.integers(0, 500))
def test_the_same_seed_decides_the_same(rate: Fraction, seed: str, stratum: str, position: int) -> None:
    first, again = (sampling.is_taken(rate, seed=seed, stratum=stratum, position=position) for _ in range(2))
    assert first is again


@given(st.integers(1, 9), st.integers(1, 9), seeds, strata, st.integers(0, 200))
def test_in_blocks_of_the_same_length_a_larger_rate_keeps_the_smaller_sample(
    one: int, other: int, seed: str, stratum: str, position: int
) -> None:
    small, large = sorted((Fraction(one, 10), Fraction(other, 10)))
    assume(sampling.block_size(small) == sampling.block_size(large))
    if sampling.is_taken(small, seed=seed, stratum=stratum, position=position):
        assert sampling.is_taken(large, seed=seed, stratum=stratum, position=position)


@given(seeds, strata, st.integers(0, 500))
def test_all_and_none(seed: str, stratum: str, position: int) -> None:
    assert sampling.is_taken(Fraction(1), seed=seed, stratum=stratum, position=position)
    assert not sampling.is_taken(Fraction(0), seed=seed, stratum=stratum, position=position)
    assert sampling.shortage(Fraction(0), seen=position, taken=0) == 0


def test_every_place_of_a_block_is_taken_about_equally_often() -> None:
    rate, size, blocks = Fraction(3, 10), 10, 2000
    by_place = [0] * size
    for position in taken(rate, "00000000deadbeef", "", size * blocks):
        by_place[position % size] += 1
    assert sum(by_place) == 6000
    # 600 expected; the bounds are six standard deviations wide
    assert all(477 <= count <= 723 for count in by_place)


def test_strata_and_seeds_draw_apart() -> None:
    rate = Fraction(3, 10)
    samples = {
        tuple(taken(rate, seed, stratum, 100)) for seed in ("a" * 16, "b" * 16) for stratum in ("minor", "major")
    }
    assert len(samples) == 4
