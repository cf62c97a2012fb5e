"""A link by which a colleague sets a password, shown once to who made it, to be handed over or printed."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import now

from huiyin.foundation.accounts.models import User
from huiyin.foundation.kit.qr import qr_code
from huiyin.foundation.kit.replies import page
from huiyin.foundation.signing_in import queries as signing_in


def show_link(request: HttpRequest, who: User, token: str, *, back: str) -> HttpResponse:
    """Show the link on a sheet of paper. Nobody can look it up again."""
    link = request.build_absolute_uri(reverse("accounts:link", args=[token]))
    found = signing_in.link_by(token)
    return page(
        request,
        "staffing/link.html",
        who=who,
        link=link,
        qr=qr_code(link, label="扫一扫,设置密码"),
        expires_at=found.expires_at if found else now(),
        at=now(),
        back=back,
    )
