"""The fixed assets of the demonstration: a dozen, some of them handed over, repaired, set aside, scrapped, lost; checked once.

Nothing is drawn by chance, so that nothing else in the demonstration comes out differently.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from huiyin.areas.materials import operations as materials
from huiyin.areas.materials.models import FixedAsset
from huiyin.surfaces.demo.clock import Life

# number (none: given), name, model, value (none: not known), years ago, where, who keeps it
LEDGER = (
    ("KF-0001", "台式电脑", "启天 M450", "4599", 3, "服务中心前台", "qiantai"),
    ("KF-0002", "台式电脑", "启天 M450", "4599", 3, "客服办公室", "kefu"),
    ("KF-0003", "多功能一体打印机", "M428fdw", "3299", 2, "服务中心前台", "qiantai"),
    ("KF-0004", "LED 大屏", "55 寸", "2899", 4, "服务中心大厅", "zhuguan"),
    ("KF-0005", "立式空调", "KFR-72LW", "6180", 5, "服务中心大厅", "zhuguan"),
    ("KF-0006", "文件柜", "四门钢制", None, 6, "档案室", "zhuguan"),
    ("", "对讲机(6 台)", "TC-508", "2160", 2, "值班室", "zhiban"),
    ("", "管道疏通机", "QG-75", "1580", 3, "工具房", "weixiu1"),
    ("", "冲击钻", "GBH 2-26", "899", 1, "工具房", "weixiu4"),
    ("", "红外测温仪", "F62MAX", "560", 1, "工具房", "weixiu4"),
    ("", "人字梯", "3 米铝合金", "420", 4, "工具房", "banzhang"),
    ("", "电动三轮车", "1.5 米厢", "5800", 3, "工程部库房", "cangguan"),
    ("", "热水器", "FCD-60", None, 8, "值班室", "zhiban"),
)


def set_up(life: Life) -> None:
    """Enter the ledger on the first morning; what becomes of some of it later; check all of it in the second week."""
    for number, name, model, value, years, where, keeper in LEDGER:
        materials.register_asset(
            life.place.estate,
            number=number,
            name=name,
            model=model,
            value=Decimal(value) if value else None,
            bought_date=date(life.since.year - years, 5, 8),
            location=where,
            keeper=life.place.staff[keeper],
            actor=life.place.staff["cangguan"],
            at=life.since,
        )
    life.at(life.since + timedelta(days=2, hours=10), hand_over)
    life.at(life.since + timedelta(days=4, hours=10), use_up)
    life.at(life.since + timedelta(days=9, hours=15), check)


def hand_over(life: Life, at: datetime) -> None:
    printer = _asset(life, "多功能一体打印机")
    taker = life.place.staff["kefu"]
    materials.hand_over_asset(printer, keeper=taker, note="机器和一只备用硒鼓", **_told(life, at))


def use_up(life: Life, at: datetime) -> None:
    """One goes to be repaired, one is set aside, one is scrapped by the supervisor."""
    materials.send_asset_to_repair(_asset(life, "管道疏通机"), note="送修理铺换弹簧", **_told(life, at))
    materials.set_aside_asset(_asset(life, "LED 大屏"), note="大厅改造,先收起来", **_told(life, at))
    told: dict[str, Any] = {"actor": life.place.staff["zhuguan"], "at": at + timedelta(minutes=20)}
    materials.scrap_asset(_asset(life, "热水器"), note="内胆漏水,修不值", **told)


def check(life: Life, at: datetime) -> None:
    """Look for all of it: the ladder is not there."""
    there = FixedAsset.objects.filter(estate=life.place.estate, ended_at=None)
    for asset in there.select_related("keeper").order_by("id"):
        gone = asset.name == "人字梯"
        materials.check_asset(asset, found=not gone, note="盘点没有找到" if gone else "", **_told(life, at))


def _asset(life: Life, name: str) -> FixedAsset:
    return FixedAsset.objects.select_related("keeper").get(estate=life.place.estate, name=name)


def _told(life: Life, at: datetime) -> dict[str, Any]:
    return {"actor": life.place.staff["cangguan"], "at": at}
