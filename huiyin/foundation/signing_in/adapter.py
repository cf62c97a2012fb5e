"""What allauth's second factors ask of the house: how people are named, and a key outside the database for the secrets."""

from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

from huiyin.foundation.refusals import Refused


class KeyLost(Refused):
    """What was locked with another key of the installation cannot be opened."""


class Adapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth carries no types
    def get_totp_label(self, user: Any) -> str:
        return str(user.username)

    def get_public_key_credential_user_entity(self, user: Any) -> dict[str, Any]:
        told: dict[str, Any] = super().get_public_key_credential_user_entity(user)
        return {**told, "name": user.username, "display_name": user.name}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": "回音"}

    def _get_user_identifier(self, user: Any) -> str:
        return str(user.username)

    def encrypt(self, text: str) -> str:
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return _box().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            raise KeyLost("本系统的密钥换过了,您的第二步读不出来:请管理员先关掉它,您再重新开启。") from None


def _box() -> MultiFernet:
    """Lock with the key of the installation; what an earlier one has locked opens as long as it is among the fallbacks."""
    return MultiFernet([_key(one) for one in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _key(secret: str | bytes) -> Fernet:
    said = secret.encode() if isinstance(secret, str) else secret
    return Fernet(urlsafe_b64encode(sha256(b"huiyin.signing_in:" + said).digest()))
