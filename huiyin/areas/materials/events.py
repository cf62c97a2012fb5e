"""Facts about materials, and the kinds of the lines that nobody reacts to."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from huiyin.foundation.journal.facts import Fact

ITEM_SET_UP = "materials.item.set_up"
ITEM_CHANGED = "materials.item.changed"
PRICES_SET = "materials.item.priced"
STORE_OPENED = "materials.place.opened"
RECEIVED = "materials.item.received"
TRANSFERRED = "materials.item.transferred"
HANDED_OUT = "materials.item.handed_out"
WRITTEN_OFF = "materials.item.written_off"
BAG_USED = "materials.item.bag_used"
PUT_BACK = "materials.item.put_back"
COUNT_BEGUN = "materials.count.begun"
SHEET_TAKEN_IN = "materials.sheet.taken_in"
ASSET_REGISTERED = "materials.asset.registered"
ASSET_CHANGED = "materials.asset.changed"
ASSET_CHECKED = "materials.asset.checked"


@dataclass(frozen=True, kw_only=True)
class RequisitionFact(Fact):
    """`what` names the items in words; `label` is what they are for; `keyed_at` is when it reached us, if later."""

    subject_type: ClassVar[str] = "materials.requisition"
    number: str
    what: str
    label: str = ""
    doer_id: int | None = None
    keyed_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class RequisitionAsked(RequisitionFact):
    code: ClassVar[str] = "materials.requisition.asked"


@dataclass(frozen=True, kw_only=True)
class RequisitionIssued(RequisitionFact):
    code: ClassVar[str] = "materials.requisition.issued"


@dataclass(frozen=True, kw_only=True)
class RequisitionAccounted(RequisitionFact):
    code: ClassVar[str] = "materials.requisition.accounted"


@dataclass(frozen=True, kw_only=True)
class RequisitionSettled(RequisitionFact):
    code: ClassVar[str] = "materials.requisition.settled"


@dataclass(frozen=True, kw_only=True)
class RequisitionVoided(RequisitionFact):
    code: ClassVar[str] = "materials.requisition.voided"


@dataclass(frozen=True, kw_only=True)
class CountPosted(Fact):
    """`differences` counts the items that were not as the books said."""

    code: ClassVar[str] = "materials.count.posted"
    subject_type: ClassVar[str] = "materials.count"
    number: str
    place: str
    differences: int = 0


@dataclass(frozen=True, kw_only=True)
class CountDropped(Fact):
    code: ClassVar[str] = "materials.count.dropped"
    subject_type: ClassVar[str] = "materials.count"
    number: str
    place: str


@dataclass(frozen=True, kw_only=True)
class PlanMade(Fact):
    code: ClassVar[str] = "materials.plan.made"
    subject_type: ClassVar[str] = "materials.plan"
    number: str
    items: int


@dataclass(frozen=True, kw_only=True)
class AssetFact(Fact):
    """`asset` is its name with its number."""

    subject_type: ClassVar[str] = "materials.asset"
    asset: str


@dataclass(frozen=True, kw_only=True)
class AssetHandedOver(AssetFact):
    """`giver` kept it until now, `taker` keeps it from now on."""

    code: ClassVar[str] = "materials.asset.handed_over"
    giver: str
    taker: str


@dataclass(frozen=True, kw_only=True)
class AssetSetAside(AssetFact):
    code: ClassVar[str] = "materials.asset.set_aside"


@dataclass(frozen=True, kw_only=True)
class AssetPutBack(AssetFact):
    code: ClassVar[str] = "materials.asset.put_back"


@dataclass(frozen=True, kw_only=True)
class AssetSentToRepair(AssetFact):
    code: ClassVar[str] = "materials.asset.sent_to_repair"


@dataclass(frozen=True, kw_only=True)
class AssetScrapped(AssetFact):
    code: ClassVar[str] = "materials.asset.scrapped"


@dataclass(frozen=True, kw_only=True)
class AssetLost(AssetFact):
    code: ClassVar[str] = "materials.asset.lost"


@dataclass(frozen=True, kw_only=True)
class AssetFound(AssetFact):
    code: ClassVar[str] = "materials.asset.found"
