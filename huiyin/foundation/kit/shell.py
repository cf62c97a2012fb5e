"""What the frame around every page shows. `surfaces/web` fills it in; `kit/base.html` reads it as `shell`."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class RailItem:
    """One job in the left rail; only what this person may do is in it."""

    label: str
    url: str
    icon: str
    count: int = 0
    active: bool = False
    urgent: bool = False
    key: str = ""


@dataclass(frozen=True)
class Choice:
    """One line of a menu: an estate, a page of the me menu."""

    label: str
    url: str
    active: bool = False
    icon: str = ""


@dataclass(frozen=True)
class Shell:
    """The frame: who is signed in, where, what they may go to and what waits for them.

    `estates` are posted to `estate_url` as `estate=<value>` with `next`; with one estate no switcher is shown.
    `powers_until` is the time until which powers are raised; posting to `powers_url` lowers them.
    The first four of `rail` are the bottom bar on phones, unless `phone_rail` names others.
    """

    me: str
    user_key: str
    rail: Sequence[RailItem] = ()
    phone_rail: Sequence[RailItem] = ()
    post: str = ""
    estate: str = ""
    estates: Sequence[tuple[str, str]] = ()
    estate_url: str = ""
    search_url: str = ""
    search_hint: str = "房号、电话、姓名、编号"
    waiting: int = 0
    waiting_url: str = ""
    home_url: str = "/"
    sign_out_url: str = ""
    menu: Sequence[Choice] = field(default_factory=tuple)
    powers_until: str = ""
    powers_url: str = ""

    @property
    def bottom(self) -> Sequence[RailItem]:
        return self.phone_rail or self.rail[:4]

    @property
    def ways(self) -> Hashable:
        """Tell what the drawn rails depend on."""
        return (self.home_url, tuple(self.rail), tuple(self.bottom))

    @property
    def more(self) -> Sequence[RailItem]:
        shown = {item.url for item in self.bottom}
        return [item for item in self.rail if item.url not in shown]
