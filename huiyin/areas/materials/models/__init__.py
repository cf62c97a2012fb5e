"""The tables of materials."""

from huiyin.areas.materials.models.assets import FixedAsset
from huiyin.areas.materials.models.items import Item, PriceBand, PriceList
from huiyin.areas.materials.models.places import Place, PlaceKind
from huiyin.areas.materials.models.quantities import QuantityField
from huiyin.areas.materials.models.records import Count, CountLine, ItemSheet, Plan, PlanLine
from huiyin.areas.materials.models.requisitions import Requisition, RequisitionLine
from huiyin.areas.materials.models.stock import Holding, Movement, MovementKind

__all__ = [
    "Count",
    "CountLine",
    "FixedAsset",
    "Holding",
    "Item",
    "ItemSheet",
    "Movement",
    "MovementKind",
    "Place",
    "PlaceKind",
    "Plan",
    "PlanLine",
    "PriceBand",
    "PriceList",
    "QuantityField",
    "Requisition",
    "RequisitionLine",
]
