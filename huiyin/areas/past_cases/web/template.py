"""The sheet of old orders to fill in: a page with the header row, a page of examples, a page of notes."""

from collections.abc import Sequence

from django.http import FileResponse

from huiyin.areas.past_cases.rules.orders import CHARGES, HEADERS, MOST_ROWS, TEMPLATE, URGENCIES
from huiyin.foundation.kit.sheets import sheet_to_fill

EXAMPLES = (
    (
        "WX-2024-0103", "3-2-1501", "", "王小丽", "13800000001", "给水/龙头漏水", "厨房龙头滴水", "一般",
        "2024-05-01 09:30", "2024-05-01 09:40", "2024-05-01 10:20", "2024-05-01 11:00", "2024-05-01 11:05", "李师傅",
        "有偿", 35, "4 分水龙头 1 个", "换了龙头,试水不漏", "2024-08-01",
    ),
    (
        "WX-2024-0104", "", "3 栋大堂", "保安", "", "", "感应灯不亮", "紧急", "2024-05-02", "", "", "2024-05-02", "", "赵师傅",
        "无偿", 0, "", "换了灯管", "",
    ),
)  # fmt: skip
NOTES = (
    "一行写一张以前的维修单。单号是认单的根据:同一个单号只接管一次,同一张表可以反复导入,不会重复;接管过的不会被后来的表改动。",
    "必填:单号、登记时间;房屋或地点写一个;报修内容或故障类别写一个。",
    "房屋写成 3-2-1501 或 3栋2单元1501,要先在系统里有这一户。公共部位写在「地点」。",
    "故障类别照系统里的名称写,可以写「大类/名称」,也可以只写大类。写了类别,才数得出返修,查得到保修。",
    "时间写成 2024-05-01 09:30;只知道哪天,写 2024-05-01。登记、派单、到达、完工、验收要先后不乱。",
    "完工和验收都空着的,当作还没修好:接管后从今天起重新派单。",
    f"紧急程度写:{'、'.join(words[0] for words in URGENCIES.values())}。收费方式写:无偿、有偿。金额只作记录,不会变成应收。",
    "「保修到」写了才算:到那天为止,同一户同样的毛病再修,系统会提示免费。没写的不另外补。",
    f"先检查,确认后才写入;有一处不对就整张不导入。一张表最多 {MOST_ROWS} 行。",
)
_WIDTHS = {"单号": 16, "房屋": 12, "电话": 16, "故障类别": 18, "报修内容": 26, "材料": 20, "维修结果": 24, "保修到": 13}
_TIMES = ("登记时间", "派单时间", "到达时间", "完工时间", "验收时间")


def template_file(faults: Sequence[str]) -> FileResponse:
    """Answer with the sheet to fill in; `faults` may be picked."""
    choices = {
        "紧急程度": [words[0] for words in URGENCIES.values()],
        "收费方式": [words[0] for words in CHARGES.values()],
    }
    return sheet_to_fill(
        "以前的维修单导入模板.xlsx",
        TEMPLATE,
        examples=EXAMPLES,
        notes=(*NOTES, f"可写的故障类别:{'、'.join(faults)}"),
        figures=("金额",),
        widths=_WIDTHS | dict.fromkeys(_TIMES, 17),
        choices=choices,
        synonyms=tuple(HEADERS.values()),
    )
