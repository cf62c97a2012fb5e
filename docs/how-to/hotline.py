"""一个外部热线系统的样子:把一通电话登记到回音,再跟到办结。只用 Python 标准库。

An external hotline: it registers a call in Huiyin and follows it until it is closed, by webhook, and by asking now and then
in case one was missed. `python hotline.py --help` says what it needs.
"""

import argparse
import hashlib
import hmac
import json
import queue
import sys
import threading
import time
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

TOO_OLD = 300  # seconds; an older signature may be a copy sent again
OVER = ("closed", "merged", "voided")


class Huiyin:
    """The API, by one token."""

    def __init__(self, url: str, token: str) -> None:
        self.url = url.rstrip("/") + "/api/v1"
        self.token = token

    def get(self, path: str) -> Any:
        return self._ask(Request(self.url + path))

    def post(self, path: str, said: dict[str, Any]) -> Any:
        """Send a command until it is answered. Every sending carries the same key, so it is carried out once."""
        key = str(uuid.uuid4())
        for wait in (0, 1, 5, 15, 60):
            time.sleep(wait)
            request = Request(self.url + path, json.dumps(said).encode(), method="POST")
            request.add_header("Content-Type", "application/json")
            request.add_header("Idempotency-Key", key)
            try:
                return self._ask(request)
            except HTTPError as error:
                if error.code not in (429, 500, 502, 503, 504) and "Retry-After" not in error.headers:
                    raise
            except (URLError, TimeoutError, ConnectionError):
                continue
        raise SystemExit("回音没有应答,请稍后再试")

    def _ask(self, request: Request) -> Any:
        request.add_header("Authorization", f"Bearer {self.token}")
        with urlopen(request, timeout=20) as answer:
            return json.load(answer)


def is_genuine(header: str, body: bytes, secret: str) -> bool:
    """Tell whether the webhook is from Huiyin and new: HMAC-SHA256 over "<t>.<body>", compared in constant time."""
    parts = dict(part.partition("=")[::2] for part in header.split(","))
    if not parts.get("t", "").isdecimal() or abs(time.time() - int(parts["t"])) > TOO_OLD:
        return False
    expected = hmac.new(secret.encode(), parts["t"].encode() + b"." + body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected, parts.get("v1", ""))


def listen(port: int, secret: str, news: "queue.Queue[dict[str, Any]]") -> ThreadingHTTPServer:
    """Take webhooks in. Each is answered at once and worked on later; what was seen before is not news."""
    seen: set[int] = set()

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            genuine = is_genuine(self.headers.get("Huiyin-Signature", ""), body, secret)
            self.send_response(204 if genuine else 401)
            self.end_headers()
            if genuine:
                told = json.loads(body)
                if told["id"] not in seen:
                    seen.add(told["id"])
                    news.put(told)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Hook)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def main() -> int:
    parser = argparse.ArgumentParser(description="把一通电话登记到回音,跟到办结")
    for name, about in (
        ("--url", "回音的地址,如 https://huiyin.example.com"),
        ("--token", "令牌 hyt_…,要有「登记来电来访」「看事项」两项权限"),
        ("--secret", "推送的签名密钥 whs_…"),
        ("--estate", "小区代码"),
        ("--name", "来电人"),
        ("--phone", "电话"),
        ("--unit", "房号,如 3-2-1501"),
        ("--text", "说了什么"),
    ):
        parser.add_argument(name, required=True, help=about)
    parser.add_argument("--kind", default="enquiry", help="enquiry complaint repair suggestion …")
    parser.add_argument("--listen", type=int, required=True, help="在哪个端口收推送")
    parser.add_argument("--poll", type=float, default=60, help="没有推送时,隔几秒问一次")
    said = parser.parse_args()

    news: queue.Queue[dict[str, Any]] = queue.Queue()
    server = listen(said.listen, said.secret, news)
    huiyin = Huiyin(said.url, said.token)
    call = {
        "estate": said.estate,
        "channel": "call",
        "text": said.text,
        "caller": {"name": said.name, "phone": said.phone, "unit": said.unit},
        "matter": {"kind": said.kind},
    }
    try:
        done = huiyin.post("/contacts", call)
    except HTTPError as error:
        print("没有登记:", json.load(error)["error"]["message"], file=sys.stderr)
        return 1
    number, thread = done["case"], done["thread"]
    print(f"已登记 {number},请告诉来电人", flush=True)

    while True:
        try:
            told = news.get(timeout=said.poll)
        except queue.Empty:
            told = None  # perhaps one was missed: ask
        if told and told["thread"] != thread:
            continue
        case = huiyin.get(f"/cases/{number}")
        if told:
            print(f"推送 {told['kind']}", flush=True)
        if case["status"] in OVER:
            print(f"{number} 已结束:{case['answer']}", flush=True)
            server.shutdown()
            return 0


if __name__ == "__main__":
    sys.exit(main())
