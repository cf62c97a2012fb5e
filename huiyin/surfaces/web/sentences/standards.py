"""Sentences about what was promised and what is asked."""

from datetime import datetime

from huiyin.surfaces.web.sentences.shape import Sentence, Values, at_time, filled, time_of


def _moved(values: Values, now: datetime) -> str:
    return (
        f"「{values.get('does', '')}」改到 {time_of(values, 'due_at', now)}(原来 {time_of(values, 'was_due_at', now)})"
    )


def _step_taken(values: Values, now: datetime) -> str:
    to = values.get("to_name") or "负责的岗位"
    return f"提醒{to}:「{values.get('does', '')}」{time_of(values, 'due_at', now)} 到期"


def _duty_done(values: Values, now: datetime) -> str:
    does = values.get("does", "到期的事")
    return f"「{does}」已办到" if values.get("by") else f"办了「{does}」"


def _threshold(values: Values, now: datetime) -> str:
    times = f"已有 {values['reached']} 次" if values.get("reached") else "一再发生"
    return f"同样的事{times},要「{values.get('does', '查明原因')}」"


STANDARDS: dict[str, Sentence] = {
    "standards.commitment.missed": Sentence(filled("没有按时{does}"), "rule"),
    "standards.commitment.waived": Sentence(filled("免除了「{does}」"), "internal"),
    "standards.commitment.miss_corrected": Sentence(
        at_time("met_at", "更正:其实按时办到了,{} 办的,当时没有信号或晚了录入;逾期记录仍保留"), "rule"
    ),
    "standards.commitment.moved": Sentence(_moved, "rule"),
    "standards.commitment.added": Sentence(filled("多了一项承诺:{does}"), "rule"),
    "standards.step.taken": Sentence(_step_taken, "rule"),
    "standards.step.retold": Sentence(filled("「{does}」的提醒改发给{to_name}", to_name="岗位"), "rule"),
    "standards.step.received": Sentence(filled("看到了「{does}」的提醒"), "internal"),
    "standards.waiver.asked": Sentence(filled("申请免除「{does}」"), "internal"),
    "standards.waiver.granted": Sentence(filled("同意免除「{does}」"), "internal"),
    "standards.waiver.refused": Sentence(filled("不同意免除「{does}」"), "internal"),
    "standards.duty.opened": Sentence(filled("到期要办:{does}"), "rule"),
    "standards.duty.done": Sentence(_duty_done),
    "standards.threshold.reached": Sentence(_threshold, "rule"),
    "standards.calendar.published": Sentence(filled("公布了 {year} 年的放假安排")),
    "standards.hours.set": Sentence(filled("改了{channel}的时间,{from} 起")),
    "standards.hours.dated": Sentence(filled("{day} {channel}另有安排")),
    "standards.draw.topped_up": Sentence("为达到抽样比例补抽了一件", "rule"),
    "standards.standard.adopted": Sentence(filled("本小区开始执行标准 {standard}")),
    "standards.draft.started": Sentence(filled("开始起草,底本是{base}")),
    "standards.draft.changed": Sentence(filled("改成「{says}」", says="一条规则")),
    "standards.draft.left_out": Sentence(filled("删去「{says}」", says="一条规则")),
    "standards.draft.restored": Sentence(filled("撤掉对「{says}」的改动", says="一条规则")),
    "standards.draft.renewed": Sentence(filled("把草稿移到{base}上")),
    "standards.draft.published": Sentence(filled("发布了{title}第 {number} 版")),
}
