"""Departments, posts, who holds them, the roster and the zones."""

from huiyin.areas.staffing.operations.accounts import (
    OutOfReach,
    drop_second_step,
    let_in_again,
    send_link,
    sign_out_everywhere,
    take_link_back,
)
from huiyin.areas.staffing.operations.people import Hired, NotLetGo, hire, let_go, report_absent, report_back
from huiyin.areas.staffing.operations.posts import (
    ROLES,
    PostInvalid,
    appoint,
    assign,
    change_post,
    draw_zone,
    end_assignment,
    load_roles,
    open_department,
    open_post,
    open_shipped_posts,
    set_up_department,
    set_up_post,
    set_up_zone,
)
from huiyin.areas.staffing.operations.roles import give_role, take_role
from huiyin.areas.staffing.operations.rosters import DutyInvalid, cancel_duty, copy_week, plan_duty, write_duties
from huiyin.areas.staffing.operations.skills import SkillUnknown, record_skills

__all__ = [
    "ROLES",
    "DutyInvalid",
    "Hired",
    "NotLetGo",
    "OutOfReach",
    "PostInvalid",
    "SkillUnknown",
    "appoint",
    "assign",
    "cancel_duty",
    "change_post",
    "copy_week",
    "draw_zone",
    "drop_second_step",
    "end_assignment",
    "give_role",
    "hire",
    "let_go",
    "let_in_again",
    "load_roles",
    "open_department",
    "open_post",
    "open_shipped_posts",
    "plan_duty",
    "record_skills",
    "report_absent",
    "report_back",
    "send_link",
    "set_up_department",
    "set_up_post",
    "set_up_zone",
    "sign_out_everywhere",
    "take_link_back",
    "take_role",
    "write_duties",
]
