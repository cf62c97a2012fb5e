"""The gate every page stands behind."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.queries import access_of

View = Callable[..., HttpResponse]


SAFE = ("GET", "HEAD", "OPTIONS")


class PowersDown(PermissionDenied):
    """The right is there, but powers of this kind are raised for a while first, with a reason."""


def needs(right: str, *, raised: bool = False) -> Callable[[View], View]:
    """Require that the signed-in user holds the right somewhere; the query decides about the estate.

    With `raised`, whoever changes something has confirmed shortly before that it is them (`request.powers_up`).
    The right is kept on the view (`view.right`), from which the permission table is checked.
    """

    def gate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not access_of(signed_in(request)).may(right):
                raise PermissionDenied
            if raised and request.method not in SAFE and not getattr(request, "powers_up", False):
                raise PowersDown
            return view(request, *args, **kwargs)

        guarded.right = right  # type: ignore[attr-defined]  # read by the permission table
        guarded.raised = raised  # type: ignore[attr-defined]  # read by whatever raises them
        return guarded

    return gate


def signed_in(request: HttpRequest) -> User:
    """Return the request's user as ours. Pages for the anonymous never call it."""
    user = request.user
    if not isinstance(user, User):
        raise PermissionDenied
    return user


def require_whole(user: User, estate_id: int) -> None:
    """Refuse with 403 whoever has only some buildings of the estate."""
    if estate_id in access_of(user).buildings:
        raise PermissionDenied


def require_right(user: User, right: str, estate_id: int) -> None:
    """Refuse with 403 unless the user holds the right in this estate."""
    if not access_of(user).may(right, estate_id):
        raise PermissionDenied
