"""Signing in and what protects it: guesses, links, second factors, powers, sessions."""

from huiyin.foundation.signing_in.operations.entering import (
    NotLetIn,
    change_password,
    check_code,
    check_password,
    confirm,
    note_signed_in,
    note_signed_out,
)
from huiyin.foundation.signing_in.operations.factors import (
    FactorRefused,
    add_passkey,
    add_totp,
    note_passkey_used,
    remove_factor,
    remove_factors,
    renew_recovery_codes,
)
from huiyin.foundation.signing_in.operations.guesses import LockedOut, forget_old, unlock, unlock_address
from huiyin.foundation.signing_in.operations.links import (
    LinkRefused,
    check_link,
    make_link,
    revoke_link,
    revoke_links,
    use_link,
)
from huiyin.foundation.signing_in.operations.powers import lower_powers, raise_powers
from huiyin.foundation.signing_in.operations.sessions import cut_off

__all__ = [
    "FactorRefused",
    "LinkRefused",
    "LockedOut",
    "NotLetIn",
    "add_passkey",
    "add_totp",
    "change_password",
    "check_code",
    "check_link",
    "check_password",
    "confirm",
    "cut_off",
    "forget_old",
    "lower_powers",
    "make_link",
    "note_passkey_used",
    "note_signed_in",
    "note_signed_out",
    "raise_powers",
    "remove_factor",
    "remove_factors",
    "renew_recovery_codes",
    "revoke_link",
    "revoke_links",
    "unlock",
    "unlock_address",
    "use_link",
]
