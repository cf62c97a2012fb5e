"""Sentences about cases, complaints and the desk."""

from datetime import datetime

from huiyin.surfaces.web.sentences.shape import Sentence, Values, at_time, filled


def _to(values: Values, now: datetime) -> str:
    return " ".join(part for part in (values.get("to_post"), values.get("to_person")) if part)


def _decided(values: Values, now: datetime) -> str:
    return "决定采纳这条建议" if values.get("adopted") else "决定不采纳这条建议"


URGENCIES = {"normal": "一般", "urgent": "紧急", "emergency": "急修"}


def _urgency(values: Values, now: datetime) -> str:
    was, new = (URGENCIES.get(values.get(name, ""), "") for name in ("was", "urgency"))
    return f"紧急程度由{was}改为{new}"


CASES: dict[str, Sentence] = {
    "cases.case.registered": Sentence("登记了这件事", "resident"),
    "cases.case.taken_over": Sentence(filled("在「{source}」里登记", source="别的系统"), "resident"),
    "cases.case.closed_before": Sentence(filled("在「{source}」里办结", source="别的系统"), "resident"),
    "cases.case.taken": Sentence("受理,由自己负责"),
    "cases.case.transferred": Sentence(lambda v, now: f"转给 {_to(v, now)}", "internal"),
    "cases.case.urgency_changed": Sentence(_urgency),
    "cases.case.promised": Sentence(at_time("promised_at", "跟客户约好 {} 答复"), "resident"),
    "cases.case.progress_told": Sentence("告诉了客户进度", "resident"),
    "cases.case.answered": Sentence(
        "答复了客户", "resident", unless=("complaints.complaint.replied", "cases.case.closed", "repairs.order.closed")
    ),
    "cases.case.decided": Sentence(_decided),
    "cases.case.commented": Sentence("记了一笔", "internal"),
    "cases.case.file_attached": Sentence(filled("上传了 {name}", name="文件"), "internal"),
    "cases.case.held": Sentence(at_time("wakes_at", "挂起,{} 再看"), "internal", unless=("repairs.order.held",)),
    "cases.case.resumed": Sentence("恢复处理", "internal", unless=("repairs.order.resumed",)),
    "cases.case.closed": Sentence("办结", "resident", unless=("complaints.complaint.closed", "repairs.order.closed")),
    "cases.case.reopened": Sentence("重新打开", unless=("complaints.complaint.reopened",)),
    "cases.case.merged": Sentence(filled("并入 {into}", into="另一件")),
    "cases.case.unmerged": Sentence("撤销并案,单独办理"),
    "cases.case.joined": Sentence(filled("{number} 并进来了({caller})"), "internal"),
    "cases.case.parted": Sentence(filled("{number} 撤销并案,分出去单办"), "internal"),
    "cases.case.voided": Sentence("作废"),
    "cases.category.added": Sentence(filled("在「{below}」下面加了类别「{title}」"), "internal"),
    "cases.category.retired": Sentence(filled("停用了类别「{title}」"), "internal"),
    "complaints.complaint.registered": Sentence(
        "开始处理投诉", unless=("cases.case.registered", "complaints.complaint.reopened", "cases.case.unmerged")
    ),
    "complaints.complaint.acknowledged": Sentence(
        "把受理编号告诉了投诉人", "resident", unless=("complaints.complaint.reopened", "cases.case.unmerged")
    ),
    "complaints.complaint.verified": Sentence("核实了情况", "internal"),
    "complaints.complaint.decided": Sentence("决定了处理办法", "internal"),
    "complaints.complaint.resolve_promised": Sentence(at_time("promised_at", "跟投诉人约好 {} 前解决"), "resident"),
    "complaints.complaint.replied": Sentence("答复了投诉人", "resident"),
    "complaints.complaint.rejected": Sentence("投诉人不接受答复,重新处理", "resident"),
    "complaints.complaint.closed": Sentence("办结投诉", "resident"),
    "complaints.complaint.reopened": Sentence("重新打开投诉,从核实开始"),
    "service_desk.incident.asked": Sentence(
        lambda v, now: f"问的是 {v.get('incident', '')},已告知" + (",结束了要告诉他" if v.get("wants_telling") else ""),
        "resident",
    ),
    "service_desk.incident.telling_owed": Sentence("事件结束,要告诉问过的人", "rule"),
    "service_desk.incident.told": Sentence(filled("告诉了问过的人已经恢复({how})"), "resident"),
    "service_desk.contact.registered": Sentence("记入来电来访登记", "resident"),
    "service_desk.contact.answered": Sentence("当场答复了", "resident", unless=("service_desk.contact.called_back",)),
    "service_desk.contact.promised": Sentence(at_time("promised_at", "约好 {} 答复"), "resident"),
    "service_desk.contact.passed_on": Sentence(filled("转成事项 {case}")),
    "service_desk.contact.callback_asked": Sentence("客户请我们回电", "resident"),
    "service_desk.contact.called_back": Sentence("回了电话", "resident"),
}
