# /materials/ · /materials/items/<id>/ · /materials/requisitions/<number>/ · /materials/bag/ · /materials/counts/<number>/
# /materials/assets/<id>/<step>/ · /materials/plan/ · /materials/plans/<number>/ · /materials/import/<id>/
from django.urls import path

from huiyin.areas.materials.web.views import assets, bag, counting, importing, items, planning, requisitions, stock

app_name = "materials"
ITEM = "materials/items/<int:item_id>/"
SLIP = "materials/requisitions/<str:number>/"
COUNT = "materials/counts/<str:number>/"
ASSET = "materials/assets/<int:asset_id>/"
urlpatterns = [
    path("materials/", stock.stock, name="stock"),
    path("materials/export/", stock.export_stock, name="stock_export"),
    path("materials/stores/", stock.open_store, name="open_store"),
    path("materials/items/new/", items.set_up_item, name="set_up_item"),
    path(ITEM, items.item, name="item"),
    path(f"{ITEM}change/", items.change_item, name="change_item"),
    path(f"{ITEM}prices/", items.set_prices, name="set_prices"),
    path(f"{ITEM}receive/", items.receive, name="receive"),
    path(f"{ITEM}hand-out/", items.hand_out, name="hand_out"),
    path(f"{ITEM}transfer/", items.transfer, name="transfer"),
    path(f"{ITEM}write-off/", items.write_off, name="write_off"),
    path("materials/requisitions/", requisitions.requisitions, name="requisitions"),
    path(SLIP, requisitions.requisition, name="requisition"),
    path(f"{SLIP}issue/", requisitions.issue, name="issue"),
    path(f"{SLIP}account/", requisitions.account, name="account"),
    path(f"{SLIP}void/", requisitions.void, name="void"),
    path(f"{SLIP}print/", requisitions.print_requisition, name="print_requisition"),
    path("materials/bag/", bag.bag, name="bag"),
    path("materials/bag/ask/", bag.top_up, name="top_up"),
    path("materials/bag/put-back/", bag.put_back, name="put_back"),
    path("materials/counts/", counting.counts, name="counts"),
    path("materials/counts/begin/", counting.begin_count, name="begin_count"),
    path(COUNT, counting.count, name="count"),
    path(f"{COUNT}save/", counting.write_down, name="write_down"),
    path(f"{COUNT}post/", counting.post_count, name="post_count"),
    path(f"{COUNT}drop/", counting.drop_count, name="drop_count"),
    path("materials/plan/", planning.plan, name="plan"),
    path("materials/plan/make/", planning.make_plan, name="make_plan"),
    path("materials/plans/<str:number>/", planning.purchase_plan, name="purchase_plan"),
    path("materials/plans/<str:number>/print/", planning.print_plan, name="print_plan"),
    path("materials/import/", importing.hand_in, name="import"),
    path("materials/import/template/", importing.template, name="template"),
    path("materials/import/<int:sheet_id>/", importing.import_report, name="import_report"),
    path("materials/import/<int:sheet_id>/confirm/", importing.import_confirm, name="import_confirm"),
    path("materials/assets/", assets.assets, name="assets"),
    path("materials/assets/export/", assets.export_assets, name="assets_export"),
    path("materials/assets/print/", assets.print_assets, name="print_assets"),
    path("materials/assets/new/", assets.register_asset, name="register_asset"),
    path(ASSET, assets.asset, name="asset"),
    path(f"{ASSET}change/", assets.change_asset, name="change_asset"),
    path(f"{ASSET}hand-over/", assets.hand_over_asset, name="hand_over_asset"),
    path(f"{ASSET}check/", assets.check_asset, name="check_asset"),
    path(f"{ASSET}set-aside/", assets.set_aside_asset, name="set_aside_asset"),
    path(f"{ASSET}put-back/", assets.put_back_asset, name="put_back_asset"),
    path(f"{ASSET}repair/", assets.send_asset_to_repair, name="send_asset_to_repair"),
    path(f"{ASSET}scrap/", assets.scrap_asset, name="scrap_asset"),
    path(f"{ASSET}lose/", assets.lose_asset, name="lose_asset"),
    path(f"{ASSET}find/", assets.find_asset, name="find_asset"),
]
