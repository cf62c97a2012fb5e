"""Sentences about equipment, preventive plans and projects."""

from datetime import datetime

from huiyin.surfaces.web.sentences.shape import Sentence, Values, filled


def _round_done(values: Values, now: datetime) -> str:
    raised = f",开了维修单 {values['case']}" if values.get("case") else ""
    return f"做完{values.get('equipment', '设备')}的{values.get('task', '维保')}:{'正常' if not raised else '有问题'}{raised}"


UPKEEP: dict[str, Sentence] = {
    "upkeep.equipment.entered": Sentence(filled("把{equipment}记进设备台账")),
    "upkeep.equipment.changed": Sentence(filled("改了设备资料:{changed}")),
    "upkeep.equipment.stopped": Sentence(filled("停用了{equipment}")),
    "upkeep.equipment.restarted": Sentence(filled("让{equipment}恢复使用")),
    "upkeep.equipment.scrapped": Sentence(filled("报废了{equipment}")),
    "upkeep.equipment.overhauled": Sentence(filled("登记了{equipment}的{kind}:{what}")),
    "upkeep.plan.made": Sentence(filled("给{equipment}排了维保计划:{task},{cycle}")),
    "upkeep.plan.ended": Sentence(filled("停止了{equipment}的维保计划:{task}")),
    "upkeep.round.opened": Sentence(filled("{equipment}到期要做{task}({due_on})"), "rule"),
    "upkeep.round.done": Sentence(_round_done),
    "upkeep.round.dropped": Sentence(filled("取消了{equipment}的一次{task}({due_on})"), "internal"),
    "upkeep.project.opened": Sentence(filled("立项 {number}:{title}")),
    "upkeep.project.started": Sentence(filled("{number} 开工")),
    "upkeep.project.handed_in": Sentence(filled("{number} 报竣工")),
    "upkeep.project.completed": Sentence(filled("{number} 竣工验收合格")),
    "upkeep.project.sent_back": Sentence(filled("{number} 竣工验收不合格,「{stage}」返工")),
    "upkeep.project.voided": Sentence(filled("{number} 作废")),
    "upkeep.stage.started": Sentence(filled("「{stage}」开始")),
    "upkeep.stage.handed_in": Sentence(filled("「{stage}」做完报验")),
    "upkeep.stage.accepted": Sentence(filled("「{stage}」验收合格")),
    "upkeep.stage.sent_back": Sentence(filled("「{stage}」退回返工")),
    "upkeep.home.finished": Sentence(filled("涉及 {unit} 的工程 {number} 竣工"), "rule"),
}
