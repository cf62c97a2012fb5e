"""Sentences about work orders and return visits."""

from collections.abc import Callable
from datetime import datetime

from huiyin.foundation.kit import words
from huiyin.foundation.kit.times import duration_words
from huiyin.surfaces.web.sentences.shape import Sentence, Values, at_time, filled, time_of

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
    return f"{values.get('step', '')}:手机时钟{wrong},手机上是 {time_of(values, 'phone_at', now)},按 {time_of(values, 'taken_as', now)} 记"


GIVEN = {"grab": "{}抢到了单", "rotation": "按轮派规则派给 {}", "transfer": "转给 {},对方已接"}


def _given(values: Values, now: datetime) -> str:
    return GIVEN.get(values.get("how", ""), "派给 {}").format(values.get("to_person") or "维修工")


def _excused(values: Values, now: datetime) -> str:
    reason = values.get("excuse", "")
    return f"这次不回访:{EXCUSES.get(reason, reason)}"


def _terms(values: Values, now: datetime) -> str:
    found = {"own": "在本公司保修期内", "builder": "在开发商保修期内", "common": "公共部位", "none": "不在保修期内"}
    says = found.get(values.get("outcome", ""), "保修期查不到")
    decided = {"free": ",定为无偿", "paid": ",定为有偿"}.get(values.get("charge_decided", ""), ",收费待定")
    return f"查了部位和保修:{says}{decided}"


def _consented(values: Values, now: datetime) -> str:
    how = {"signature": "签字", "code": "报同意码", "paper": "在纸单上签字"}.get(values.get("mode", ""), "")
    return f"客户{how}同意第 {values.get('version', '')} 版报价"


def _expected(values: Values, now: datetime) -> str:
    when = time_of(values, "expected_end", now)
    if values.get("was_end") or values.get("was_sentence"):
        return f"「{values.get('title', '')}」改为预计 {when} 结束,告诉来电人:{values.get('sentence', '')}"
    return f"开了共因事件「{values.get('title', '')}」,预计 {when} 结束"


REPAIRS: dict[str, Sentence] = {
    "repairs.order.registered": Sentence("开了维修单,等派单", unless=("cases.case.registered",)),
    "repairs.order.dispatched": Sentence(_given),
    "repairs.order.offered": Sentence(at_time("lapses_at", "放出来抢,{} 为止"), "internal"),
    "repairs.order.ungrabbed": Sentence("没有人抢,交给班长派单", "rule"),
    "repairs.order.transfer_asked": Sentence(filled("请 {to_person} 接这张单"), "internal"),
    "repairs.order.transfer_declined": Sentence(filled("{to_person} 不接,单仍在原来的人手里"), "internal"),
    "repairs.order.transfer_withdrawn": Sentence(filled("不转给 {to_person} 了"), "internal"),
    "repairs.dispatch_policy.changed": Sentence(filled("改了派单办法")),
    "repairs.order.accepted": Sentence("接单"),
    "repairs.order.appointed": Sentence(_slot, "resident"),
    "repairs.order.returned": Sentence("退单,等重新派单", "internal"),
    "repairs.order.arrived": Sentence("到达现场", "resident"),
    "repairs.order.terms_set": Sentence(_terms, "internal"),
    "repairs.order.quoted": Sentence(filled("报价第 {version} 版,{total} 元"), "resident"),
    "repairs.order.code_told": Sentence("打电话把同意码告诉客户", "internal"),
    "repairs.order.code_wrong": Sentence("同意码输错一次", "internal"),
    "repairs.order.consented": Sentence(_consented, "resident"),
    "repairs.order.started": Sentence("客户同意报价,开工", "resident"),
    "repairs.order.let_in": Sentence(_let_in, "resident"),
    "repairs.order.not_let_in": Sentence("未获同意,没有进门,要重新约", "resident"),
    "repairs.order.photographed": Sentence(filled("拍了{stage}照片 {count} 张"), "internal"),
    "repairs.order.clock_differed": Sentence(_clock, "internal"),
    "repairs.floor.soiled": Sentence("维修弄脏了地面,通知保洁清理"),
    "repairs.order.held": Sentence(at_time("wakes_at", "维修暂停,{} 再看"), "internal"),
    "repairs.order.resumed": Sentence("维修恢复", "internal"),
    "repairs.order.finished": Sentence("完工,等客户验收", "resident"),
    "repairs.order.reworked": Sentence("客户验收没通过,继续修", "resident"),
    "repairs.order.closed": Sentence(_signed, "resident"),
    "repairs.order.voided": Sentence("维修单作废", unless=("cases.case.voided", "cases.case.merged")),
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
    "repairs.contact.proposed": Sentence(filled("核到新的{changed},等人核定", changed="联系方式"), "resident"),
    "repairs.contact.decided": Sentence(
        lambda v, now: (
            f"按核到的更新了住户的{v.get('changed', '联系方式')}" if v.get("accepted") else "没有更新住户的联系方式"
        ),
        "internal",
    ),
    "repairs.incident.expected": Sentence(_expected, "internal"),
    "repairs.incident.led": Sentence(filled("由 {order} 牵头处理", order="一张维修单"), "internal"),
    "repairs.incident.over": Sentence(filled("「{title}」结束", title="共因事件")),
    "repairs.hint.written": Sentence(filled("给{where}写了提示:{text}", where="楼栋"), "internal"),
    "repairs.hint.withdrawn": Sentence(filled("撤下了{where}的提示:{text}", where="楼栋"), "internal"),
    "repairs.fault_skill.changed": Sentence(filled("改了哪类故障要会什么:{says}")),
    "return_visits.visit.opened": Sentence(_round("定下{}回访"), "rule"),
    "return_visits.visit.assigned": Sentence(filled("把回访交给 {to_person}"), "internal"),
    "return_visits.visit.attempted": Sentence(filled("回访没有见到客户:{result}"), "resident"),
    "return_visits.visit.made": Sentence(_visited, "resident"),
    "return_visits.visit.failed": Sentence(filled("回访不合格,转为 {raised}", raised="新的投诉"), "rule"),
    "return_visits.visit.next_promised": Sentence(at_time("promised_at", "跟客户约好 {} 再回访"), "resident"),
    "return_visits.visit.excused": Sentence(_excused, "internal"),
    "return_visits.visit.rectification_sent": Sentence("发出书面整改通知", "internal"),
    "return_visits.visit.reviewed": Sentence("审阅了回访记录", "internal"),
}
