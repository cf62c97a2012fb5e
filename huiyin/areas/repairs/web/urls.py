# /repairs/ · /repairs/orders/ · /repairs/orders/<number>/<step>/ · /repairs/mine/ · /repairs/mine/<number>/<step>/
from django.urls import path

from huiyin.areas.repairs.web.views import board, mine, orders, paper, phone, printing

app_name = "repairs"
ORDER = "repairs/orders/<str:number>/"
MINE = "repairs/mine/<str:number>/"
urlpatterns = [
    path("repairs/", board.board, name="board"),
    path("repairs/orders/", orders.orders, name="orders"),
    path("repairs/orders/export/", orders.export_orders, name="orders_export"),
    path("repairs/orders/print/", printing.print_orders, name="print_orders"),
    path(f"{ORDER}print/", printing.print_order, name="print_order"),
    path(f"{ORDER}dispatch/", board.dispatch, name="dispatch"),
    path(f"{ORDER}appoint/", board.appoint, name="appoint"),
    path(f"{ORDER}take-back/", board.take_back, name="take_back"),
    path(f"{ORDER}void/", board.void, name="void"),
    path(f"{ORDER}reopen/", board.reopen, name="reopen"),
    path(f"{ORDER}paper/", paper.paper, name="paper"),
    path("repairs/mine/", mine.mine, name="mine"),
    path("repairs/mine/worker.js", phone.worker, name="worker"),
    path("repairs/mine/signal/", phone.signal, name="signal"),
    path("repairs/mine/unsent/", phone.unsent, name="unsent"),
    path(f"{MINE}unsent/", phone.keep_unsent, name="keep_unsent"),
    path(MINE, mine.job, name="job"),
    path(f"{MINE}accept/", mine.accept, name="accept"),
    path(f"{MINE}return/", mine.return_, name="return"),
    path(f"{MINE}arrive/", mine.arrive, name="arrive"),
    path(f"{MINE}not-let-in/", mine.not_let_in, name="not_let_in"),
    path(f"{MINE}photos/", mine.photos, name="photos"),
    path(f"{MINE}hold/", mine.hold, name="hold"),
    path(f"{MINE}resume/", mine.resume, name="resume"),
    path(f"{MINE}finish/", mine.finish, name="finish"),
    path(f"{MINE}rework/", mine.rework, name="rework"),
    path(f"{MINE}sign/", mine.sign, name="sign"),
]
