"""The sheet to fill in: a page with the header row, a page of examples, a page of notes."""

from django.http import FileResponse

from huiyin.areas.estate.rules.sheet import HEADERS, KINDS, TEMPLATE
from huiyin.foundation.kit.sheets import sheet_to_fill

EXAMPLES = (
    ("3栋", "2单元", "1501", 15, 89.5, "王小丽", "女士", "业主", "13800000001", "2024-05-01", ""),
    ("3栋", "2单元", "1501", 15, 89.5, "李大明", "先生", "家庭成员", "13800000002、010-60000001", "2024-05-01", ""),
    ("3栋", "2单元", "1502", 15, 120, "", "", "", "", "", ""),
    ("A座", "", "1203", 12, 65.32, "赵先生", "", "租户", "13800000003", "2025-03-15", ""),
    ("A座", "", "1203", 12, 65.32, "钱小红", "女士", "租户", "13800000004", "2023-01-01", "2025-03-10"),
)
NOTES = (
    "一行写一个人;一户有几个人就写几行,房屋的几列照抄。空置的房屋只写房屋的几列。",
    "必填:楼栋、房号。不分单元的楼,单元空着。",
    f"身份可以写:{'、'.join(words[0] for words in KINDS.values())}。不写就当作业主。",
    "电话:手机、座机都可以,座机请带区号;多个电话用顿号隔开。",
    "日期写成 2024-05-01。没有写入住日期的新住户,从导入那天算起。",
    "换了住户:给原来的人写上迁出日期,新的人另写一行。",
    "空着的格子不会清空系统里已有的内容;表里没有的房屋和住户保持原样。",
    "同一张表可以反复导入,不会重复。先检查,确认后才写入;有一处不对就整张不导入。",
    "楼栋、单元、房号也可以合写在一列「房屋」里,例如 3-2-1501。",
)
_WIDTHS = {"电话": 28, "入住日期": 13, "迁出日期": 13, "姓名": 14}


def template_file() -> FileResponse:
    """Answer with the sheet to fill in."""
    return sheet_to_fill(
        "房屋住户导入模板.xlsx",
        TEMPLATE,
        examples=EXAMPLES,
        notes=NOTES,
        figures=("楼层", "建筑面积"),
        widths=_WIDTHS,
        choices={"身份": [words[0] for words in KINDS.values()]},
        synonyms=tuple(HEADERS.values()),
    )
