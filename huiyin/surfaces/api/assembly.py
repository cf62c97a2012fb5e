"""The API put together: every area's routes under /api/v1, one error shape, the schema, and a page that lists them."""

import json
from collections.abc import Callable
from functools import wraps
from http.client import responses
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import URLPattern, URLResolver, path, re_path
from ninja import NinjaAPI
from ninja.types import DictStrAny
from pydantic import TypeAdapter

from huiyin.areas.cases.api import routes as cases
from huiyin.areas.complaints.api import routes as complaints
from huiyin.areas.estate.api import routes as estate
from huiyin.areas.fees.api import cash as fee_cash
from huiyin.areas.fees.api import charges as fee_charges
from huiyin.areas.fees.api import codes as fee_codes
from huiyin.areas.fees.api import receipts as fee_receipts
from huiyin.areas.fees.api import slips as fee_slips
from huiyin.areas.fees.api import waivers as fee_waivers
from huiyin.areas.figures.api import routes as figures
from huiyin.areas.materials.api import assets as material_assets
from huiyin.areas.materials.api import records as material_records
from huiyin.areas.materials.api import slips as material_slips
from huiyin.areas.materials.api import stock as material_stock
from huiyin.areas.past_cases.api import routes as past_cases
from huiyin.areas.repairs.api import materials as repair_materials
from huiyin.areas.repairs.api.arranging import routes as arranging
from huiyin.areas.repairs.api.dispatching import routes as dispatching
from huiyin.areas.repairs.api.follow import routes as repairs_follow
from huiyin.areas.repairs.api.orders import routes as repairs
from huiyin.areas.repairs.api.quotes import routes as repair_charges
from huiyin.areas.return_visits.api import routes as return_visits
from huiyin.areas.service_desk.api.contacts import routes as service_desk
from huiyin.areas.service_desk.api.incidents import routes as incidents
from huiyin.areas.staffing.api import routes as staffing
from huiyin.areas.upkeep.api.equipment import routes as upkeep
from huiyin.areas.upkeep.api.plans import routes as upkeep_plans
from huiyin.areas.upkeep.api.projects import routes as projects
from huiyin.foundation.api.errors import ErrorAnswer, answer_to, wrong
from huiyin.foundation.api.routes import ACT_ERRORS, READ_ERRORS
from huiyin.foundation.api.strict_json import StrictJson
from huiyin.surfaces.api import drafts, overview, promises, standards

PREFIX = "/api/v1"
SCHEMA = Path(__file__).parent / "openapi.json"
ABOUT = """\
回音的接口。每个请求带 `Authorization: Bearer <令牌>`;令牌在「接口」页建立,权限不超过所属人员现有的权限。
每个命令(POST)带 `Idempotency-Key`:同一个键、同样的内容,得到同一个答复;被拒绝的命令没有留下任何东西,可以用同一个键再发。
列表用 `cursor` 翻页。所有错误都是同一个形状。时间用 RFC 3339(带时区),编号和代码与页面上相同。"""


class OneShape(NinjaAPI):
    """Ninja's, which has a shape of its own for each kind of error."""

    def on_exception(self, request: HttpRequest, exc: Exception) -> HttpResponse:
        return answer_to(exc)


api = OneShape(
    title="回音 API",
    version="1",
    description=ABOUT,
    urls_namespace="api",
    docs_url=None,
    openapi_url=None,
    parser=StrictJson(),
)
for one in (
    overview.routes,
    estate,
    staffing,
    service_desk,
    incidents,
    cases,
    complaints,
    repairs,
    fee_charges.routes,
    fee_codes.routes,
    fee_receipts.routes,
    fee_cash.routes,
    fee_waivers.routes,
    fee_slips.routes,
    repair_charges,
    repair_materials.routes,
    material_stock.routes,
    material_assets.routes,
    material_slips.routes,
    material_records.routes,
    dispatching,
    repairs_follow,
    arranging,
    past_cases,
    upkeep,
    upkeep_plans,
    projects,
    return_visits,
    figures,
    promises.routes,
    standards.routes,
    drafts.routes,
):
    api.add_router("", one.router)


def schema() -> DictStrAny:
    """Return the OpenAPI document. In an address nothing can be null: what is not asked for is left out."""
    said: DictStrAny = json.loads(json.dumps(api.get_openapi_schema(path_prefix=f"{PREFIX}/"), default=str))
    for path_ in said["paths"].values():
        for operation in path_.values():
            for parameter in operation["parameters"]:
                parameter["schema"] = _without_null(parameter["schema"])
    shape = TypeAdapter(ErrorAnswer).json_schema(ref_template="#/components/schemas/{model}", mode="serialization")
    said["components"]["schemas"] |= shape.pop("$defs") | {"ErrorAnswer": shape}
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/ErrorAnswer"}}}
    said["components"]["responses"] = {
        f"Error{status}": {"description": responses[status], "content": content}
        for status in {*READ_ERRORS, *ACT_ERRORS}
    }
    return said


def _without_null(schema: DictStrAny) -> DictStrAny:
    kept = [one for one in schema.get("anyOf", ()) if one.get("type") != "null"]
    if not kept:
        return schema
    return kept[0] if len(kept) == 1 else {"anyOf": kept}


def schema_text() -> str:
    """Return the document as it is committed."""
    return json.dumps(schema(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _doorway(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Stand before each address: no session is asked for, nothing too large comes in, every error has one shape."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        length = request.headers.get("Content-Length", "0")
        if length.isdecimal() and int(length) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            return wrong(413)
        answered = view(request, *args, **kwargs)
        if isinstance(answered, HttpResponseNotAllowed):
            said = wrong(405)
            said["Allow"] = answered["Allow"]
            return said
        return answered

    guarded.login_required = False  # type: ignore[attr-defined]  # read by the middleware that asks for a session
    guarded.csrf_exempt = True  # type: ignore[attr-defined]  # no session, so nothing to forge
    return guarded


def _guarded(found: list[URLPattern | URLResolver]) -> list[URLPattern]:
    return [
        URLPattern(one.pattern, _doorway(one.callback), one.default_args, one.name)
        for one in found
        if isinstance(one, URLPattern) and one.name != "api-root"
    ]


def _nothing_here(request: HttpRequest) -> HttpResponse:
    return wrong(404)


def _schema_view(request: HttpRequest) -> HttpResponse:
    if request.method != "GET":
        said = wrong(405)
        said["Allow"] = "GET"
        return said
    return HttpResponse(SCHEMA.read_bytes(), content_type="application/json")


app_name = "api"
urlpatterns = [
    *_guarded(list(api.urls[0])),
    path("openapi.json", _doorway(_schema_view), name="schema"),
    re_path(r"^.*$", _doorway(_nothing_here), name="nothing_here"),
]
