"""Every journal line as a sentence. One entry per kind; a test finds every kind the code can write."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from huiyin.foundation.journal.models import Entry
from huiyin.foundation.kit import words
from huiyin.foundation.kit.entries import Entry as Line
from huiyin.foundation.kit.entries import Kind
from huiyin.foundation.kit.times import duration_words
from huiyin.foundation.signing_in import words as signing_in

Values = Mapping[str, Any]
Says = str | Callable[[Values, datetime], str]


@dataclass(frozen=True)
class Sentence:
    """How a kind is said, on whose side of the timeline it stands, and what makes it superfluous.

    `unless` names kinds that say the same when they were written in the same act.
    """

    says: Says
    side: Kind = "done"
    unless: tuple[str, ...] = ()


@dataclass(frozen=True)
class RuleShown:
    """A rule as pages name it: in its own words, with its standard and its page."""

    says: str
    standard: str
    url: str


def _to(values: Values, now: datetime) -> str:
    return " ".join(part for part in (values.get("to_post"), values.get("to_person")) if part)


def _at(name: str, text: str) -> Callable[[Values, datetime], str]:
    def say(values: Values, now: datetime) -> str:
        said = values.get(name)
        return text.format(words.people_time(datetime.fromisoformat(said), now) if said else "")

    return say


def _told(text: str, **otherwise: str) -> Callable[[Values, datetime], str]:
    """Fill the values into the text; a missing one is said as given in `otherwise`, or not at all."""

    class Known(dict[str, Any]):
        def __missing__(self, name: str) -> str:
            return otherwise.get(name, "")

    return lambda values, now: text.format_map(Known(values))


def _decided(values: Values, now: datetime) -> str:
    return "决定采纳这条建议" if values.get("adopted") else "决定不采纳这条建议"


def _role_given(values: Values, now: datetime) -> str:
    where = f",只管{values['buildings']}" if values.get("buildings") else ""
    until = f",{_when(values, 'until', now)} 止" if values.get("until") else ""
    return f"给了{values.get('person', '一位同事')}「{values.get('role', '')}」的角色{where}{until}"


MODES = {"phone": "打电话", "door": "上门", "sms": "发短信", "email": "发邮件"}
ACCEPTANCES = {"signature": "签字验收", "paper": "在纸单上签收"}
EXCUSES = {
    "anonymous": "未留姓名",
    "letter": "上级只要求复函",
    "moved_away": "已搬离",
    "refused": "客户谢绝回访",
    "unreachable": "多次联系不上",
}


def _visited(values: Values, now: datetime) -> str:
    verdict = "客户满意" if values.get("verdict") == "pass" else "客户不满意"
    return f"{MODES.get(values.get('mode', ''), '')}回访了客户,{verdict}"


def _round(text: str) -> Callable[[Values, datetime], str]:
    return lambda values, now: text.format(f"第 {values['round']} 次" if values.get("round", 1) > 1 else "")


def _signed(values: Values, now: datetime) -> str:
    return f"客户{ACCEPTANCES.get(values.get('acceptance', ''), '验收')},维修单已关闭"


def _slot(values: Values, now: datetime) -> str:
    start, end = values.get("appointment_from"), values.get("appointment_to")
    if not (start and end):
        return "约了上门时间"
    about = [duration_words(values["minutes"] * 60)] if values.get("minutes") else []
    told = "".join(f",{part}" for part in [*(f"大约{one}" for one in about), *filter(None, [values.get("work")])])
    return f"约好{words.people_slot(datetime.fromisoformat(start), datetime.fromisoformat(end), now)}上门{told}"


CONSENTS = {"person": "当面", "phone": "在电话里", "message": "发消息", "keys": "留了钥匙,"}


def _let_in(values: Values, now: datetime) -> str:
    return f"住户{CONSENTS.get(values.get('consent_mode', ''), '')}同意进门"


def _clock(values: Values, now: datetime) -> str:
    ahead = int(values.get("ahead_seconds", 0))
    wrong = f"{'快' if ahead > 0 else '慢'} {duration_words(ahead)}"
    return f"{values.get('step', '')}:手机时钟{wrong},手机上是 {_when(values, 'phone_at', now)},按 {_when(values, 'taken_as', now)} 记"


GIVEN = {"grab": "{}抢到了单", "rotation": "按轮派规则派给 {}", "transfer": "转给 {},对方已接"}


def _given(values: Values, now: datetime) -> str:
    return GIVEN.get(values.get("how", ""), "派给 {}").format(values.get("to_person") or "维修工")


def _excused(values: Values, now: datetime) -> str:
    reason = values.get("excuse", "")
    return f"这次不回访:{EXCUSES.get(reason, reason)}"


URGENCIES = {"normal": "一般", "urgent": "紧急", "emergency": "急修"}


def _urgency(values: Values, now: datetime) -> str:
    was, new = (URGENCIES.get(values.get(name, ""), "") for name in ("was", "urgency"))
    return f"紧急程度由{was}改为{new}"


def _when(values: Values, name: str, now: datetime) -> str:
    said = values.get(name)
    return words.people_time(datetime.fromisoformat(said), now) if said else "别的时间"


def _moved(values: Values, now: datetime) -> str:
    return f"「{values.get('does', '')}」改到 {_when(values, 'due_at', now)}(原来 {_when(values, 'was_due_at', now)})"


def _step_taken(values: Values, now: datetime) -> str:
    to = values.get("to_name") or "负责的岗位"
    return f"提醒{to}:「{values.get('does', '')}」{_when(values, 'due_at', now)} 到期"


def _duty_done(values: Values, now: datetime) -> str:
    does = values.get("does", "到期的事")
    return f"「{does}」已办到" if values.get("by") else f"办了「{does}」"


def _terms(values: Values, now: datetime) -> str:
    found = {"own": "在本公司保修期内", "builder": "在开发商保修期内", "common": "公共部位", "none": "不在保修期内"}
    says = found.get(values.get("outcome", ""), "保修期查不到")
    decided = {"free": ",定为无偿", "paid": ",定为有偿"}.get(values.get("charge_decided", ""), ",收费待定")
    return f"查了部位和保修:{says}{decided}"


def _consented(values: Values, now: datetime) -> str:
    how = {"signature": "签字", "code": "报同意码", "paper": "在纸单上签字"}.get(values.get("mode", ""), "")
    return f"客户{how}同意第 {values.get('version', '')} 版报价"


def _threshold(values: Values, now: datetime) -> str:
    times = f"已有 {values['reached']} 次" if values.get("reached") else "一再发生"
    return f"同样的事{times},要「{values.get('does', '查明原因')}」"


PAID_BY = {"cash": "现金", "qr": "扫码", "transfer": "转账"}


def _receipt(text: str) -> Callable[[Values, datetime], str]:
    say = _told(text)
    return lambda values, now: say({**values, "how": PAID_BY.get(values.get("paid_by", ""), "")}, now)


def _waiver(text: str) -> Callable[[Values, datetime], str]:
    say = _told(text)
    return lambda values, now: say({**values, "what": "退款" if values.get("kind") == "refund" else "减免"}, now)


def _counted(values: Values, now: datetime) -> str:
    short = f",差额 {values['difference']} 元" if values.get("difference") else ""
    return f"清点现金 {values.get('counted', '')} 元{short}"


def _expected(values: Values, now: datetime) -> str:
    when = _when(values, "expected_end", now)
    if values.get("was_end") or values.get("was_sentence"):
        return f"「{values.get('title', '')}」改为预计 {when} 结束,告诉来电人:{values.get('sentence', '')}"
    return f"开了共因事件「{values.get('title', '')}」,预计 {when} 结束"


SENTENCES: dict[str, Sentence] = {
    "cases.case.registered": Sentence("登记了这件事", "resident"),
    "cases.case.taken_over": Sentence(_told("在「{source}」里登记", source="别的系统"), "resident"),
    "cases.case.closed_before": Sentence(_told("在「{source}」里办结", source="别的系统"), "resident"),
    "cases.case.taken": Sentence("受理,由自己负责"),
    "cases.case.transferred": Sentence(lambda v, now: f"转给 {_to(v, now)}", "internal"),
    "cases.case.urgency_changed": Sentence(_urgency),
    "cases.case.promised": Sentence(_at("promised_at", "跟客户约好 {} 答复"), "resident"),
    "cases.case.progress_told": Sentence("告诉了客户进度", "resident"),
    "cases.case.answered": Sentence(
        "答复了客户", "resident", unless=("complaints.complaint.replied", "cases.case.closed", "repairs.order.closed")
    ),
    "cases.case.decided": Sentence(_decided),
    "cases.case.commented": Sentence("记了一笔", "internal"),
    "cases.case.file_attached": Sentence(_told("上传了 {name}", name="文件"), "internal"),
    "cases.case.held": Sentence(_at("wakes_at", "挂起,{} 再看"), "internal", unless=("repairs.order.held",)),
    "cases.case.resumed": Sentence("恢复处理", "internal", unless=("repairs.order.resumed",)),
    "cases.case.closed": Sentence("办结", "resident", unless=("complaints.complaint.closed", "repairs.order.closed")),
    "cases.case.reopened": Sentence("重新打开", unless=("complaints.complaint.reopened",)),
    "cases.case.merged": Sentence(_told("并入 {into}", into="另一件")),
    "cases.case.unmerged": Sentence("撤销并案,单独办理"),
    "cases.case.joined": Sentence(_told("{number} 并进来了({caller})"), "internal"),
    "cases.case.parted": Sentence(_told("{number} 撤销并案,分出去单办"), "internal"),
    "cases.case.voided": Sentence("作废"),
    "cases.category.added": Sentence(_told("在「{below}」下面加了类别「{title}」"), "internal"),
    "cases.category.retired": Sentence(_told("停用了类别「{title}」"), "internal"),
    "complaints.complaint.registered": Sentence(
        "开始处理投诉", unless=("cases.case.registered", "complaints.complaint.reopened", "cases.case.unmerged")
    ),
    "complaints.complaint.acknowledged": Sentence(
        "把受理编号告诉了投诉人", "resident", unless=("complaints.complaint.reopened", "cases.case.unmerged")
    ),
    "complaints.complaint.verified": Sentence("核实了情况", "internal"),
    "complaints.complaint.decided": Sentence("决定了处理办法", "internal"),
    "complaints.complaint.resolve_promised": Sentence(_at("promised_at", "跟投诉人约好 {} 前解决"), "resident"),
    "complaints.complaint.replied": Sentence("答复了投诉人", "resident"),
    "complaints.complaint.rejected": Sentence("投诉人不接受答复,重新处理", "resident"),
    "complaints.complaint.closed": Sentence("办结投诉", "resident"),
    "complaints.complaint.reopened": Sentence("重新打开投诉,从核实开始"),
    "repairs.order.registered": Sentence("开了维修单,等派单", unless=("cases.case.registered",)),
    "repairs.order.dispatched": Sentence(_given),
    "repairs.order.offered": Sentence(_at("lapses_at", "放出来抢,{} 为止"), "internal"),
    "repairs.order.ungrabbed": Sentence("没有人抢,交给班长派单", "rule"),
    "repairs.order.transfer_asked": Sentence(_told("请 {to_person} 接这张单"), "internal"),
    "repairs.order.transfer_declined": Sentence(_told("{to_person} 不接,单仍在原来的人手里"), "internal"),
    "repairs.order.transfer_withdrawn": Sentence(_told("不转给 {to_person} 了"), "internal"),
    "repairs.dispatch_policy.changed": Sentence(_told("改了派单办法")),
    "repairs.order.accepted": Sentence("接单"),
    "repairs.order.appointed": Sentence(_slot, "resident"),
    "repairs.order.returned": Sentence("退单,等重新派单", "internal"),
    "repairs.order.arrived": Sentence("到达现场", "resident"),
    "repairs.order.terms_set": Sentence(_terms, "internal"),
    "repairs.order.quoted": Sentence(_told("报价第 {version} 版,{total} 元"), "resident"),
    "repairs.order.code_told": Sentence("打电话把同意码告诉客户", "internal"),
    "repairs.order.code_wrong": Sentence("同意码输错一次", "internal"),
    "repairs.order.consented": Sentence(_consented, "resident"),
    "repairs.order.started": Sentence("客户同意报价,开工", "resident"),
    "repairs.order.let_in": Sentence(_let_in, "resident"),
    "repairs.order.not_let_in": Sentence("未获同意,没有进门,要重新约", "resident"),
    "repairs.order.photographed": Sentence(_told("拍了{stage}照片 {count} 张"), "internal"),
    "repairs.order.clock_differed": Sentence(_clock, "internal"),
    "repairs.floor.soiled": Sentence("维修弄脏了地面,通知保洁清理"),
    "repairs.order.held": Sentence(_at("wakes_at", "维修暂停,{} 再看"), "internal"),
    "repairs.order.resumed": Sentence("维修恢复", "internal"),
    "repairs.order.finished": Sentence("完工,等客户验收", "resident"),
    "repairs.order.reworked": Sentence("客户验收没通过,继续修", "resident"),
    "repairs.order.closed": Sentence(_signed, "resident"),
    "repairs.order.voided": Sentence("维修单作废", unless=("cases.case.voided", "cases.case.merged")),
    "fees.charge.opened": Sentence(_told("开收费单 {number},{amount} 元")),
    "fees.charge.settled": Sentence(_told("{number} 已结清"), "resident"),
    "fees.charge.reopened": Sentence(_told("{number} 恢复待收,还欠 {owed} 元"), "internal"),
    "fees.charge.withdrawn": Sentence(_told("撤销收费单 {number}")),
    "fees.charge.waived": Sentence(_told("{number} 全部减免"), "resident"),
    "fees.charge.given": Sentence(_told("{number} 交给{collector}收款"), "internal"),
    "fees.charge.settlement_chosen": Sentence(_told("改了 {number} 的结算方式"), "internal"),
    "fees.receipt.issued": Sentence(_receipt("{how}收款 {amount} 元,收据 {number}"), "resident"),
    "fees.receipt.voided": Sentence(_receipt("作废收据 {number}({amount} 元)"), "internal"),
    "fees.receipt.refunded": Sentence(_receipt("退款,红字收据 {number}({amount} 元)"), "resident"),
    "fees.receipt.handed_over": Sentence(_told("收据 {number} 的现金已交收费员"), "internal"),
    "fees.receipt.invoiced": Sentence(_told("收据 {number} 开了发票 {invoice}"), "resident"),
    "fees.waiver.asked": Sentence(_waiver("申请{what} {amount} 元"), "internal"),
    "fees.waiver.approved": Sentence(_waiver("批准{what} {amount} 元"), "internal"),
    "fees.waiver.refused": Sentence(_waiver("没有批准{what} {amount} 元"), "internal"),
    "fees.waiver.taken_back": Sentence(_waiver("撤回{what}申请"), "internal"),
    "fees.handover.made": Sentence(_told("交出现金 {expected} 元,等清点")),
    "fees.handover.received": Sentence(_counted),
    "fees.handover.sent_back": Sentence("退回交接单"),
    "fees.intent.made": Sentence(_told("出示收款码,{amount} 元"), "internal"),
    "fees.intent.confirmed": Sentence(_told("扫码到账 {amount} 元"), "rule", unless=("fees.receipt.issued",)),
    "fees.intent.lapsed": Sentence("收款码失效", "internal", unless=("fees.receipt.issued",)),
    "fees.intent.surplus": Sentence(_told("扫码多收 {amount} 元,等退还"), "rule"),
    "fees.intent.paid_back": Sentence(_told("多收的 {amount} 元已退"), "resident"),
    "fees.slip.issued": Sentence(_told("出 {month} 月结单 {number},{amount} 元")),
    "fees.slip.signed": Sentence("客户签认月结单", "resident"),
    "fees.slip.voided": Sentence("作废月结单"),
    "fees.settlement.made": Sentence(_told("结算了 {month} 的有偿服务")),
    "materials.requisition.asked": Sentence(_told("申领材料:{what}"), "internal"),
    "materials.requisition.issued": Sentence(_told("发料:{what}"), "internal"),
    "materials.requisition.accounted": Sentence(_told("材料{what}"), "internal"),
    "materials.requisition.settled": Sentence(_told("领料单 {number} 结清"), "internal"),
    "materials.requisition.voided": Sentence(_told("领料单 {number} 作废"), "internal"),
    "materials.item.set_up": Sentence(_told("把{name}添进材料目录")),
    "materials.item.changed": Sentence("改了材料资料"),
    "materials.item.priced": Sentence(_told("给{name}定了价:{bands}")),
    "materials.item.received": Sentence(_told("入库 {what}")),
    "materials.item.transferred": Sentence(_told("调拨 {what}({place})")),
    "materials.item.handed_out": Sentence(_told("发出领用 {what}")),
    "materials.item.written_off": Sentence(_told("报废 {what}")),
    "materials.item.bag_used": Sentence(_told("用了随身的{what}"), "internal"),
    "materials.item.put_back": Sentence(_told("退回{place} {what}")),
    "materials.place.opened": Sentence(_told("建立库房 {name}")),
    "materials.count.begun": Sentence(_told("开始清点{place}")),
    "materials.count.posted": Sentence(_told("清点{place},{differences} 样账实不符")),
    "materials.count.dropped": Sentence(_told("放弃清点{place}")),
    "materials.plan.made": Sentence(_told("定下采购计划 {number}")),
    "materials.sheet.taken_in": Sentence("从表格导入了材料"),
    "repairs.copies.expected": Sentence("等第二联交回前台、第一联交班长", "rule"),
    "repairs.copies.returned": Sentence("第二联交回前台,核对了用料", "internal"),
    "repairs.copies.seen": Sentence(
        lambda v, now: "班长核对了第一联" + (",留作培训材料" if v.get("training") else ""), "internal"
    ),
    "repairs.talk.entered": Sentence(
        lambda v, now: (
            f"录入了{v.get('told_by', '维修工')}跟业户沟通的情况" + (f",后续转为 {v['case']}" if v.get("case") else "")
        ),
        "internal",
    ),
    "repairs.contact.confirmed": Sentence("跟住户核对了姓名电话,与档案一致", "resident"),
    "repairs.contact.proposed": Sentence(_told("核到新的{changed},等人核定", changed="联系方式"), "resident"),
    "repairs.contact.decided": Sentence(
        lambda v, now: (
            f"按核到的更新了住户的{v.get('changed', '联系方式')}" if v.get("accepted") else "没有更新住户的联系方式"
        ),
        "internal",
    ),
    "repairs.incident.expected": Sentence(_expected, "internal"),
    "repairs.incident.led": Sentence(_told("由 {order} 牵头处理", order="一张维修单"), "internal"),
    "repairs.incident.over": Sentence(_told("「{title}」结束", title="共因事件")),
    "repairs.hint.written": Sentence(_told("给{where}写了提示:{text}", where="楼栋"), "internal"),
    "repairs.hint.withdrawn": Sentence(_told("撤下了{where}的提示:{text}", where="楼栋"), "internal"),
    "return_visits.visit.opened": Sentence(_round("定下{}回访"), "rule"),
    "return_visits.visit.assigned": Sentence(_told("把回访交给 {to_person}"), "internal"),
    "return_visits.visit.attempted": Sentence(_told("回访没有见到客户:{result}"), "resident"),
    "return_visits.visit.made": Sentence(_visited, "resident"),
    "return_visits.visit.failed": Sentence(_told("回访不合格,转为 {raised}", raised="新的投诉"), "rule"),
    "return_visits.visit.next_promised": Sentence(_at("promised_at", "跟客户约好 {} 再回访"), "resident"),
    "return_visits.visit.excused": Sentence(_excused, "internal"),
    "return_visits.visit.rectification_sent": Sentence("发出书面整改通知", "internal"),
    "return_visits.visit.reviewed": Sentence("审阅了回访记录", "internal"),
    "service_desk.incident.asked": Sentence(
        lambda v, now: f"问的是 {v.get('incident', '')},已告知" + (",结束了要告诉他" if v.get("wants_telling") else ""),
        "resident",
    ),
    "service_desk.incident.telling_owed": Sentence("事件结束,要告诉问过的人", "rule"),
    "service_desk.incident.told": Sentence(_told("告诉了问过的人已经恢复({how})"), "resident"),
    "service_desk.contact.registered": Sentence("记入来电来访登记", "resident"),
    "service_desk.contact.answered": Sentence("当场答复了", "resident", unless=("service_desk.contact.called_back",)),
    "service_desk.contact.promised": Sentence(_at("promised_at", "约好 {} 答复"), "resident"),
    "service_desk.contact.passed_on": Sentence(_told("转成事项 {case}")),
    "service_desk.contact.callback_asked": Sentence("客户请我们回电", "resident"),
    "service_desk.contact.called_back": Sentence("回了电话", "resident"),
    "standards.commitment.missed": Sentence(_told("没有按时{does}"), "rule"),
    "standards.commitment.waived": Sentence(_told("免除了「{does}」"), "internal"),
    "standards.commitment.miss_corrected": Sentence(
        _at("met_at", "更正:其实按时办到了,{} 办的,当时没有信号或晚了录入;逾期记录仍保留"), "rule"
    ),
    "standards.commitment.moved": Sentence(_moved, "rule"),
    "standards.commitment.added": Sentence(_told("多了一项承诺:{does}"), "rule"),
    "standards.step.taken": Sentence(_step_taken, "rule"),
    "standards.step.retold": Sentence(_told("「{does}」的提醒改发给{to_name}", to_name="岗位"), "rule"),
    "standards.step.received": Sentence(_told("看到了「{does}」的提醒"), "internal"),
    "standards.waiver.asked": Sentence(_told("申请免除「{does}」"), "internal"),
    "standards.waiver.granted": Sentence(_told("同意免除「{does}」"), "internal"),
    "standards.waiver.refused": Sentence(_told("不同意免除「{does}」"), "internal"),
    "standards.duty.opened": Sentence(_told("到期要办:{does}"), "rule"),
    "standards.duty.done": Sentence(_duty_done),
    "standards.threshold.reached": Sentence(_threshold, "rule"),
    "standards.calendar.published": Sentence(_told("公布了 {year} 年的放假安排")),
    "standards.hours.set": Sentence(_told("改了{channel}的时间,{from} 起")),
    "standards.hours.dated": Sentence(_told("{day} {channel}另有安排")),
    "standards.draw.topped_up": Sentence("为达到抽样比例补抽了一件", "rule"),
    "standards.standard.adopted": Sentence(_told("本小区开始执行标准 {standard}")),
    "standards.draft.started": Sentence(_told("开始起草,底本是{base}")),
    "standards.draft.changed": Sentence(_told("改成「{says}」", says="一条规则")),
    "standards.draft.left_out": Sentence(_told("删去「{says}」", says="一条规则")),
    "standards.draft.restored": Sentence(_told("撤掉对「{says}」的改动", says="一条规则")),
    "standards.draft.renewed": Sentence(_told("把草稿移到{base}上")),
    "standards.draft.published": Sentence(_told("发布了{title}第 {number} 版")),
    "staffing.person.left": Sentence("离岗,手上的事转回岗位", "internal"),
    "staffing.person.absent": Sentence(_at("until", "不在岗,{} 回来;手上的事转回岗位"), "internal"),
    "staffing.person.back": Sentence("回岗了", "internal"),
    "staffing.person.skilled": Sentence(_told("{person}会什么:{skills}(原来:{was})")),
    "staffing.person.hired": Sentence(_told("{person}入职,任{title}", person="新同事", title="新岗位")),
    "staffing.role.given": Sentence(_role_given),
    "staffing.role.taken": Sentence(_told("收回{person}的「{role}」", person="一位同事", role="角色")),
    "staffing.department.opened": Sentence(_told("设立部门 {name}")),
    "staffing.post.opened": Sentence(_told("设立岗位 {title}")),
    "staffing.post.changed": Sentence(_told("改了岗位 {title}")),
    "staffing.post.assigned": Sentence(_told("安排{person}到岗", person="一位同事")),
    "staffing.post.unassigned": Sentence(_told("{person}离开岗位", person="一位同事")),
    "staffing.zone.drawn": Sentence(_told("划定责任区 {name}")),
    "staffing.duty.planned": Sentence("排了一个班"),
    "staffing.duty.cancelled": Sentence("取消了一个班"),
    "staffing.duty.week_copied": Sentence("照上周排了班"),
    "estate.household.moved_in": Sentence(_told("{people} 入住", people="业户"), "resident"),
    "estate.household.moved_out": Sentence(_told("{people} 迁出", people="业户"), "resident"),
    "estate.estate.opened": Sentence("建立了小区"),
    "estate.estate.units_imported": Sentence("导入了房屋和住户"),
    "estate.building.opened": Sentence("建立了楼栋"),
    "estate.building.described": Sentence("改了楼栋的接待提示"),
    "estate.unit.opened": Sentence("建立了房屋"),
    "estate.unit.corrected": Sentence("更正了房屋资料"),
    "estate.unit.imported": Sentence("从表格导入了房屋资料"),
    "estate.person.added": Sentence("登记了一位住户"),
    "estate.person.left": Sentence("一位住户搬走了"),
    "estate.person.corrected": Sentence("更正了住户资料"),
    "estate.phone.added": Sentence("登记了电话"),
    "estate.phone.changed": Sentence("改了电话"),
    "estate.phone.dropped": Sentence("停用了电话"),
    **{kind: Sentence(_told(text)) for kind, text in signing_in.SAYS.items()},
    "jobs.job.retried": Sentence("让失败的任务再试", "internal"),
    "jobs.job.dropped": Sentence("放弃了失败的任务", "internal"),
    "estate.person.details_recorded": Sentence(_told("登记了{items}", items="资料")),
    "estate.person.erased": Sentence("删除了一位住户的资料"),
    "estate.estate.detail_switched_on": Sentence("打开了一项住户资料的登记"),
    "estate.estate.detail_switched_off": Sentence("停止登记一项住户资料,已记的删除了"),
    "privacy.shown": Sentence(_told("看了{what}", what="遮盖的内容")),
    "privacy.taken_out": Sentence(_told("导出了{what}", what="一张表")),
}
# A move recorded without a fact of its own is said by its name.
MOVES: dict[str, str] = {
    "materials.sheet.take_in": "确认导入材料表",
    "materials.sheet.fault": "材料表没有导入",
    "service_desk.contact.promise": "约好回电时间",
    "standards.draft.propose": "提请第二人发布",
    "standards.draft.return": "退回起草",
    "standards.draft.drop": "放弃了这份草稿",
}
UNSPOKEN = Sentence("办了一步", "internal")


def is_spoken(kind: str) -> bool:
    """Tell whether there is a sentence for lines of this kind."""
    return kind in SENTENCES or kind in MOVES


def tell(entries: Iterable[Entry], *, now: datetime, rules: Mapping[str, RuleShown] | None = None) -> list[Line]:
    """Say the entries as lines of a timeline, in their order; what one act says twice is said once.

    `rules` has the rules by code, to name the one behind an automatic line.
    """
    return [line(entry, now=now, rules=rules or {}) for entry in without_echoes(entries)]


def without_echoes(entries: Iterable[Entry]) -> list[Entry]:
    """Leave out the entries that say what another one of the same act says."""
    listed = list(entries)
    acts: dict[tuple[datetime, int], set[str]] = {}
    for entry in listed:
        acts.setdefault((entry.at, entry.actor_id), set()).add(entry.kind)
    return [entry for entry in listed if not acts[entry.at, entry.actor_id].intersection(_sentence(entry.kind).unless)]


def _sentence(kind: str) -> Sentence:
    if kind in MOVES:
        return Sentence(MOVES[kind])
    return SENTENCES.get(kind, UNSPOKEN)


def _doer(entry: Entry) -> str:
    """Name who did it; of a slip keyed in later, also whose step it was."""
    if entry.actor.is_system:
        return ""
    other = entry.values.get("on_behalf_of")
    return f"{entry.actor.name}代{other}补录" if other else entry.actor.name


def line(entry: Entry, *, now: datetime, rules: Mapping[str, RuleShown]) -> Line:
    """Say one entry."""
    sentence = _sentence(entry.kind)
    says = sentence.says if isinstance(sentence.says, str) else sentence.says(entry.values, now)
    rule = rules.get(entry.rule)
    return Line(
        at=entry.at,
        says=says,
        who="" if sentence.side == "rule" else _doer(entry),
        kind=sentence.side,
        rule=f"《{rule.standard}》{rule.says}" if rule else "",
        rule_url=rule.url if rule else "",
        detail=entry.note,
    )
