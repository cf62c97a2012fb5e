"""Printing signed work orders in both copies, run after run as the job does it: read, filled in, laid out, joined.

CPU is that of the process, all its threads together, against a page with one paragraph. The orders come round again only
after the compiler has forgotten them. The first thousand pages fill what it keeps: they are not timed, and `growth_mb` is
by how much the peak of the process is higher after the last page than after them.
"""

import resource
import time
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import typst
from django.utils.timezone import now

from huiyin.areas.repairs import operations as repairs
from huiyin.areas.repairs.documents import WORK_ORDER
from huiyin.areas.repairs.models import WorkOrder
from huiyin.foundation.accounts.models import User
from huiyin.foundation.documents.compiling import HERE
from huiyin.foundation.documents.rendering import BATCH, Printing, render
from huiyin.surfaces.bench.stage import Stage, set_stage, take_matters
from huiyin.surfaces.demo.pen import drawn_by

PAGES, PER_RUN, PLAIN_PAGES = 10_000, 1_000, 500
# The compiler forgets what it has not used for ten batches; a run takes all of them four times.
ORDERS = 125
TOLD = (1_000, 5_000, 10_000)
PRINTING = Printing("2026-11-25 10:00 测量打印", "https://wy.example.cn")


def run(pages: int = PAGES) -> dict[str, Any]:
    """Return CPU ms a page of the work order and of a plain page, and how large the process had been by then."""
    plain = _plain(PLAIN_PAGES)
    stage = set_stage(at=now().replace(microsecond=0) - timedelta(days=1))
    wanted = [_signed(stage, order).pk for order in _orders(stage)]
    reader = User.objects.get(username="centre_director")
    ids = (wanted * PER_RUN)[: PER_RUN // len(WORK_ORDER.copies)]
    spent, held = 0.0, {}
    for printed in range(PER_RUN, pages + 1, PER_RUN):
        began = time.process_time()
        _print(reader, ids)
        spent += time.process_time() - began if printed > PER_RUN else 0
        held[printed] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    ours = spent * 1000 / (pages - PER_RUN)
    told = ",".join(f"{printed} 页后 {held[printed]:.0f}" for printed in TOLD if printed in held)
    return {
        "name": "forms.page",
        "ratio": round(ours / plain, 2),
        "ours": round(ours, 2),
        "baseline": round(plain, 2),
        "unit": "CPU ms/page",
        "pages": pages,
        "growth_mb": round(held[pages] - held[PER_RUN], 1),
        "also": f",内存最高 MB:{told}",
    }


def _print(reader: User, ids: Sequence[int]) -> None:
    render(WORK_ORDER.fill(WORK_ORDER, WORK_ORDER.read(reader, ids)), PRINTING)


def _orders(stage: Stage) -> list[WorkOrder]:
    cases = [case.pk for case in take_matters(stage, ORDERS, kinds=("repair",))]
    return list(WorkOrder.objects.filter(case__in=cases).select_related("case__category", "technician").order_by("id"))


def _signed(stage: Stage, order: WorkOrder) -> WorkOrder:
    """Bring the order to its end, signed by a hand of its own."""
    lead, technician = (User.objects.get(username=name) for name in ("maintenance_lead", "technician"))
    at = [order.opened_at + timedelta(minutes=10 * step) for step in range(1, 6)]
    repairs.dispatch(order, technician=technician, actor=lead, at=at[0])
    repairs.accept(order, actor=technician, at=at[1])
    repairs.arrive(order, actor=technician, at=at[2])
    done = f"更换角阀 {order.pk % 3 + 1} 只,接头重新缠带,试水半小时不漏"
    repairs.finish(order, work_done=done, actor=technician, at=at[3])
    repairs.sign(order, drawing=drawn_by(order.pk), signer="住户", actor=technician, at=at[4])
    return order


def _plain(count: int) -> float:
    """Return CPU ms a page of as plain a document as there is: one paragraph, one page break."""
    compiler = typst.Compiler(font_paths=[HERE / "fonts"], ignore_system_fonts=True)
    began = time.process_time()
    for first in range(0, count, BATCH):
        said = (f"第 {n} 件:厨房水管接头滴水,请尽快安排人来看一看" for n in range(first, first + BATCH))
        text = '#set text(font: "Noto Sans SC")\n' + "\n#pagebreak()\n".join(said)
        compiler.compile(text.encode(), format="pdf")
    return (time.process_time() - began) * 1000 / count
