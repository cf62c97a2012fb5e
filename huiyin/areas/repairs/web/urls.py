# /repairs/ · /repairs/dispatching/ · /repairs/rotate/ · /repairs/orders/ · /repairs/orders/<number>/<step>/ · /repairs/mine/ · /repairs/mine/<number>/<step>/
from django.urls import path

from huiyin.areas.repairs.web.views import board, dispatching, mine, orders, paper, passing, printing

app_name = "repairs"
ORDER = "repairs/orders/<str:number>/"
MINE = "repairs/mine/<str:number>/"
urlpatterns = [
    path("repairs/", board.board, name="board"),
    path("repairs/dispatching/", dispatching.dispatching, name="dispatching"),
    path("repairs/rotate/", dispatching.rotate_all, name="rotate_all"),
    path("repairs/orders/", orders.orders, name="orders"),
    path("repairs/orders/export/", orders.export_orders, name="orders_export"),
    path("repairs/orders/print/", printing.print_orders, name="print_orders"),
    path(f"{ORDER}print/", printing.print_order, name="print_order"),
    path(f"{ORDER}dispatch/", board.dispatch, name="dispatch"),
    path(f"{ORDER}plan/", dispatching.plan, name="plan"),
    path(f"{ORDER}offer/", dispatching.lay_open, name="lay_open"),
    path(f"{ORDER}rotate/", dispatching.rotate, name="rotate"),
    path(f"{ORDER}appoint/", board.appoint, name="appoint"),
    path(f"{ORDER}take-back/", board.take_back, name="take_back"),
    path(f"{ORDER}void/", board.void, name="void"),
    path(f"{ORDER}reopen/", board.reopen, name="reopen"),
    path(f"{ORDER}paper/", paper.paper, name="paper"),
    path("repairs/mine/", mine.mine, name="mine"),
    path(MINE, mine.job, name="job"),
    path(f"{MINE}accept/", mine.accept, name="accept"),
    path(f"{MINE}grab/", passing.grab, name="grab"),
    path(f"{MINE}pass-on/", mine.pass_on, name="pass_on"),
    path(f"{MINE}take-over/", passing.take_over, name="take_over"),
    path(f"{MINE}decline/", passing.decline, name="decline"),
    path(f"{MINE}keep/", passing.keep, name="keep"),
    path(f"{MINE}return/", mine.return_, name="return"),
    path(f"{MINE}arrive/", mine.arrive, name="arrive"),
    path(f"{MINE}hold/", mine.hold, name="hold"),
    path(f"{MINE}resume/", mine.resume, name="resume"),
    path(f"{MINE}finish/", mine.finish, name="finish"),
    path(f"{MINE}rework/", mine.rework, name="rework"),
    path(f"{MINE}sign/", mine.sign, name="sign"),
]
