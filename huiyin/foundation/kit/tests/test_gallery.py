"""Every component draws, in every state, and says no to arguments it does not know."""

import re
from collections.abc import Callable
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path
from zoneinfo import ZoneInfo

import jinja2
import pytest
from django.http import HttpRequest
from django.template import engines

from huiyin.foundation.kit import replies
from huiyin.foundation.kit.icons import DRAWINGS
from huiyin.foundation.kit.parts import PARTS
from huiyin.foundation.kit.tests import specimens

NOW = datetime(2026, 11, 25, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
TEMPLATES = Path(__file__).parents[1] / "templates" / "kit"
FAMILIES = ["layout", "status", "forms", "table", "timeline", "number", "modal", "phone"]
MACRO = re.compile(r"{% macro (\w+)\((.*?)\) %}")

pytestmark = pytest.mark.usefixtures("pages")
Requests = Callable[..., HttpRequest]


class Shape(HTMLParser):
    """Reads a page and notes what must not be in it, and whether its tags close."""

    VOID = {"meta", "link", "img", "input", "br", "hr", "path", "circle", "rect"}

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        if "style" in names or any(name.startswith("on") for name in names):
            self.wrong.append(f"{tag} {attrs}")
        if tag == "script" and not names.get("src"):
            self.wrong.append("inline script")
        if names.get("id"):
            self.ids.append(str(names["id"]))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.VOID:
            return
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"unbalanced </{tag}>")


def drawn(request: HttpRequest) -> str:
    return replies.page(request, "kit/_gallery.html", **specimens.gallery(NOW)).content.decode()


def test_the_gallery_draws_without_inline_style_or_script_and_with_balanced_tags(request_for: Requests) -> None:
    shape = Shape()
    shape.feed(drawn(request_for()))

    assert (shape.wrong, shape.open) == ([], [])


def test_the_gallery_shows_every_macro() -> None:
    gallery = (TEMPLATES / "_gallery.html").read_text()
    inner = {"error_line", "label_line", "help_line", "line", "panel_host", "keys_host", "trail"}
    for family in FAMILIES:
        for name, _ in MACRO.findall((TEMPLATES / f"{family}.html").read_text()):
            assert name in inner or re.search(rf"\b{name}\(", gallery), f"{family}.{name}"
    for name in PARTS.keys() - {"kept"}:
        assert re.search(rf"\b{name}\(", gallery), name


@pytest.mark.parametrize("family", FAMILIES)
def test_a_misspelt_argument_fails(family: str) -> None:
    module = engines["jinja2"].env.get_template(f"kit/{family}.html").module
    for name, _ in MACRO.findall((TEMPLATES / f"{family}.html").read_text()):
        with pytest.raises(TypeError, match="keyword argument"):
            getattr(module, name)(mispelt_argument=1)


@pytest.mark.parametrize("name", sorted(PARTS.keys() - {"kept"}))
def test_a_misspelt_argument_of_a_part_fails(name: str) -> None:
    with pytest.raises(TypeError, match="keyword argument"):
        PARTS[name](mispelt_argument=1)


def test_a_misspelt_name_fails() -> None:
    with pytest.raises(jinja2.UndefinedError):
        engines["jinja2"].env.from_string("{{ misspelt }}").render()


def test_an_unknown_icon_fails() -> None:
    with pytest.raises(KeyError):
        engines["jinja2"].env.from_string("{{ icon('no-such-icon') }}").render()


def test_every_icon_named_in_the_kit_is_there() -> None:
    for page in TEMPLATES.glob("*.html"):
        for name in re.findall(r'icon\("([a-z0-9-]+)"', page.read_text()):
            assert name in DRAWINGS, f"{page.name}: {name}"


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (403, "您没有权限做这件事"),
        (404, "没有找到这一页"),
        (500, "系统出错了"),
        (419, "这一页放得太久了"),
        (400, "这个请求没看懂"),
    ],
)
def test_errors_say_what_happened_what_was_kept_and_what_to_do(status: int, sentence: str) -> None:
    page = engines["jinja2"].env.get_template("kit/error.html").render(status_code=status)

    assert sentence in page
    assert page.count("<p>") >= 2


def test_text_is_escaped(request_for: Requests) -> None:
    form = specimens.ContactForm({"said": "<script>alert(1)</script>"})
    template = engines["jinja2"].env.from_string(
        '{% from "kit/forms.html" import field %}{% from "kit/layout.html" import panel, copyable %}'
        "{% call panel(title=said) %}{{ field(form.said) }}{{ copyable(said) }}{% endcall %}"
    )

    assert "<script>" not in template.render(form=form, said="<script>")
