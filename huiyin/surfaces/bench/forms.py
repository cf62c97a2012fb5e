"""Printing the work order in both copies, batch after batch: CPU a page against a page with one paragraph, and memory.

CPU is that of the process, all its threads together. The measured pages are the second half: the first half fills
what the compiler keeps. `growth_mb` is how much the process grew while the second half was printed.
"""

import os
import time
from typing import Any

import typst

from huiyin.areas.repairs.documents import WORK_ORDER
from huiyin.foundation.documents.compiling import HERE
from huiyin.foundation.documents.forms import Sheet
from huiyin.foundation.documents.rendering import BATCH, Printing, render

PAGES = 2_000
PLAIN_PAGES = 500
PRINTING = Printing("2026-11-25 10:00 测量打印", "https://wy.example.cn")


def run() -> dict[str, Any]:
    """Return CPU ms a page of the work order, of a plain page, and the growth of memory over the second half."""
    sheets = PAGES // len(WORK_ORDER.copies)
    half = sheets // 2
    _print(range(half))
    before = _resident_mb()
    ours = _print(range(half, sheets))
    growth = _resident_mb() - before
    plain = _plain(PLAIN_PAGES)
    return {
        "name": "forms.page",
        "ratio": round(ours / plain, 2),
        "ours": round(ours, 2),
        "baseline": round(plain, 2),
        "unit": "CPU ms/page",
        "pages": PAGES,
        "growth_mb": round(growth, 1),
        "resident_mb": round(before),
    }


def _print(numbers: range) -> float:
    """Print these sheets as a job does, a batch at a time; return CPU ms a page of the work order's copies."""
    began = time.process_time()
    for first in range(0, len(numbers), BATCH):
        render([_work_order(n) for n in numbers[first : first + BATCH]], PRINTING)
    return (time.process_time() - began) * 1000 / (len(numbers) * len(WORK_ORDER.copies))


def _work_order(n: int) -> Sheet:
    values = {
        "unit": f"{n % 20}-2-{n % 33:02}01",
        "caller": f"住户{n}",
        "phone": f"1390000{n % 10_000:04}",
        "opened": "2026-11-25 10:00",
        "location": "户内",
        "urgency": "一般",
        "category": "水电",
        "slot": "2026-11-25 14:00–16:00",
        "technician": f"师傅{n % 40}",
        "dispatched": "2026-11-25 10:10",
        "arrived": "2026-11-25 14:05",
        "finished": "2026-11-25 14:50",
        "text": f"第 {n} 件:厨房水管接头滴水,柜子底下已经积水,请尽快安排人来看一看",
        "work_done": f"更换角阀 {n % 3 + 1} 只,接头重新缠带,试水半小时不漏",
        "signature": "",
        "signed_elsewhere": "",
        "signed": "",
    }
    return Sheet(WORK_ORDER, "测量花园", f"XN-W261125-{n:05}-1", f"/cases/XN-W261125-{n:05}/", values)


def _plain(count: int) -> float:
    """Return CPU ms a page of as plain a document as there is: one paragraph, one page break."""
    compiler = typst.Compiler(font_paths=[HERE / "fonts"], ignore_system_fonts=True)
    began = time.process_time()
    for first in range(0, count, BATCH):
        said = (f"第 {n} 件:厨房水管接头滴水,请尽快安排人来看一看" for n in range(first, first + BATCH))
        text = '#set text(font: "Noto Sans SC")\n' + "\n#pagebreak()\n".join(said)
        compiler.compile(text.encode(), format="pdf")
    return (time.process_time() - began) * 1000 / count


def _resident_mb() -> float:
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1_048_576
