"""What the cells of a sheet may say, and the sentence for each that may not."""

from datetime import date
from decimal import Decimal

import pytest

from huiyin.areas.estate.rules.sheet import PersonLine, Sheet, day_of, read_sheet
from huiyin.foundation.tables import Cell, Table, TableUnreadable

TODAY = date(2026, 11, 25)
HEAD = ["楼栋", "单元", "房号", "楼层", "建筑面积", "姓名", "称呼", "身份", "电话", "入住日期", "迁出日期"]
GOOD: list[Cell] = ["3栋", "2单元", "1501室", 15, 89.5, "王丽", "女士", "业主", 13800138000.0, "2024-05-01", None]


def read(*rows: list[Cell], head: list[str] = HEAD) -> Sheet:
    return read_sheet([Table("", [head, *rows])], today=TODAY)


def row(**cells: Cell) -> list[Cell]:
    return [cells.get(label, cell) for label, cell in zip(HEAD, GOOD, strict=True)]


def sentences(*rows: list[Cell]) -> list[str]:
    return [problem.sentence for problem in read(*rows).problems]


def test_a_row_is_read_into_unit_and_person() -> None:
    sheet = read(GOOD)
    (unit,) = sheet.units.values()
    assert (unit.code, unit.building, unit.entrance, unit.unit_no) == ("3-2-1501", "3", "2", "1501")
    assert (unit.floor, unit.gross_area) == (15, Decimal("89.50"))
    assert unit.people == [PersonLine(2, "王丽", "女士", "owner", ("13800138000",), date(2024, 5, 1))]
    assert (sheet.rows, sheet.problems, sheet.unused) == (1, [], [])


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ({"建筑面积": "八十九"}, "第 2 行「建筑面积」:写的是“八十九”,要写数字"),
        ({"建筑面积": "-3"}, "第 2 行「建筑面积」:写的是“-3.00”,要大于 0、小于一百万"),
        ({"建筑面积": 0}, "第 2 行「建筑面积」:写的是“0.00”,要大于 0、小于一百万"),
        ({"楼层": "一"}, "第 2 行「楼层」:写的是“一”,要写整数"),
        ({"楼层": 1.5}, "第 2 行「楼层」:写的是“1.5”,要写整数"),
        ({"楼栋": None}, "第 2 行「楼栋」:没有写"),
        ({"房号": None}, "第 2 行「房号」:没有写"),
        ({"房号": "15-01"}, "第 2 行「房号」:写的是“15-01”,要写成 1501 这样"),
        ({"单元": "??"}, "第 2 行「单元」:写的是“??”,要写成 2 或 2单元 这样"),
        ({"楼栋": "!"}, "第 2 行「楼栋」:写的是“!”,要写成 3 或 3栋 这样"),
        ({"身份": "朋友"}, "第 2 行「身份」:写的是“朋友”,要写业主、租户或家庭成员"),
        ({"电话": "138"}, "第 2 行「电话」:写的是“138”,不像电话;座机请带区号,多个电话用顿号隔开"),
        ({"入住日期": "2024-13-01"}, "第 2 行「入住日期」:写的是“2024-13-01”,要写成 2024-05-01 这样的日期"),
        ({"入住日期": "去年"}, "第 2 行「入住日期」:写的是“去年”,要写成 2024-05-01 这样的日期"),
        ({"迁出日期": "2027-01-01"}, "第 2 行「迁出日期」:写的是“2027-01-01”,还没有到;等迁出那天再写"),
        ({"迁出日期": "2023-01-01"}, "第 2 行「迁出日期」:写的是“2023-01-01”,比入住日期 2024-05-01 还早"),
        ({"姓名": None}, "第 2 行「姓名」:有电话,却没有写姓名"),
        ({"姓名": "王" * 61}, "第 2 行「姓名」:太长了,最多 60 个字"),
        (
            {"称呼": "尊敬的大客户女士您好"[:9] + "吗呢"},
            "第 2 行「称呼」:写的是“尊敬的大客户女士您吗呢”,太长了,最多 10 个字",
        ),
    ],
)
def test_every_wrong_cell_gets_its_sentence(cells: dict[str, Cell], sentence: str) -> None:
    assert sentences(row(**cells)) == [sentence]


def test_all_wrong_cells_of_all_rows_are_listed() -> None:
    assert sentences(row(楼层="一", 电话="1"), row(房号="1502"), row(房号=None, 身份="友")) == [
        "第 2 行「楼层」:写的是“一”,要写整数",
        "第 2 行「电话」:写的是“1”,不像电话;座机请带区号,多个电话用顿号隔开",
        "第 4 行「房号」:没有写",
        "第 4 行「身份」:写的是“友”,要写业主、租户或家庭成员",
    ]


def test_a_long_cell_is_quoted_short() -> None:
    (sentence,) = sentences(row(楼层="很" * 50))
    assert sentence == f"第 2 行「楼层」:写的是“{'很' * 20}…”,要写整数"


@pytest.mark.parametrize(
    "head",
    [
        [
            "幢号",
            "单元号",
            "房间号",
            "所在楼层",
            "面积(㎡)",
            "业主姓名",
            "性别",
            "与业主关系",
            "手机号码",
            "入伙日期",
            "搬离日期",
        ],
        ["* 楼 号", "门", "室", "层", "建筑面积(平方米)", "户主", "称谓", "关系", "联系电话", "收楼日期", "退租日期"],
    ],
)
def test_other_names_of_the_columns_are_understood(head: list[str]) -> None:
    assert read(GOOD, head=head).units == read(GOOD).units


