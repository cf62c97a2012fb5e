"""Facts about money. Amounts are told as figures in text, so that no float is ever near them."""

from dataclasses import dataclass
from typing import ClassVar

from huiyin.foundation.journal.facts import Fact


@dataclass(frozen=True, kw_only=True)
class ChargeFact(Fact):
    subject_type: ClassVar[str] = "fees.charge"
    number: str
    amount: str
    owed: str
    settlement: str
    household_id: int | None = None
    unit: str = ""
    charged_type: str = ""
    charged_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class ChargeOpened(ChargeFact):
    code: ClassVar[str] = "fees.charge.opened"


@dataclass(frozen=True, kw_only=True)
class ChargeSettled(ChargeFact):
    code: ClassVar[str] = "fees.charge.settled"


@dataclass(frozen=True, kw_only=True)
class ChargeReopened(ChargeFact):
    code: ClassVar[str] = "fees.charge.reopened"


@dataclass(frozen=True, kw_only=True)
class ChargeWithdrawn(ChargeFact):
    code: ClassVar[str] = "fees.charge.withdrawn"


@dataclass(frozen=True, kw_only=True)
class ChargeWaived(ChargeFact):
    code: ClassVar[str] = "fees.charge.waived"


@dataclass(frozen=True, kw_only=True)
class WaiverFact(Fact):
    """`kind` is waive or refund."""

    subject_type: ClassVar[str] = "fees.waiver"
    kind: str
    charge: str
    amount: str


@dataclass(frozen=True, kw_only=True)
class WaiverAsked(WaiverFact):
    code: ClassVar[str] = "fees.waiver.asked"


@dataclass(frozen=True, kw_only=True)
class WaiverApproved(WaiverFact):
    code: ClassVar[str] = "fees.waiver.approved"


@dataclass(frozen=True, kw_only=True)
class WaiverRefused(WaiverFact):
    code: ClassVar[str] = "fees.waiver.refused"


@dataclass(frozen=True, kw_only=True)
class WaiverTakenBack(WaiverFact):
    code: ClassVar[str] = "fees.waiver.taken_back"


@dataclass(frozen=True, kw_only=True)
class ReceiptFact(Fact):
    """`in_till` of cash says that a cashier took it, who owes it to nobody else."""

    subject_type: ClassVar[str] = "fees.receipt"
    number: str
    charge: str
    amount: str
    paid_by: str
    in_till: bool = False


@dataclass(frozen=True, kw_only=True)
class ReceiptIssued(ReceiptFact):
    code: ClassVar[str] = "fees.receipt.issued"


@dataclass(frozen=True, kw_only=True)
class ReceiptVoided(ReceiptFact):
    code: ClassVar[str] = "fees.receipt.voided"


@dataclass(frozen=True, kw_only=True)
class ReceiptRefunded(ReceiptFact):
    """A receipt in red: `refunds` is the number of the one whose money was given back."""

    code: ClassVar[str] = "fees.receipt.refunded"
    refunds: str = ""


@dataclass(frozen=True, kw_only=True)
class ReceiptHandedOver(ReceiptFact):
    code: ClassVar[str] = "fees.receipt.handed_over"
    handover: str = ""


@dataclass(frozen=True, kw_only=True)
class HandoverFact(Fact):
    subject_type: ClassVar[str] = "fees.handover"
    number: str
    expected: str
    receipts: int


@dataclass(frozen=True, kw_only=True)
class HandoverMade(HandoverFact):
    code: ClassVar[str] = "fees.handover.made"


@dataclass(frozen=True, kw_only=True)
class HandoverReceived(HandoverFact):
    code: ClassVar[str] = "fees.handover.received"
    counted: str = ""
    difference: str = ""


@dataclass(frozen=True, kw_only=True)
class HandoverSentBack(HandoverFact):
    code: ClassVar[str] = "fees.handover.sent_back"


@dataclass(frozen=True, kw_only=True)
class IntentFact(Fact):
    subject_type: ClassVar[str] = "fees.intent"
    charge: str
    amount: str
    gateway: str


@dataclass(frozen=True, kw_only=True)
class IntentMade(IntentFact):
    code: ClassVar[str] = "fees.intent.made"


@dataclass(frozen=True, kw_only=True)
class IntentConfirmed(IntentFact):
    code: ClassVar[str] = "fees.intent.confirmed"


@dataclass(frozen=True, kw_only=True)
class IntentLapsed(IntentFact):
    code: ClassVar[str] = "fees.intent.lapsed"


@dataclass(frozen=True, kw_only=True)
class IntentSurplus(IntentFact):
    """Money came for what was paid already, or not as much as was asked for."""

    code: ClassVar[str] = "fees.intent.surplus"


@dataclass(frozen=True, kw_only=True)
class IntentPaidBack(IntentFact):
    code: ClassVar[str] = "fees.intent.paid_back"


@dataclass(frozen=True, kw_only=True)
class SlipFact(Fact):
    subject_type: ClassVar[str] = "fees.slip"
    number: str
    month: str
    amount: str
    unit: str = ""


@dataclass(frozen=True, kw_only=True)
class SlipIssued(SlipFact):
    code: ClassVar[str] = "fees.slip.issued"


@dataclass(frozen=True, kw_only=True)
class SlipSigned(SlipFact):
    code: ClassVar[str] = "fees.slip.signed"


@dataclass(frozen=True, kw_only=True)
class SlipVoided(SlipFact):
    code: ClassVar[str] = "fees.slip.voided"


@dataclass(frozen=True, kw_only=True)
class SettlementMade(Fact):
    """The paid services of a month were put on slips: how many, and none is a number too."""

    code: ClassVar[str] = "fees.settlement.made"
    subject_type: ClassVar[str] = "estate"
    month: str
    slips: int
