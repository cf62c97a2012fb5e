"""Repeated wording of the materials pages."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

TONES = {
    "asked": "amber",
    "issued": "accent",
    "settled": "green",
    "voided": "muted",
    "open": "accent",
    "posted": "green",
    "dropped": "muted",
    "checked": "plain",
    "wrong": "red",
    "done": "green",
    "in_use": "green",
    "idle": "plain",
    "repairing": "amber",
    "scrapped": "muted",
    "lost": "red",
}
DIFFERENCE_REASONS = ("数错了", "发料没有登记", "损坏没有登记", "找不到了", "多放了一件")
SCRAP_REASONS = ("用坏了,修不值", "型号淘汰", "到了使用年限")
LOST_REASONS = ("盘点没有找到", "离职没有交回", "被盗,已报警")
# What stands on the timeline of an asset, and in the record of the house.
ASSET_SAYS = {
    "materials.asset.registered": "把{asset}记进固定资产台账,{keeper}保管",
    "materials.asset.changed": "改了{asset}的资料:{changed}",
    "materials.asset.handed_over": "交接{asset}:{giver} 交给 {taker}",
    "materials.asset.checked": "盘点到{asset}",
    "materials.asset.set_aside": "把{asset}闲置",
    "materials.asset.put_back": "让{asset}恢复使用",
    "materials.asset.sent_to_repair": "把{asset}送修",
    "materials.asset.scrapped": "报废了{asset}",
    "materials.asset.lost": "报失了{asset}",
    "materials.asset.found": "找回了{asset}",
}
WRITE_OFF_REASONS = ("损坏", "过期", "规格不能再用")


def asset_says(kind: str, values: Mapping[str, Any]) -> str:
    """Say what a line of the journal records of an asset."""
    return ASSET_SAYS.get(kind, kind).format_map(values)


def quantity(amount: Decimal) -> str:
    """Say a quantity as people do: 3, 1.5."""
    return f"{amount.normalize():f}"


def counted(amount: Decimal, unit: str) -> str:
    """Say a quantity with its unit: 3 个, 1.5 米."""
    return f"{quantity(amount)} {unit}"
