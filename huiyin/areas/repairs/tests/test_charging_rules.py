"""Warranties, quotes and tariffs from plain values."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from huiyin.areas.repairs.rules import quotes, tariff
from huiyin.areas.repairs.rules import warranties as rules
from huiyin.foundation.tables import Table, TableUnreadable

DAYS = some.dates(date(2000, 1, 1), date(2060, 12, 31))
PARTS = some.sampled_from([one for one in rules.table().parts.values() if one.covered])
AMOUNTS = some.decimals(Decimal("0.01"), Decimal("9999.99"), places=2)
LINES = some.builds(
    quotes.Line,
    code=some.text("ABC01", min_size=1, max_size=4),
    title=some.text(min_size=1, max_size=8),
    unit=some.sampled_from(["次", "米", "个"]),
    quantity=some.decimals(Decimal("0.01"), Decimal("999.99"), places=2),
    unit_price=AMOUNTS,
    discount=some.just(Decimal(0)),
)
AT = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)


def cover(pk: int, kind: str, part: str = "pipes", fault: str = "", *, close: bool = True) -> rules.Cover:
    return rules.Cover(pk, kind, part, fault, date(2026, 1, 1), date(2026, 12, 31), close)


class TestHowLong:
    @pytest.mark.parametrize(
        ("part", "handed_over", "until"),
        [
            ("waterproofing", date(2021, 5, 20), date(2026, 5, 20)),
            ("pipes", date(2024, 5, 20), date(2026, 5, 20)),
            ("electric", date(2024, 2, 29), date(2026, 2, 28)),
            ("structure", date(2024, 5, 20), date(2074, 5, 20)),
            ("heating", date(2024, 5, 20), date(2026, 3, 15)),
            ("heating", date(2024, 11, 15), date(2027, 3, 15)),  # a season under way is not a whole one
            ("cooling", date(2024, 5, 20), date(2025, 9, 30)),
        ],
    )
    def test_the_builder_answers_by_the_table(self, part: str, handed_over: date, until: date) -> None:
        assert rules.builder_until(rules.table().parts[part], handed_over) == until

    def test_nobody_answers_for_what_was_put_in_later(self) -> None:
        assert rules.builder_until(rules.table().parts["other"], date(2024, 5, 20)) is None

    @given(PARTS, DAYS, some.integers(1, 400))
    def test_later_handed_over_never_ends_earlier(self, part: rules.Part, day: date, more: int) -> None:
        first, second = rules.builder_until(part, day), rules.builder_until(part, day + timedelta(days=more))
        assert first is not None and second is not None
        assert first <= second

    @given(PARTS, DAYS)
    def test_the_first_day_is_not_counted_and_the_last_one_is(self, part: rules.Part, day: date) -> None:
        until = rules.builder_until(part, day)
        assert until is not None
        running = rules.Cover(1, "builder", part.code, "", day, until)
        assert rules.covers(running, part=part.code, fault="", day=until)
        assert not rules.covers(running, part=part.code, fault="", day=until + timedelta(days=1))
        if part.years:
            assert (until - day).days >= 365 * part.years

    @given(
        DAYS, some.sampled_from(["leak", "drain", "water", "", "unheard"]), some.sampled_from(["pipes", "other", ""])
    )
    def test_our_own_runs_the_days_of_the_table(self, done: date, fault: str, part: str) -> None:
        assert rules.own_until(done, fault=fault, part=part) == done + timedelta(
            days=rules.own_days(fault=fault, part=part)
        )

    def test_the_fault_comes_before_the_part(self) -> None:
        assert rules.own_days(fault="drain", part="waterproofing") == 30
        assert rules.own_days(fault="", part="waterproofing") == 365
        assert rules.own_days(fault="water", part="pipes") == 90

    def test_every_fault_of_the_shipped_list_has_its_part(self) -> None:
        faults = [
            "water",
            "leak",
            "drain",
            "electric",
            "lock",
            "lift",
            "light",
            "door_window",
            "wall",
            "heating",
            "road",
        ]
        assert all(rules.part_of_fault(fault) for fault in faults)


class TestWhatACheckComesTo:
    @pytest.mark.parametrize(
        ("known", "asked", "outcome", "pk"),
        [
            ([], {}, "none", None),
            ([], {"handed_over": False}, "unknown", None),
            ([], {"handed_over": False, "seen_over": True}, "none", None),
            ([], {"handed_over": False, "part": "other"}, "none", None),
            ([], {"common": True, "handed_over": False}, "common", None),
            ([cover(1, "builder")], {}, "builder", 1),
            ([cover(1, "builder")], {"common": True}, "builder", 1),
            ([cover(1, "builder", "heating")], {}, "none", None),
            ([cover(1, "own", fault="water")], {}, "own", 1),
            ([cover(1, "own", fault="leak")], {}, "none", None),
            ([cover(1, "own", "heating", fault="water")], {}, "own", 1),
            ([cover(1, "own", fault="leak")], {"fault": ""}, "own", 1),  # nobody named the fault: the part tells
            ([cover(1, "builder"), cover(2, "own", fault="water")], {}, "own", 2),
            ([cover(1, "builder", close=False), cover(2, "builder")], {}, "builder", 2),
            ([cover(1, "builder")], {"day": date(2026, 12, 31)}, "builder", 1),
            ([cover(1, "builder")], {"day": date(2027, 1, 1)}, "none", None),
        ],
    )
    def test_by_what_is_known(self, known: list[rules.Cover], asked: dict, outcome: str, pk: int | None) -> None:
        usual = {"common": False, "part": "pipes", "fault": "water", "day": date(2026, 6, 1)}
        found = rules.judge(known, **{**usual, "handed_over": True, "seen_over": False, **asked})
        assert (found.outcome, found.cover and found.cover.pk) == (outcome, pk)

    def test_what_is_said_of_the_unit_replaces_what_is_said_of_its_building(self) -> None:
        over = rules.Cover(2, "builder", "pipes", "", date(2024, 1, 1), date(2025, 12, 31))
        found = rules.judge(
            [cover(1, "builder", close=False), over],
            common=False,
            part="pipes",
            fault="",
            day=date(2026, 6, 1),
            handed_over=True,
            seen_over=False,
        )
        assert found.outcome == "none"

    @pytest.mark.parametrize("outcome", ["", *dict(rules.OUTCOMES)])
    @pytest.mark.parametrize("over", [False, True])
    @pytest.mark.parametrize("charge", ["free", "paid"])
    def test_what_may_be_decided_on_it(self, outcome: str, over: bool, charge: str) -> None:
        said = rules.charge_refused(charge, outcome=outcome, over=over, unseen=False, ended=False)
        allowed = bool(outcome) and (charge == "free" or outcome == "none" or (over and outcome in ("own", "builder")))
        assert (said == "") == allowed

    def test_nothing_is_decided_after_the_work_and_nothing_paid_before_the_survey(self) -> None:
        assert rules.charge_refused("free", outcome="none", over=False, unseen=False, ended=True)
        assert rules.charge_refused("paid", outcome="none", over=False, unseen=True, ended=False)
        assert not rules.charge_refused("free", outcome="none", over=False, unseen=True, ended=False)


class TestTheQuote:
    @given(some.lists(LINES, min_size=1, max_size=6))
    def test_the_total_is_the_sum_of_what_stands_in_the_lines(self, lines: list[quotes.Line]) -> None:
        assert quotes.total_of(lines) == sum(line.amount for line in lines)
        assert all(line.amount == line.amount.quantize(Decimal("0.01")) for line in lines)

    def text(self, lines: list[quotes.Line], **other: object) -> str:
        usual: dict = {"estate_id": 1, "order": "YH-1", "version": 1, "lines": lines, "quoted_at": AT}
        return quotes.quote_text(**{**usual, "total": quotes.total_of(lines), **other})

    @given(some.lists(LINES, min_size=1, max_size=4), some.lists(LINES, min_size=1, max_size=4))
    def test_two_quotes_share_a_hash_only_when_they_are_the_same(
        self, one: list[quotes.Line], other: list[quotes.Line]
    ) -> None:
        same = quotes.hash_of(self.text(one)) == quotes.hash_of(self.text(other))
        assert same == (one == other)

    @given(some.lists(LINES, min_size=1, max_size=4), some.integers(-12, 12))
    def test_the_hash_is_of_the_content_however_it_is_held(self, lines: list[quotes.Line], hours: int) -> None:
        elsewhere = AT.astimezone(timezone(timedelta(hours=hours)))
        again = [
            quotes.Line(
                one.code, one.title, one.unit, one.quantity.normalize(), one.unit_price.normalize(), Decimal("0.00")
            )
            for one in lines
        ]
        assert self.text(lines) == self.text(again, quoted_at=elsewhere)

    @pytest.mark.parametrize(
        "other",
        [
            {"estate_id": 2},
            {"order": "YH-2"},
            {"version": 2},
            {"total": Decimal("1.00")},
            {"quoted_at": AT + timedelta(microseconds=1)},
        ],
    )
    def test_everything_that_is_agreed_to_is_in_the_hash(self, other: dict) -> None:
        lines = [quotes.Line("A1", "换角阀", "个", Decimal(2), Decimal(40))]
        assert quotes.hash_of(self.text(lines)) != quotes.hash_of(self.text(lines, **other))

    @pytest.mark.parametrize(
        ("quantity", "price", "discount", "wrong"),
        [
            ("1", "80", "0", False),
            ("1", "80", "79.99", False),
            ("1", "80", "80", True),  # nothing is left to agree to
            ("1", "80", "80.01", True),
            ("1", "80", "-1", True),
            ("0", "80", "0", True),
            ("-1", "80", "0", True),
        ],
    )
    def test_lines_that_cannot_be_quoted(self, quantity: str, price: str, discount: str, wrong: bool) -> None:
        line = quotes.Line("A1", "换角阀", "个", Decimal(quantity), Decimal(price), Decimal(discount))
        assert bool(quotes.lines_refused([line])) == wrong

    def test_none_and_too_many(self) -> None:
        line = quotes.Line("A1", "换角阀", "个", Decimal(1), Decimal(80))
        assert quotes.lines_refused([])
        assert quotes.lines_refused([line] * 21)
        assert not quotes.lines_refused([line] * 20)

    @pytest.mark.parametrize(
        ("charge", "quoted", "agreed", "may"),
        [
            ("", False, None, False),
            ("free", False, None, False),
            ("paid", False, None, False),
            ("paid", True, None, False),
            ("paid", True, AT + timedelta(seconds=1), False),
            ("paid", True, AT, True),
            ("paid", True, AT - timedelta(days=1), True),
        ],
    )
    def test_when_chargeable_work_may_begin(
        self, charge: str, quoted: bool, agreed: datetime | None, may: bool
    ) -> None:
        assert (quotes.start_refused(charge, quoted=quoted, consented_at=agreed, at=AT) == "") == may

    @given(some.text(max_size=6), some.text(max_size=6), some.text(max_size=6))
    def test_the_person_enters_the_hash_by_a_secret(self, signer: str, opinion: str, phone: str) -> None:
        said = {"signer": signer, "opinion": opinion, "contact_phone": phone}
        assert quotes.personal_digest(secret="a", **said) != quotes.personal_digest(secret="b", **said)
        assert quotes.personal_digest(secret="a", **said) == quotes.personal_digest(secret="a", **said)


HEAD = ["编码", "项目", "类别", "单位", "单价", "生效日期", "失效日期", "公示日期"]
GOOD = ["W01", "通下水", "水", "次", "80", "2026-05-01", "", "2026-04-20"]


class TestTheSheet:
    def read(self, *rows: list) -> tariff.PriceSheet:
        return tariff.read_prices([Table("填写", [HEAD, *rows])])

    def test_a_right_row_is_read(self) -> None:
        sheet = self.read(GOOD)
        assert sheet.problems == ()
        assert sheet.lines == (
            tariff.PriceLine(
                2, "W01", "通下水", "水", "次", Decimal("80.00"), date(2026, 5, 1), None, date(2026, 4, 20)
            ),
        )

    @pytest.mark.parametrize(
        ("column", "said", "named"),
        [
            (0, "", "编码"),
            (1, "", "项目"),
            (3, "", "单位"),
            (4, "", "单价"),
            (4, "八十", "单价"),
            (4, "0", "单价"),
            (4, "-5", "单价"),
            (4, "1.234", "单价"),
            (4, "1e9", "单价"),
            (5, "明年", "生效日期"),
            (6, "2026-04-30", "失效日期"),
            (7, "", "公示日期"),
            (7, "2026-05-02", "公示日期"),
            (0, "X" * 21, "编码"),
        ],
    )
    def test_what_is_wrong_is_named_by_row_and_column(self, column: int, said: str, named: str) -> None:
        row = [*GOOD]
        row[column] = said
        sheet = self.read(GOOD[:0] + ["W09", *GOOD[1:]], row)
        assert [(one.row, one.column) for one in sheet.problems] == [(3, named)]
        assert len(sheet.lines) == 1

    @pytest.mark.parametrize("said", [80, 80.0, "80元", "¥80.00", "¥ 80", "80.0"])
    def test_prices_as_people_write_them(self, said: object) -> None:
        row = [*GOOD]
        row[4] = said
        assert [line.price for line in self.read(row).lines] == [Decimal("80.00")]

    def test_the_same_code_and_day_twice(self) -> None:
        assert [(one.row, one.column) for one in self.read(GOOD, GOOD).problems] == [(3, "编码")]

    def test_a_table_without_the_columns_is_refused(self) -> None:
        with pytest.raises(TableUnreadable, match="公示日期"):
            tariff.read_prices([Table("", [HEAD[:-1], GOOD[:-1]])])
        with pytest.raises(TableUnreadable, match="没有内容"):
            self.read()

    def compare(self, *known: tariff.KnownPrice) -> tariff.Comparison:
        return tariff.compare_prices(self.read(GOOD), known)

    def test_it_may_be_taken_in_again(self) -> None:
        there = tariff.KnownPrice("W01", date(2026, 5, 1), self.read(GOOD).lines[0].content)
        assert self.compare(there) == tariff.Comparison((), 1, ())

    def test_a_price_that_is_there_is_never_changed(self) -> None:
        there = tariff.KnownPrice(
            "W01", date(2026, 5, 1), ("通下水", "水", "次", Decimal("70.00"), None, date(2026, 4, 1))
        )
        assert [one.column for one in self.compare(there).problems] == ["单价"]

    @pytest.mark.parametrize(("there", "added"), [(date(2026, 4, 1), 1), (date(2026, 6, 1), 0)])
    def test_a_new_price_takes_over_from_a_later_day(self, there: date, added: int) -> None:
        known = tariff.KnownPrice("W01", there, ())
        found = self.compare(known)
        assert (len(found.added), len(found.problems)) == (added, 1 - added)
