"""What the background jobs are called, and how often a schedule comes round."""

from datetime import time, timedelta

from huiyin.foundation.jobs.rules import in_a_sentence
from huiyin.foundation.kit.times import duration_words

__all__ = ["TITLES", "about", "in_a_sentence", "rhythm", "title_of"]

TITLES = {
    "huiyin.standards.jobs.note_misses": "记录逾期",
    "huiyin.standards.jobs.climb_ladders": "逐级催办",
    "huiyin.standards.jobs.top_up_draws": "补抽回访样本",
    "huiyin.standards.jobs.open_duties": "生成到期的固定工作",
    "huiyin.areas.service_desk.jobs.print_listed": "打印来电来访登记",
    "huiyin.areas.cases.jobs.print_listed": "打印事项",
    "huiyin.areas.fees.jobs.print_listed": "打印收据、月结单",
    "huiyin.areas.repairs.jobs.print_listed": "打印维修单",
    "huiyin.areas.repairs.jobs.give_out_orders": "按抢单和轮派规则派单",
    "huiyin.areas.materials.jobs.print_listed": "打印固定资产台账",
    "huiyin.areas.upkeep.jobs.open_rounds": "生成到期的设备维保",
    "huiyin.areas.upkeep.jobs.print_listed": "打印维护检修计划",
    "huiyin.areas.return_visits.jobs.print_listed": "打印回访记录",
    "huiyin.areas.past_cases.jobs.check_orders": "检查以前的维修单",
    "huiyin.areas.past_cases.jobs.take_in_orders": "导入以前的维修单",
    "huiyin.areas.estate.jobs.check_sheet": "检查导入的表格",
    "huiyin.areas.estate.jobs.take_in_sheet": "导入房屋住户",
    "huiyin.foundation.backups.upkeep.back_up": "每日备份",
    "huiyin.foundation.jobs.upkeep.forget_done_jobs": "清理做完的任务",
    "huiyin.foundation.files.upkeep.sweep_orphaned_files": "清理没有记录的文件",
    "huiyin.foundation.journal.upkeep.seal_journal": "封存昨天的记录",
    "huiyin.foundation.signing_in.upkeep.forget_what_is_over": "清理过期的登录",
    "huiyin.foundation.sqlite.upkeep.refresh_statistics": "整理数据库统计",
    "huiyin.foundation.webhooks.jobs.deliver": "通知对接的系统",
    "huiyin.foundation.webhooks.jobs.pick_up_lost_deliveries": "补发漏掉的通知",
    "huiyin.foundation.webhooks.jobs.forget_old_deliveries": "清理旧的通知",
    "huiyin.foundation.idempotency.upkeep.forget_old_replies": "清理旧的回执",
}


def title_of(task: str) -> str:
    """Return the name of the task for people; one without a name is called as the program calls it."""
    return TITLES.get(task, task.rpartition(".")[2])


def rhythm(every: timedelta | None, daily_at: time | None) -> str:
    if every is not None:
        return f"每 {duration_words(every.total_seconds())}"
    return f"每天 {daily_at:%H:%M}" if daily_at else ""


def about(args: list[object], kwargs: dict[str, object]) -> str:
    """Say which record a job is about: jobs carry numbers only."""
    said = "、".join(str(one) for one in (*args, *kwargs.values()))
    return f"编号 {said}"[:80] if said else ""
