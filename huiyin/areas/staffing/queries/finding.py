"""One record of the staff, as far as the person may."""

from typing import TypeVar

from django.http import Http404

from huiyin.areas.estate.permissions import visible_to
from huiyin.areas.staffing.models import Assignment, Department, Duty, Post
from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.permissions import require_right

Found = TypeVar("Found")


def post_for(user: User, number: int, to: str = "staffing.edit") -> Post:
    """Return the post if the user may; 404 out of sight, 403 without the right."""
    post = Post.objects.filter(estate__in=visible_to(user), pk=number).select_related("estate", "falls_to").first()
    return _allowed(post, post.estate_id if post else 0, user, to)


def department_for(user: User, number: int, to: str = "staffing.edit") -> Department:
    """Return the department if the user may; 404 out of sight, 403 without the right."""
    department = Department.objects.filter(estate__in=visible_to(user), pk=number).select_related("estate").first()
    return _allowed(department, department.estate_id if department else 0, user, to)


def assignment_for(user: User, number: int, to: str = "staffing.edit") -> Assignment:
    """Return the assignment if the user may; 404 out of sight, 403 without the right."""
    found = Assignment.objects.filter(post__estate__in=visible_to(user), pk=number)
    assignment = found.select_related("post", "user").first()
    return _allowed(assignment, assignment.post.estate_id if assignment else 0, user, to)


def duty_for(user: User, number: int, to: str = "staffing.edit") -> Duty:
    """Return the roster line if the user may; 404 out of sight, 403 without the right."""
    duty = Duty.objects.filter(post__estate__in=visible_to(user), pk=number).select_related("post", "user").first()
    return _allowed(duty, duty.post.estate_id if duty else 0, user, to)


def colleague_for(user: User, number: int, estate_id: int) -> User:
    """Return somebody who holds a post in this estate; 404 for everybody else, 403 without the right to staff it."""
    held = Assignment.objects.filter(post__estate_id=estate_id, until_date=None, user_id=number)
    assignment = held.filter(post__estate__in=visible_to(user)).select_related("user").first()
    return _allowed(assignment.user if assignment else None, estate_id, user, "staffing.edit")


def _allowed(found: Found | None, estate_id: int, user: User, to: str) -> Found:
    if found is None:
        raise Http404
    require_right(user, to, estate_id)
    return found
