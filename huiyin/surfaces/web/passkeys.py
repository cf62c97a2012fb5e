"""Signing in with a passkey: in place of name and password, or as the second step."""

import struct

from allauth.mfa.webauthn.internal import auth as webauthn
from django import forms
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from huiyin.foundation.accounts.models import User
from huiyin.foundation.signing_in import operations
from huiyin.surfaces.web.signing_in import let_in, pending, wanted

# What the parsers of foreign bytes raise; allauth turns only some of it into a refusal.
MALFORMED = (ValidationError, ValueError, TypeError, KeyError, AttributeError, IndexError, struct.error)


class PasskeyForm(forms.Form):
    credential = forms.JSONField()


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def passkey(request: HttpRequest) -> HttpResponse:
    """Tell the browser which key to use; take what it answers. Without a password shown before, nobody is named."""
    owed = pending(request)
    if request.method == "GET":
        return JsonResponse(webauthn.begin_authentication(owed[0] if owed else None))
    form = PasskeyForm(request.POST)
    if form.is_valid():
        try:
            webauthn.parse_authentication_response(form.cleaned_data["credential"])
            user = owed[0] if owed else webauthn.extract_user_from_response(form.cleaned_data["credential"])
            used = webauthn.complete_authentication(user, form.cleaned_data["credential"])
        except MALFORMED:
            pass
        else:
            if isinstance(user, User) and user.is_active:
                operations.note_passkey_used(used, at=now())
                how, then = (f"{owed[1]['how']}、通行密钥", owed[1]["then"]) if owed else ("通行密钥", wanted(request))
                return let_in(request, user, how=how, then=then)
    where = "accounts:second_step" if owed else "accounts:sign_in"
    return HttpResponseRedirect(f"{reverse(where)}?passkey=refused", status=303)
