"""Repeated wording of the pages about money."""

TONES = {
    "open": "accent",
    "settled": "green",
    "waived": "muted",
    "withdrawn": "muted",
    "issued": "plain",
    "voided": "muted",
    "asked": "accent",
    "approved": "green",
    "refused": "muted",
    "taken_back": "muted",
    "offered": "accent",
    "received": "green",
    "sent_back": "muted",
    "pending": "accent",
    "lapsed": "muted",
    "paid": "green",
    "surplus": "amber",
    "returned": "muted",
    "signed": "green",
}
# A slip that was issued waits to be signed; a receipt that was issued waits for nothing.
SLIP_TONES = TONES | {"issued": "accent"}
VOID_REASONS = ("金额写错", "付款方式选错", "付款人写错", "客户没有付款")
WAIVE_REASONS = ("返修,不应再收", "保修期内", "服务不周,补偿客户")
REFUND_REASONS = ("多收了", "重复收款", "付错了户")
