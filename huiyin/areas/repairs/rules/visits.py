"""The in-unit checklist as data, and how a phone's clock is set right. Items after S1-142 to S1-154."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

# Below this a phone's clock is as good as ours: an answer takes its time.
SKEW = timedelta(minutes=2)


@dataclass(frozen=True)
class Item:
    """One thing to see to at the door (`enter`) or before leaving (`leave`), and the clause it comes from."""

    code: str
    stage: str
    says: str
    clause: str


ITEMS = (
    Item("badge", "enter", "着装整洁,戴好胸卡", "S1-143"),
    Item("knocked", "enter", "轻敲门,报单位和来意", "S1-143"),
    Item("purpose_told", "enter", "再说一遍修什么、大约多久", "S1-142"),
    Item("shoe_covers", "enter", "套上鞋套", "S1-147"),
    Item("tool_bag", "enter", "工具、配件装在袋里", "S1-147"),
    Item("drop_cloth", "leave", "铺了垫布,东西没直接放地上", "S1-148"),
    Item("noise_told", "leave", "有响动先打过招呼", "S1-149"),
    Item("belongings", "leave", "没坐卧,没动住户的东西", "S1-145"),
    Item("no_gift", "leave", "没收住户任何东西", "S1-146"),
    Item("site_cleaned", "leave", "现场收拾干净", "S1-153"),
    Item("tools_taken", "leave", "工具带齐,道谢告辞", "S1-154"),
)
SAYS: Mapping[str, str] = {item.code: item.says for item in ITEMS}


def items_of(stage: str) -> tuple[Item, ...]:
    return tuple(item for item in ITEMS if item.stage == stage)


@dataclass(frozen=True)
class Entering:
    """What the technician says at the door: who agreed and how, what of the checklist was done, why not all of it."""

    consent_by: str = ""
    consent_mode: str = ""
    done: Collection[str] = ()
    exception: str = ""


@dataclass(frozen=True)
class Leaving:
    """What he says before leaving. `soiled`: where the floor could not be cleaned at once, and cleaning must come."""

    done: Collection[str] = ()
    exception: str = ""
    soiled: str = ""


@dataclass(frozen=True)
class Told:
    """What the phone's clock said: when the step happened, and what it showed at the moment the server `signed`."""

    happened_at: datetime
    sent_at: datetime
    signed_at: datetime

    @property
    def ahead(self) -> timedelta:
        """How far the phone's clock is ahead of ours; negative when it is behind."""
        return self.sent_at - self.signed_at

    @property
    def differs(self) -> bool:
        return abs(self.ahead) > SKEW

    @property
    def true_time(self) -> datetime:
        return self.happened_at - self.ahead if self.differs else self.happened_at


@dataclass(frozen=True)
class Ticked:
    """The checklist of one stage as it was handed in, to be shown."""

    stage: str
    at: datetime
    done: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    why: str = ""
