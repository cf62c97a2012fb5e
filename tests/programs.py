"""A program that talks to the API in tests: it has a token, sends commands with keys, and reads JSON."""

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.http import HttpResponse
from django.test import Client

from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.queries import access_of
from huiyin.foundation.tokens import operations as tokens
from huiyin.foundation.tokens.models import Token


def lend(
    user: User, *, estates: list[int], rights: list[str] | None = None, at: datetime, days: int = 1
) -> tuple[Token, str]:
    """A token of the day with all the rights of the person in these estates, or with these of them."""
    held = {right for place in access_of(user).rights.values() for right in place}
    return tokens.make_token(
        "测试",
        owner=user,
        rights=sorted(held if rights is None else rights),
        estates=estates,
        expires_at=at + timedelta(days=days),
        actor=user,
        at=at,
    )


class Program:
    """Sends requests with a token."""

    def __init__(self, secret: str) -> None:
        self.client = Client(raise_request_exception=False)
        self.headers = {"Authorization": f"Bearer {secret}"}

    def get(self, path: str, **asked: Any) -> HttpResponse:
        return self.client.get(f"/api/v1{path}", asked, headers=self.headers)

    def post(self, path: str, said: Any = None, *, key: str | None = None) -> HttpResponse:
        key = uuid4().hex if key is None else key
        headers = {**self.headers, **({"Idempotency-Key": key} if key else {})}
        body = "" if said is None else json.dumps(said)
        return self.client.post(f"/api/v1{path}", body, "application/json", headers=headers)
