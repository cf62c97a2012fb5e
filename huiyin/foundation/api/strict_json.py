"""JSON is read strictly: no NaN, no half characters that a database could not keep."""

from typing import cast

import orjson
from django.http import HttpRequest
from ninja.parser import Parser
from ninja.types import DictStrAny


class StrictJson(Parser):
    """Read by orjson; what is not JSON is answered with 400 by the caller."""

    def parse_body(self, request: HttpRequest) -> DictStrAny:
        return cast(DictStrAny, orjson.loads(request.body))
