"""Departments, posts, who holds them, the roster and the zones."""

from huiyin.areas.staffing.operations.people import NotLetGo, hire, let_go, report_absent, report_back
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
from huiyin.areas.staffing.operations.rosters import DutyInvalid, cancel_duty, copy_week, plan_duty, write_duties

__all__ = [
    "ROLES",
    "DutyInvalid",
    "NotLetGo",
    "PostInvalid",
    "appoint",
    "assign",
    "cancel_duty",
    "change_post",
    "copy_week",
    "draw_zone",
    "end_assignment",
    "hire",
    "let_go",
    "load_roles",
    "open_department",
    "open_post",
    "open_shipped_posts",
    "plan_duty",
    "report_absent",
    "report_back",
    "set_up_department",
    "set_up_post",
    "set_up_zone",
    "write_duties",
]
