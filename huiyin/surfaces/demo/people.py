"""Invented residents: names, how they are addressed, telephone numbers that belong to nobody's series."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎单解仇尹万顾"
)
SHE = (
    "丽华",
    "秀英",
    "敏",
    "静",
    "晓燕",
    "雨桐",
    "佳怡",
    "淑珍",
    "婷",
    "雪梅",
    "玉兰",
    "欣然",
    "慧",
    "若溪",
    "彩云",
    "芳",
)
HE = (
    "建国",
    "伟",
    "强",
    "志远",
    "宇航",
    "国栋",
    "磊",
    "明辉",
    "永福",
    "子轩",
    "海波",
    "文斌",
    "立新",
    "家豪",
    "震",
    "长山",
)
PHONE_SERIES = 19_900_000_000


@dataclass(frozen=True)
class Someone:
    name: str
    salutation: str
    phone: str


def people(rng: random.Random) -> Iterator[Someone]:
    """Yield people without end; numbers run on, so no two share one."""
    number = PHONE_SERIES
    while True:
        number += rng.randint(1, 3)
        she = rng.random() < 0.52
        name = rng.choice(SURNAMES) + rng.choice(SHE if she else HE)
        yield Someone(name, "女士" if she else "先生", str(number))
