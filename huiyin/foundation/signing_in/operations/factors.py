"""Second factors, kept as allauth keeps them: the app's code, passkeys, recovery codes."""

from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from allauth.mfa.webauthn.internal.auth import WebAuthn

from huiyin.foundation.accounts.models import User
from huiyin.foundation.refusals import Refused
from huiyin.foundation.signing_in import events, queries, rules
from huiyin.foundation.signing_in.operations.lines import tell
from huiyin.foundation.signing_in.words import FACTORS
from huiyin.foundation.transactions import command


class FactorRefused(Refused):
    """The second factor cannot be like that."""


@command
def add_totp(user: User, *, secret: str, code: str, at: datetime) -> list[str]:
    """Switch the app's codes on for oneself; return the recovery codes when these are the first. Refused when the typed
    code does not come from this secret, or when they are on.
    """
    if queries.factors_of(user).totp:
        raise FactorRefused("动态码已经开启了")
    counter = rules.counter_of(code, last=-1, at=at, code_at=lambda n: format_hotp_value(hotp_value(secret, n)))
    if counter is None:
        raise FactorRefused("这个码不对,请看清手机上现在显示的 6 位数字;手机的时间也要准。")
    made = TOTP.activate(user, secret).instance
    made.data["last"] = counter
    made.save(update_fields=["data"])
    return _told_added(user, made, at)


@command
def add_passkey(user: User, *, name: str, credential: dict[str, Any], at: datetime) -> list[str]:
    """Keep a passkey whose registration has been verified; return the recovery codes when it is the first factor."""
    return _told_added(user, WebAuthn.add(user, name.strip()[:40] or "通行密钥", credential).instance, at)


@command
def renew_recovery_codes(user: User, *, at: datetime) -> list[str]:
    """Replace the recovery codes by new ones and return these. Refused without a second factor."""
    if not queries.factors_of(user):
        raise FactorRefused("请先开启动态码或通行密钥")
    Authenticator.objects.filter(user=user, type=queries.CODES).delete()
    tell(events.CODES_RENEWED, user, actor=user, at=at)
    return list(RecoveryCodes.activate(user).generate_codes())


@command
def remove_factor(user: User, factor_id: int, *, actor: User, at: datetime) -> str:
    """Switch one second factor off and return its name; with the last one the recovery codes go. Refused when it is gone."""
    found = Authenticator.objects.filter(user=user, pk=factor_id).exclude(type=queries.CODES).first()
    if found is None:
        raise FactorRefused("它已经不在了")
    said = _name(found)
    found.delete()
    if not queries.factors_of(user):
        Authenticator.objects.filter(user=user).delete()
    tell(events.FACTOR_REMOVED, user, actor=actor, at=at, factor=said, person=user.name)
    return said


@command
def remove_factors(user: User, *, actor: User, at: datetime) -> None:
    """Switch all second factors of somebody off who has lost them. Refused when there are none."""
    if not queries.factors_of(user):
        raise FactorRefused(f"{user.name}没有开启第二步验证")
    Authenticator.objects.filter(user=user).delete()
    tell(events.FACTOR_REMOVED, user, actor=actor, at=at, factor="第二步验证", person=user.name)


@command
def use_code(user: User, code: str, *, at: datetime) -> str:
    """Use up a code and say which it was; nothing when it is none of the user's, or used."""
    found = {one.type: one for one in Authenticator.objects.select_for_update().filter(user=user)}
    totp, codes = found.get(queries.TOTP), found.get(queries.CODES)
    if totp and _use_totp(totp, code, at):
        return FACTORS["totp"]
    if codes and RecoveryCodes(codes).validate_code(code):
        return FACTORS["recovery_codes"]
    return ""


@command
def note_passkey_used(passkey: Authenticator, *, at: datetime) -> None:
    """Record when a passkey was used last."""
    passkey.last_used_at = at
    passkey.save(update_fields=["last_used_at"])


def _use_totp(totp: Authenticator, code: str, at: datetime) -> bool:
    """Use the code of a moment once: the counter is kept, allauth's own memory of used codes lives in one process."""
    secret = decrypt(totp.data["secret"])
    counter = rules.counter_of(
        code, last=totp.data.get("last", -1), at=at, code_at=lambda n: format_hotp_value(hotp_value(secret, n))
    )
    if counter is None:
        return False
    totp.data["last"], totp.last_used_at = counter, at
    totp.save(update_fields=["data", "last_used_at"])
    return True


def _told_added(user: User, made: Authenticator, at: datetime) -> list[str]:
    tell(events.FACTOR_ADDED, user, actor=user, at=at, factor=_name(made))
    if queries.factors_of(user).codes:
        return []
    return list(RecoveryCodes.activate(user).generate_codes())


def _name(factor: Authenticator) -> str:
    word = FACTORS[factor.type]
    return f"{word}「{factor.wrap().name}」" if factor.type == queries.PASSKEY else word