def test_the_header_may_stand_below_a_title() -> None:
    sheet = read_sheet([Table("", [["云河苑住户表"], [None], [*HEAD, "车位"], [*row(楼层="一"), "A1"]])], today=TODAY)
    assert sheet.problems[0].row == 4
    assert sheet.unused == ["车位"]


def test_the_sheet_with_the_columns_is_taken() -> None:
    sheet = read_sheet([Table("封面", [["云河苑"]]), Table("数据", [HEAD, GOOD])], today=TODAY)
    assert list(sheet.units) == ["3-2-1501"]


def test_a_whole_code_in_one_column_is_understood() -> None:
    sheet = read(["3栋2单元1501", "王丽"], ["第三栋", "李"], head=["房屋", "姓名"])
    assert list(sheet.units) == ["3-2-1501"]
    assert [problem.sentence for problem in sheet.problems] == ["第 3 行「房屋」:写的是“第三栋”,要写成 3-2-1501 这样"]


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([["姓名", "电话"], ["王丽", "1"]], "没有找到「楼栋」和「房号」"),
        ([HEAD], "表头下面没有内容"),
        ([HEAD, [None] * 11], "没有内容"),
        ([], "没有找到"),
    ],
)
def test_a_sheet_without_columns_or_rows_is_refused(rows: list[list[Cell]], says: str) -> None:
    with pytest.raises(TableUnreadable, match=says):
        read_sheet([Table("", rows)], today=TODAY)


def test_several_rows_of_a_unit_are_several_people() -> None:
    sheet = read(
        GOOD,
        row(姓名="李明", 称呼="先生", 身份="家属", 电话="13900139000、010-65551234"),
        row(房号="1502", 姓名=None, 电话=None),
    )
    assert [(unit.code, [one.name for one in unit.people]) for unit in sheet.units.values()] == [
        ("3-2-1501", ["王丽", "李明"]),
        ("3-2-1502", []),
    ]
    assert sheet.units["3-2-1501"].people[1].phones == ("13900139000", "010-65551234")
    assert sheet.units["3-2-1501"].people[1].kind == "family"


def test_the_same_person_twice_is_one_with_both_phones() -> None:
    sheet = read(GOOD, row(电话="13900139000"))
    (person,) = sheet.units["3-2-1501"].people
    assert person.phones == ("13800138000", "13900139000")


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ({"身份": "租户"}, "第 3 行「身份」:和第 2 行是同一户的王丽,这一列却不一样"),
        ({"入住日期": "2024-06-01"}, "第 3 行「入住日期」:和第 2 行是同一户的王丽,这一列却不一样"),
        ({"姓名": "李明", "楼层": 14}, "第 3 行「楼层」:写的是“14”,同一房屋前面写的是“15”(第 2 行起)"),
        ({"姓名": "李明", "建筑面积": 90}, "第 3 行「建筑面积」:写的是“90.00”,同一房屋前面写的是“89.50”(第 2 行起)"),
    ],
)
def test_rows_that_contradict_each_other_are_named(cells: dict[str, Cell], sentence: str) -> None:
    assert sentences(GOOD, row(**cells)) == [sentence]


def test_two_units_with_one_code_are_named() -> None:
    assert sentences(row(), row(楼栋="3-2", 单元=None)) == ["第 3 行「楼栋」:写的是“3-2”,要写成 3 或 3栋 这样"]


@pytest.mark.parametrize(
    "cell",
    [
        "2024-05-01",
        "2024/5/1",
        "2024.5.1",
        "2024年5月1日",
        "20240501",
        45413,
        45413.0,
        date(2024, 5, 1),
        "２０２４-５-１",
        "2024-05-01 00:00:00",
    ],
)
def test_a_day_is_read_as_people_write_it(cell: Cell) -> None:
    assert day_of(cell) == date(2024, 5, 1)


@pytest.mark.parametrize("cell", ["", "明天", "2024-02-30", "24-5-1", "9999-01-01", 12, True, "1900-01-01"])
def test_what_is_no_day_is_none(cell: Cell) -> None:
    assert day_of(cell) is None


@pytest.mark.parametrize(
    ("cell", "floor"), [(15, 15), ("15层", 15), ("-1", -1), ("B1", -1), ("负2", -2), (15.0, 15), ("15F", 15)]
)
def test_a_floor_is_read(cell: Cell, floor: int) -> None:
    assert read(row(楼层=cell)).units["3-2-1501"].floor == floor


@pytest.mark.parametrize(
    ("cell", "area"),
    [("89.5㎡", "89.50"), ("89.5 平方米", "89.50"), ("1,089.5", "1089.50"), (89, "89.00"), ("89.555", "89.56")],
)
def test_an_area_is_read(cell: Cell, area: str) -> None:
    assert read(row(建筑面积=cell)).units["3-2-1501"].gross_area == Decimal(area)


def test_the_reading_tells_how_far_it_is() -> None:
    heard: list[tuple[int, int]] = []
    read_sheet([Table("", [HEAD, *([GOOD] * 2500)])], today=TODAY, tell=lambda done, total: heard.append((done, total)))
    assert heard == [(2000, 2501), (2501, 2501)]
