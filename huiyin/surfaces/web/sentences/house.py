"""Sentences about the staff, the estate and the house itself."""

from datetime import datetime

from huiyin.foundation.signing_in import words as signing_in
from huiyin.surfaces.web.sentences.shape import Sentence, Values, at_time, filled, time_of


def _role_given(values: Values, now: datetime) -> str:
    where = f",只管{values['buildings']}" if values.get("buildings") else ""
    until = f",{time_of(values, 'until', now)} 止" if values.get("until") else ""
    return f"给了{values.get('person', '一位同事')}「{values.get('role', '')}」的角色{where}{until}"


HOUSE: dict[str, Sentence] = {
    "staffing.person.left": Sentence("离岗,手上的事转回岗位", "internal"),
    "staffing.person.absent": Sentence(at_time("until", "不在岗,{} 回来;手上的事转回岗位"), "internal"),
    "staffing.person.back": Sentence("回岗了", "internal"),
    "staffing.person.skilled": Sentence(filled("{person}会什么:{skills}(原来:{was})")),
    "staffing.person.hired": Sentence(filled("{person}入职,任{title}", person="新同事", title="新岗位")),
    "staffing.role.given": Sentence(_role_given),
    "staffing.role.taken": Sentence(filled("收回{person}的「{role}」", person="一位同事", role="角色")),
    "staffing.department.opened": Sentence(filled("设立部门 {name}")),
    "staffing.post.opened": Sentence(filled("设立岗位 {title}")),
    "staffing.post.changed": Sentence(filled("改了岗位 {title}")),
    "staffing.post.assigned": Sentence(filled("安排{person}到岗", person="一位同事")),
    "staffing.post.unassigned": Sentence(filled("{person}离开岗位", person="一位同事")),
    "staffing.zone.drawn": Sentence(filled("划定责任区 {name}")),
    "staffing.duty.planned": Sentence("排了一个班"),
    "staffing.duty.cancelled": Sentence("取消了一个班"),
    "staffing.duty.week_copied": Sentence("照上周排了班"),
    "estate.household.moved_in": Sentence(filled("{people} 入住", people="业户"), "resident"),
    "estate.household.moved_out": Sentence(filled("{people} 迁出", people="业户"), "resident"),
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
    **{kind: Sentence(filled(text)) for kind, text in signing_in.SAYS.items()},
    "journal.behind.explained": Sentence(filled("说明了 {table} #{key} 绕过操作的改动"), "internal"),
    "jobs.job.retried": Sentence("让失败的任务再试", "internal"),
    "jobs.job.dropped": Sentence("放弃了失败的任务", "internal"),
    "estate.person.details_recorded": Sentence(filled("登记了{items}", items="资料")),
    "estate.person.erased": Sentence("删除了一位住户的资料"),
    "estate.estate.detail_switched_on": Sentence("打开了一项住户资料的登记"),
    "estate.estate.detail_switched_off": Sentence("停止登记一项住户资料,已记的删除了"),
    "privacy.shown": Sentence(filled("看了{what}", what="遮盖的内容")),
    "privacy.taken_out": Sentence(filled("导出了{what}", what="一张表")),
}
