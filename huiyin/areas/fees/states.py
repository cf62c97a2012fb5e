"""Which status follows which: charges, receipts, waivers, handovers of cash, payments by QR code, monthly slips."""

from django.db.models import TextChoices

from huiyin.foundation.states.moves import Move


class ChargeStatus(TextChoices):
    OPEN = "open", "待收"
    SETTLED = "settled", "已结清"
    WAIVED = "waived", "已减免"
    WITHDRAWN = "withdrawn", "已撤销"


class ReceiptStatus(TextChoices):
    ISSUED = "issued", "有效"
    VOIDED = "voided", "作废"


class WaiverStatus(TextChoices):
    ASKED = "asked", "待批"
    APPROVED = "approved", "已批准"
    REFUSED = "refused", "未批准"
    TAKEN_BACK = "taken_back", "已撤回"


class HandoverStatus(TextChoices):
    OFFERED = "offered", "待清点"
    RECEIVED = "received", "已收讫"
    SENT_BACK = "sent_back", "已退回"


class IntentStatus(TextChoices):
    PENDING = "pending", "等待付款"
    LAPSED = "lapsed", "已失效"
    PAID = "paid", "已到账"
    SURPLUS = "surplus", "多收待退"
    RETURNED = "returned", "多收已退"


class SlipStatus(TextChoices):
    ISSUED = "issued", "待签认"
    SIGNED = "signed", "已签认"
    VOIDED = "voided", "作废"


SETTLE = Move("settle", "结清", (ChargeStatus.OPEN,), ChargeStatus.SETTLED, "fees.collect")
WAIVE = Move("waive", "减免", (ChargeStatus.OPEN, ChargeStatus.SETTLED), ChargeStatus.WAIVED, "fees.waive")
WITHDRAW = Move("withdraw", "撤销", (ChargeStatus.OPEN,), ChargeStatus.WITHDRAWN, "fees.charge", needs_note=True)
REOPEN = Move("reopen", "恢复待收", (ChargeStatus.SETTLED,), ChargeStatus.OPEN, "fees.void", needs_note=True)
CHARGE_MOVES = (SETTLE, WAIVE, WITHDRAW, REOPEN)

VOID = Move("void", "作废", (ReceiptStatus.ISSUED,), ReceiptStatus.VOIDED, "fees.void", needs_note=True)
RECEIPT_MOVES = (VOID,)

APPROVE = Move("approve", "批准", (WaiverStatus.ASKED,), WaiverStatus.APPROVED, "fees.waive")
REFUSE = Move("refuse", "不批准", (WaiverStatus.ASKED,), WaiverStatus.REFUSED, "fees.waive", needs_note=True)
TAKE_BACK = Move("take_back", "撤回", (WaiverStatus.ASKED,), WaiverStatus.TAKEN_BACK, "fees.collect")
WAIVER_MOVES = (APPROVE, REFUSE, TAKE_BACK)

RECEIVE = Move("receive", "收讫", (HandoverStatus.OFFERED,), HandoverStatus.RECEIVED, "fees.receive_cash")
SEND_BACK = Move(
    "send_back", "退回", (HandoverStatus.OFFERED,), HandoverStatus.SENT_BACK, "fees.receive_cash", needs_note=True
)
HANDOVER_MOVES = (RECEIVE, SEND_BACK)

_UNPAID = (IntentStatus.PENDING, IntentStatus.LAPSED)
CONFIRM = Move("confirm", "到账", _UNPAID, IntentStatus.PAID, "fees.collect")
LAPSE = Move("lapse", "取消", (IntentStatus.PENDING,), IntentStatus.LAPSED, "fees.collect")
OVERPAY = Move("overpay", "多收", _UNPAID, IntentStatus.SURPLUS, "fees.collect", needs_note=True)
PAY_BACK = Move("pay_back", "退还", (IntentStatus.SURPLUS,), IntentStatus.RETURNED, "fees.void", needs_note=True)
INTENT_MOVES = (CONFIRM, LAPSE, OVERPAY, PAY_BACK)

SIGN = Move("sign", "签认", (SlipStatus.ISSUED,), SlipStatus.SIGNED, "fees.collect")
VOID_SLIP = Move("void_slip", "作废", (SlipStatus.ISSUED,), SlipStatus.VOIDED, "fees.collect", needs_note=True)
SLIP_MOVES = (SIGN, VOID_SLIP)
