"""What money keeps about payers, and how long it must: vouchers are kept as the law of accounts asks."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import QuerySet

from huiyin.areas.fees.models import Charge
from huiyin.areas.fees.states import ChargeStatus
from huiyin.foundation.privacy.declared import Erasing, PersonalField, Sensitivity, Subject

_PERSON = "household__occupancies__person"
_VOUCHER = "会计凭证,依法保存;收费单上不再有姓名"


FIELDS = (
    PersonalField(
        "Charge",
        "payer",
        "付款人",
        "收费、开收据",
        Sensitivity.ORDINARY,
        person=_PERSON,
        left="(已删除)",
        record="收费单",
    ),
    PersonalField(
        "Receipt",
        "payer",
        "付款人",
        "证明谁付了款",
        Sensitivity.ORDINARY,
        erasing=Erasing.STAYS,
        why=_VOUCHER,
        person=f"charge__{_PERSON}",
        record="收据",
    ),
    PersonalField(
        "MonthlySlip",
        "payer",
        "住户",
        "月结有偿服务",
        Sensitivity.ORDINARY,
        person=_PERSON,
        left="(已删除)",
        record="月结单",
    ),
    PersonalField(
        "MonthlySlip",
        "signer",
        "签认人",
        "证明谁签认了服务和金额",
        Sensitivity.ORDINARY,
        person=_PERSON,
        left="(已删除)",
        record="月结单",
    ),
    PersonalField(
        "MonthlySlip",
        "signature",
        "签名",
        "证明签认",
        Sensitivity.ORDINARY,
        erasing=Erasing.STAYS,
        why="收费凭证,随月结单保存;单上不再有姓名",
        person=_PERSON,
        record="月结单",
    ),
)


def charges_about(subject: Subject) -> QuerySet[Charge]:
    """Return the charges of the households the person belongs or belonged to."""
    return Charge.objects.filter(estate=subject.estate_id, household__occupancies__person=subject.person_id).distinct()


def _open(subject: Subject, at: datetime) -> Iterator[str]:
    for charge in charges_about(subject).filter(status=ChargeStatus.OPEN).order_by("id"):
        yield f"收费单 {charge.number} 还没了结"


HOLDS = (_open,)
