"""Sentences about money and material."""

from collections.abc import Callable
from datetime import datetime

from huiyin.areas.materials.words import ASSET_SAYS
from huiyin.surfaces.web.sentences.shape import Sentence, Values, filled

PAID_BY = {"cash": "现金", "qr": "扫码", "transfer": "转账"}


def _receipt(text: str) -> Callable[[Values, datetime], str]:
    say = filled(text)
    return lambda values, now: say({**values, "how": PAID_BY.get(values.get("paid_by", ""), "")}, now)


def _waiver(text: str) -> Callable[[Values, datetime], str]:
    say = filled(text)
    return lambda values, now: say({**values, "what": "退款" if values.get("kind") == "refund" else "减免"}, now)


def _counted(values: Values, now: datetime) -> str:
    short = f",差额 {values['difference']} 元" if values.get("difference") else ""
    return f"清点现金 {values.get('counted', '')} 元{short}"


MONEY: dict[str, Sentence] = {
    "fees.charge.opened": Sentence(filled("开收费单 {number},{amount} 元")),
    "fees.charge.settled": Sentence(filled("{number} 已结清"), "resident"),
    "fees.charge.reopened": Sentence(filled("{number} 恢复待收,还欠 {owed} 元"), "internal"),
    "fees.charge.withdrawn": Sentence(filled("撤销收费单 {number}")),
    "fees.charge.waived": Sentence(filled("{number} 全部减免"), "resident"),
    "fees.charge.given": Sentence(filled("{number} 交给{collector}收款"), "internal"),
    "fees.charge.settlement_chosen": Sentence(filled("改了 {number} 的结算方式"), "internal"),
    "fees.receipt.issued": Sentence(_receipt("{how}收款 {amount} 元,收据 {number}"), "resident"),
    "fees.receipt.voided": Sentence(_receipt("作废收据 {number}({amount} 元)"), "internal"),
    "fees.receipt.refunded": Sentence(_receipt("退款,红字收据 {number}({amount} 元)"), "resident"),
    "fees.receipt.handed_over": Sentence(filled("收据 {number} 的现金已交收费员"), "internal"),
    "fees.receipt.invoiced": Sentence(filled("收据 {number} 开了发票 {invoice}"), "resident"),
    "fees.waiver.asked": Sentence(_waiver("申请{what} {amount} 元"), "internal"),
    "fees.waiver.approved": Sentence(_waiver("批准{what} {amount} 元"), "internal"),
    "fees.waiver.refused": Sentence(_waiver("没有批准{what} {amount} 元"), "internal"),
    "fees.waiver.taken_back": Sentence(_waiver("撤回{what}申请"), "internal"),
    "fees.handover.made": Sentence(filled("交出现金 {expected} 元,等清点")),
    "fees.handover.received": Sentence(_counted),
    "fees.handover.sent_back": Sentence("退回交接单"),
    "fees.intent.made": Sentence(filled("出示收款码,{amount} 元"), "internal"),
    "fees.intent.confirmed": Sentence(filled("扫码到账 {amount} 元"), "rule", unless=("fees.receipt.issued",)),
    "fees.intent.lapsed": Sentence("收款码失效", "internal", unless=("fees.receipt.issued",)),
    "fees.intent.surplus": Sentence(filled("扫码多收 {amount} 元,等退还"), "rule"),
    "fees.intent.paid_back": Sentence(filled("多收的 {amount} 元已退"), "resident"),
    "fees.slip.issued": Sentence(filled("出 {month} 月结单 {number},{amount} 元")),
    "fees.slip.signed": Sentence("客户签认月结单", "resident"),
    "fees.slip.voided": Sentence("作废月结单"),
    "fees.settlement.made": Sentence(filled("结算了 {month} 的有偿服务")),
    "materials.requisition.asked": Sentence(filled("申领材料:{what}"), "internal"),
    "materials.requisition.issued": Sentence(filled("发料:{what}"), "internal"),
    "materials.requisition.accounted": Sentence(filled("材料{what}"), "internal"),
    "materials.requisition.settled": Sentence(filled("领料单 {number} 结清"), "internal"),
    "materials.requisition.voided": Sentence(filled("领料单 {number} 作废"), "internal"),
    "materials.item.set_up": Sentence(filled("把{name}添进材料目录")),
    "materials.item.changed": Sentence("改了材料资料"),
    "materials.item.priced": Sentence(filled("给{name}定了价:{bands}")),
    "materials.item.received": Sentence(filled("入库 {what}")),
    "materials.item.transferred": Sentence(filled("调拨 {what}({place})")),
    "materials.item.handed_out": Sentence(filled("发出领用 {what}")),
    "materials.item.written_off": Sentence(filled("报废 {what}")),
    "materials.item.bag_used": Sentence(filled("用了随身的{what}"), "internal"),
    "materials.item.put_back": Sentence(filled("退回{place} {what}")),
    "materials.place.opened": Sentence(filled("建立库房 {name}")),
    "materials.count.begun": Sentence(filled("开始清点{place}")),
    "materials.count.posted": Sentence(filled("清点{place},{differences} 样账实不符")),
    "materials.count.dropped": Sentence(filled("放弃清点{place}")),
    "materials.plan.made": Sentence(filled("定下采购计划 {number}")),
    "materials.sheet.taken_in": Sentence("从表格导入了材料"),
    **{kind: Sentence(filled(text)) for kind, text in ASSET_SAYS.items()},
}
