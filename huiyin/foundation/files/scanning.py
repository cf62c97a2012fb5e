"""Asking a virus scanner, where one is configured (HUIYIN_CLAMD=host:port), by clamd's INSTREAM."""

import socket
import struct
from contextlib import suppress

from huiyin.foundation.files.rules import FileRefused

_CHUNK = 64 * 1024
_PATIENCE = 10.0
_LONGEST_ANSWER = 4096


class Infected(FileRefused):
    """The scanner knows what is in it."""


class ScannerSilent(FileRefused):
    """The scanner did not answer, or not in its language: what nobody has looked at is not taken."""


def refuse_infected(data: bytes, scanner: str) -> None:
    """Refuse what the scanner at host:port finds something in, and everything while it does not answer."""
    try:
        said = _ask(data, scanner)
    except (OSError, ValueError):
        raise ScannerSilent("病毒检查没有应答,文件没有收下;请稍后再传,还不行请告诉管理员") from None
    if said.endswith(" FOUND"):
        name = said.removeprefix("stream: ").removesuffix(" FOUND")
        raise Infected(f"文件里查出病毒({name}),没有收下")
    if said != "stream: OK":
        raise ScannerSilent("病毒检查没有做完,文件没有收下;请稍后再传,还不行请告诉管理员")


def _ask(data: bytes, scanner: str) -> str:
    host, _, port = scanner.rpartition(":")
    with socket.create_connection((host.strip("[]"), int(port)), timeout=_PATIENCE) as line:
        # A scanner that has had enough answers and hangs up in the middle: its answer is read all the same.
        with suppress(BrokenPipeError, ConnectionResetError):
            line.sendall(b"zINSTREAM\0")
            for start in range(0, len(data), _CHUNK):
                chunk = data[start : start + _CHUNK]
                line.sendall(struct.pack(">I", len(chunk)) + chunk)
            line.sendall(struct.pack(">I", 0))
        answer = b""
        while not answer.endswith(b"\0") and len(answer) < _LONGEST_ANSWER and (more := line.recv(1024)):
            answer += more
    return answer.rstrip(b"\0").decode("utf-8", "replace")
