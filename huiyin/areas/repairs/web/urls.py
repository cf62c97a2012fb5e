# /repairs/ · /repairs/tariff/ · /repairs/warranties/ · /repairs/orders/ · /repairs/orders/<number>/<step>/ · /repairs/mine/ · /repairs/mine/<number>/<step>/
from django.urls import path

from huiyin.areas.repairs.web.views import board, charging, materials, mine, orders, paper, printing, tariff

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
    path("repairs/tariff/", tariff.tariff, name="tariff"),
    path("repairs/tariff/template/", tariff.template, name="tariff_template"),
    path("repairs/tariff/import/", tariff.hand_in, name="tariff_import"),
    path("repairs/tariff/import/<int:sheet_id>/", tariff.report, name="tariff_report"),
    path("repairs/tariff/import/<int:sheet_id>/confirm/", tariff.take_in, name="tariff_take_in"),
    path("repairs/warranties/", tariff.warranties, name="warranties"),
    path(f"{ORDER}charge/", charging.charge, name="charge"),
    path(f"{ORDER}charge/check/", charging.check, name="check_terms"),
    path(f"{ORDER}charge/decide/", charging.decide, name="decide_charge"),
    path(f"{ORDER}charge/override/", charging.override, name="override_charge"),
    path(f"{ORDER}charge/quote/", charging.quote, name="quote"),
    path(f"{ORDER}charge/consent/", charging.consent, name="consent"),
    path(f"{ORDER}charge/code/", charging.code, name="tell_code"),
    path("repairs/mine/", mine.mine, name="mine"),
    path(MINE, mine.job, name="job"),
    path(f"{MINE}accept/", mine.accept, name="accept"),
    path(f"{MINE}return/", mine.return_, name="return"),
    path(f"{MINE}arrive/", mine.arrive, name="arrive"),
    path(f"{MINE}start/", mine.start, name="start"),
    path(f"{MINE}hold/", mine.hold, name="hold"),
    path(f"{MINE}resume/", mine.resume, name="resume"),
    path(f"{MINE}finish/", mine.finish, name="finish"),
    path(f"{MINE}rework/", mine.rework, name="rework"),
    path(f"{MINE}sign/", mine.sign, name="sign"),
    path(f"{MINE}materials/ask/", materials.ask_materials, name="ask_materials"),
    path(f"{MINE}materials/use/", materials.use_own_material, name="use_own_material"),
    path(f"{MINE}materials/<str:slip>/", materials.account_materials, name="account_materials"),
]
