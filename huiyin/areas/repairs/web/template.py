"""The sheet of prices to fill in: a page with the header row, a page of examples, a page of notes."""

from django.http import FileResponse

from huiyin.areas.repairs.rules.tariff import HEADERS, TEMPLATE
from huiyin.foundation.kit.sheets import sheet_to_fill

EXAMPLES = (
    ("W01", "疏通下水", "水", "次", 80, "2026-05-01", "", "2026-04-20"),
    ("W02", "更换角阀(不含料)", "水", "个", 45.5, "2026-05-01", "", "2026-04-20"),
    ("M01", "角阀", "材料", "个", 38, "2026-05-01", "2027-04-30", "2026-04-20"),
)
NOTES = (
    "一行写一个价格。人工、材料都要写:没有公示的不能收费。",
    "必填:编码、项目、单位、单价、生效日期、公示日期。日期写成 2026-05-01。",
    "公示日期不能晚于生效日期:先公示,再执行。",
    "改价:同一个编码另写一行,生效日期写新的;原来的价格不动,以前的报价也不变。",
    "停收:另写一行,写上失效日期。",
    "同一张表可以反复导入,不会重复。先检查,确认后才写入;有一处不对就整张不导入。",
)
_WIDTHS = {"项目": 28, "生效日期": 13, "失效日期": 13, "公示日期": 13}


def template_file() -> FileResponse:
    """Answer with the sheet to fill in."""
    return sheet_to_fill(
        "收费标准导入模板.xlsx",
        TEMPLATE,
        examples=EXAMPLES,
        notes=NOTES,
        figures=("单价",),
        widths=_WIDTHS,
        synonyms=tuple(HEADERS.values()),
    )
