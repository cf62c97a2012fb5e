# /fees/ · /fees/charges/<number>/<step>/ · /fees/codes/<reference>/<step>/ · /fees/receipts/<number>/<step>/
# /fees/mine/ · /fees/handovers/<number>/<step>/ · /fees/waivers/<id>/<step>/ · /fees/slips/<number>/<step>/
from django.urls import path

from huiyin.areas.fees.web.views import cash, charges, codes, gateway, printing, receipts, slips, taking, waivers

app_name = "fees"
CHARGE = "fees/charges/<str:number>/"
CODE = "fees/codes/<str:reference>/"
RECEIPT = "fees/receipts/<str:number>/"
HANDOVER = "fees/handovers/<str:number>/"
WAIVER = "fees/waivers/<int:waiver_id>/"
SLIP = "fees/slips/<str:number>/"
urlpatterns = [
    path("fees/", charges.charges, name="charges"),
    path("fees/export/", charges.export_charges, name="charges_export"),
    path(CHARGE, charges.charge, name="charge"),
    path(f"{CHARGE}pay/", taking.pay, name="pay"),
    path(f"{CHARGE}code/", codes.make, name="code_make"),
    path(f"{CHARGE}withdraw/", charges.withdraw, name="withdraw"),
    path(f"{CHARGE}settlement/", charges.settlement, name="settlement"),
    path(f"{CHARGE}waiver/", waivers.ask, name="waiver_ask"),
    path(CODE, codes.code, name="code"),
    path(f"{CODE}cancel/", codes.cancel, name="code_cancel"),
    path(f"{CODE}rehearse/", codes.rehearse, name="code_rehearse"),
    path(f"{CODE}pay-back/", codes.pay_back, name="code_pay_back"),
    path("fees/gateway/", gateway.notice, name="gateway"),
    path("fees/receipts/", receipts.receipts, name="receipts"),
    path("fees/receipts/export/", receipts.export_receipts, name="receipts_export"),
    path("fees/receipts/print/", printing.print_receipts, name="print_receipts"),
    path(f"{RECEIPT}print/", printing.print_receipt, name="print_receipt"),
    path(f"{RECEIPT}void/", receipts.void, name="void"),
    path(f"{RECEIPT}refund/", receipts.refund, name="refund"),
    path(f"{RECEIPT}invoice/", receipts.invoice, name="invoice"),
    path("fees/mine/", taking.mine, name="mine"),
    path("fees/mine/hand-over/", cash.hand_over, name="hand_over"),
    path("fees/handovers/", cash.handovers, name="handovers"),
    path(f"{HANDOVER}receive/", cash.receive, name="receive"),
    path(f"{HANDOVER}send-back/", cash.send_back, name="send_back"),
    path("fees/waivers/", waivers.waivers, name="waivers"),
    path(f"{WAIVER}approve/", waivers.approve, name="approve"),
    path(f"{WAIVER}refuse/", waivers.refuse, name="refuse"),
    path(f"{WAIVER}take-back/", waivers.take_back, name="take_back"),
    path("fees/slips/", slips.slips, name="slips"),
    path("fees/slips/make/", slips.make, name="slips_make"),
    path("fees/slips/print/", printing.print_slips, name="print_slips"),
    path(SLIP, slips.slip, name="slip"),
    path(f"{SLIP}sign/", slips.sign, name="slip_sign"),
    path(f"{SLIP}void/", slips.void, name="slip_void"),
    path(f"{SLIP}pay/", slips.pay, name="slip_pay"),
    path(f"{SLIP}print/", printing.print_slip, name="print_slip"),
]
