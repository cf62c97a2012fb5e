"""What a person sees of the database this process is set to: `python -m tests.child_pages <user> <moment> <path> …`.

Answers with the pages as JSON, by path, at a clock that is stopped at the moment; forms' secrets are left out.
"""

import json
import re
import sys
from datetime import datetime

import django

django.setup()

from django.test import Client
from django.utils import timezone

from huiyin.foundation.accounts.models import User

SECRET = re.compile(r'(X-CSRFToken": "|csrfmiddlewaretoken" value=")\w+|value="[0-9a-f]{32}"|nonce="[^"]+"')


def main(username: str, moment: str, *paths: str) -> None:
    at = datetime.fromisoformat(moment)

    class Moment(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:
            return at.astimezone(tz)

    timezone.datetime = Moment
    browser = Client(SERVER_NAME="localhost")
    browser.force_login(User.objects.get(username=username))
    seen = {}
    for path in paths:
        answer = browser.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        seen[path] = SECRET.sub("", answer.content.decode())
    print(json.dumps(seen))


if __name__ == "__main__":
    main(*sys.argv[1:])
