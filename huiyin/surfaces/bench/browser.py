"""One person's browser, for measuring the server and for its trials: a connection, cookies, the forms a desk sends most."""

import http.client
import re
from urllib.parse import urlencode
from uuid import uuid4


class NoAnswer(RuntimeError):
    """The server said something else than the page or the way that was expected."""


class Browser:
    """One signed-in person with one connection."""

    def __init__(self, port: int, *, host: str = "127.0.0.1", timeout: float = 60) -> None:
        self.connection = http.client.HTTPConnection(host, port, timeout=timeout)
        self.cookies: dict[str, str] = {}

    def move(self, host: str, port: int) -> None:
        """Go to another door, with the same cookies."""
        self.connection.close()
        self.connection = http.client.HTTPConnection(host, port, timeout=self.connection.timeout)

    def sign_in(self, name: str, password: str) -> None:
        self.get("/sign-in/")
        self.post("/sign-in/", {"username": name, "password": password})
        self.get("/")

    def register(self, unit: int) -> None:
        """Send the desk's form, as the browser would: with a fresh key, and without the sentence it has shown."""
        self.cookies.pop("messages", None)
        self.post(
            "/desk/",
            {
                "idempotency_key": str(uuid4()),
                "unit": str(unit),
                "caller_name": "王女士",
                "caller_phone": "13900000000",
                "channel": "call",
                "kind": "repair",
                "urgency": "normal",
                "location_kind": "in_unit",
                "text": "厨房水管接头滴水,请尽快安排人来看一看",
            },
        )

    def reply(self, number: str) -> None:
        """Record what the caller of an open matter was told."""
        self.post(f"/cases/{number}/progress/", {"idempotency_key": str(uuid4()), "text": "已告知师傅明天上午到"})

    def get(self, address: str) -> None:
        self._ask("GET", address, None, (200,))

    def post(self, address: str, values: dict[str, str]) -> str:
        """Send a form and return where its answer leads; whatever leads nowhere is no answer to a form."""
        token = self.cookies.get("csrftoken", "")
        return self._ask("POST", address, urlencode({**values, "csrfmiddlewaretoken": token}), (302, 303))

    def _ask(self, method: str, address: str, body: str | None, expected: tuple[int, ...]) -> str:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded"}
        self.connection.request(method, address, body, headers)
        response = self.connection.getresponse()
        text = response.read()
        if response.status not in expected:
            said = re.sub(r"<[^>]+>|\s+", " ", text.decode(errors="replace"))[:300]
            raise NoAnswer(f"{method} {address}: {response.status} {said}")
        for name, value in response.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        return response.getheader("Location", "")
