"""The sheet to fill in: a page with the header row, a page of examples, a page of notes."""

from django.http import FileResponse

from huiyin.areas.materials.rules.sheet import HEADERS, MOST_ROWS, TEMPLATE
from huiyin.foundation.kit.sheets import sheet_to_fill

EXAMPLES = (
    ("SL-04", "水龙头", "4 分", "个", 10, 40, 0, 12, 18.5, "2026-01-01", "总库房", 25),
    ("SL-04", "水龙头", "4 分", "个", "", "", 20, 10.5, 16, "", "东区小库", 5),
    ("RG-01", "软管", "DN15", "米", 20, "", 0, 3.2, 5, "2026-01-01", "总库房", 80.5),
    ("QJ-03", "玻璃清洁剂", "500 ml", "瓶", 6, 24, "", "", "", "", "", ""),
)
NOTES = (
    "一行写一样材料;价格分档或放在几个库房,就再写几行,编码照抄。",
    "必填:编码、品名;新材料还要写单位。单位定了就不能改。",
    "价格:进价和收费价一起写。「数量起」不写就是 0;分档的第一档要从 0 起。不写生效日期,从导入那天算起。",
    "价格只增不改:和正在执行的一样就不动,不一样就从生效日期起多一张价目。",
    "期初数量:写在哪个库房、有多少。库房要先在库存页建好。材料在那里有过进出以后,期初不能再改,请用盘点。",
    f"空着的格子不会清空系统里已有的内容。同一张表可以反复导入,不会重复。一张表最多 {MOST_ROWS} 行。",
    "先检查,确认后才写入;有一处不对就整张不导入。",
)
_FIGURES = ("最低库存", "补到", "数量起", "进价", "收费价", "期初数量")


def template_file() -> FileResponse:
    """Answer with the sheet to fill in."""
    return sheet_to_fill(
        "材料导入模板.xlsx",
        TEMPLATE,
        examples=EXAMPLES,
        notes=NOTES,
        figures=_FIGURES,
        widths={"品名": 14, "生效日期": 14},
        synonyms=tuple(HEADERS.values()),
    )
