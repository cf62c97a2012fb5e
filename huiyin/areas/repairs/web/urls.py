# /repairs/ · /repairs/{hints,faults,copies,talks,contacts}/ · /repairs/orders/ · /repairs/orders/<number>/<step>/ · /repairs/mine/ · /repairs/mine/<number>/<step>/
from django.urls import path

from huiyin.areas.repairs.web.views import arranging, board, follow, following, mine, orders, paper, printing

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
    path(f"{ORDER}follow/", follow.follow, name="follow"),
    path(f"{ORDER}copy-back/", follow.copy_back, name="copy_back"),
    path(f"{ORDER}copy-seen/", follow.copy_seen, name="copy_seen"),
    path(f"{ORDER}talk/", follow.talk, name="talk"),
    path(f"{ORDER}contact/", follow.contact, name="contact"),
    path("repairs/copies/", following.copies, name="copies"),
    path("repairs/talks/", following.talks, name="talks"),
    path("repairs/talks/export/", following.talks_export, name="talks_export"),
    path("repairs/talks/print/", following.print_talks, name="print_talks"),
    path("repairs/contacts/", following.contacts, name="contacts"),
    path("repairs/contacts/<int:change_id>/", follow.contact_decide, name="contact_decide"),
    path("repairs/hints/", arranging.hints, name="hints"),
    path("repairs/hints/write/", arranging.hint_write, name="hint_write"),
    path("repairs/hints/<int:hint_id>/withdraw/", arranging.hint_withdraw, name="hint_withdraw"),
    path("repairs/faults/", arranging.faults, name="faults"),
    path("repairs/faults/add/", arranging.fault_add, name="fault_add"),
    path("repairs/faults/import/", arranging.fault_import, name="fault_import"),
    path("repairs/faults/template/", arranging.fault_template, name="fault_template"),
    path("repairs/faults/<int:category_id>/retire/", arranging.fault_retire, name="fault_retire"),
    path("repairs/mine/", mine.mine, name="mine"),
    path(MINE, mine.job, name="job"),
    path(f"{MINE}accept/", mine.accept, name="accept"),
    path(f"{MINE}return/", mine.return_, name="return"),
    path(f"{MINE}arrive/", mine.arrive, name="arrive"),
    path(f"{MINE}hold/", mine.hold, name="hold"),
    path(f"{MINE}resume/", mine.resume, name="resume"),
    path(f"{MINE}finish/", mine.finish, name="finish"),
    path(f"{MINE}rework/", mine.rework, name="rework"),
    path(f"{MINE}sign/", mine.sign, name="sign"),
]
