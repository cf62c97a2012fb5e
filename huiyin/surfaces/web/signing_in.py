"""Signing in and out, and changing one's own password."""

from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from huiyin.foundation.accounts import operations as accounts
from huiyin.foundation.accounts.permissions import signed_in
from huiyin.foundation.kit.replies import done, page
from huiyin.surfaces.web.signing_in_forms import PasswordForm, SignInForm


class SignIn(LoginView):
    template_name = "kit/signin.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True


class SignOut(LogoutView):
    next_page = "accounts:sign_in"


@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Change one's own password; other devices are signed out, this one stays."""
    user = signed_in(request)
    form = PasswordForm(user, request.POST or None)
    if form.is_valid():
        accounts.set_password(user, password=form.cleaned_data["new_password1"])
        update_session_auth_hash(request, user)
        return done(request, "/", "密码已修改,下次登录请用新密码")
    return page(request, "web/password.html", form=form)
