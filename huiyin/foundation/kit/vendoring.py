"""Renew the vendored files from an unpacked npm tree: `python -m huiyin.foundation.kit.vendoring <node_modules>`.

Only what pages use is kept: a part of Tabler's rules, a handful of its icons, and two scripts without source maps.
"""

import json
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

VENDOR = Path(__file__).parent / "static" / "vendor"
ICONS = Path(__file__).parent / "icons.json"

# The families of classes pages may use; every other rule of Tabler is left out.
FAMILIES = re.compile(
    r"""^(
      container(-fluid|-xl|-tight|-narrow)? | row | col | col-(auto|\d+|(sm|md|lg|xl)(-(auto|\d+))?)
    | row-cols-(sm-|md-|lg-)?\d | row-(cards|deck) | g[xy]?-\d
    | d-((sm|md|lg|xl|print)-)?(none|block|inline|inline-block|flex|inline-flex|grid|table|table-row|table-cell)
    | (flex|justify-content|align-items|align-self|align-content)-((sm|md|lg)-)?[a-z-]+\d? | flex-(grow|shrink)-\d
    | order-((sm|md|lg)-)?(first|last|\d) | (gap|row-gap|column-gap)-((sm|md|lg)-)?\d
    | [mp][tbesxy]?-((sm|md|lg)-)?(auto|\d) | w-(100|auto|50|full) | h-(100|auto|full) | mw-100 | min-w-0
    | text-(start|end|center|nowrap|wrap|break|truncate|reset|secondary|body|decoration-none|(sm|md|lg)-(start|end))
    | fw-(normal|medium|bold) | lh-(1|sm|base) | align-(top|middle|bottom|baseline|text-top)
    | overflow-(auto|hidden|x-auto) | position-(relative|absolute|sticky|static) | sticky-top | float-(start|end)
    | visually-hidden(-focusable)? | stretched-link | clearfix | list-(unstyled|inline) | list-inline-item
    | btn | btn-(primary|danger|link|ghost|icon|sm|lg|list|close|check|outline-secondary) | btn-actions | show | active
    | disabled | collapsed | form-(control|select|check|switch|label|text|range|hint|fieldset|selectgroup)[a-z-]*
    | input-group[a-z-]* | input-icon[a-z-]* | col-form-label[a-z-]* | is-invalid | invalid-feedback | required
    | table | table-(sm|bordered|borderless|responsive|hover|vcenter|nowrap|active|group-divider)
    | card | card-(body|header|title|footer|table|actions|subtitle|sm|link) | nav | nav-(link|item|tabs|underline)
    | page-link | page-item | pagination | progress | progress-bar | placeholder[a-z-]* | hr | small | lead | h[1-6]
    | badge | alert | alert-(link|title|heading) | avatar | icon | icon-(sm|md|lg|inline) | kbd
    )$""",
    re.VERBOSE,
)
CLASS = re.compile(r"\.(-?[A-Za-z_][\w-]*)")
FOREIGN = ("data-bs-sidebar", "data-vc", "data-bs-theme=dark", ".fslightbox", "data-bs-theme-", "::-webkit-scrollbar")

ICON_NAMES = [
    "home",
    "phone",
    "phone-call",
    "headset",
    "user",
    "users",
    "user-check",
    "user-circle",
    "user-plus",
    "user-share",
    "search",
    "bell",
    "bell-check",
    "checks",
    "check",
    "x",
    "plus",
    "minus",
    "chevron-right",
    "chevron-left",
    "chevron-down",
    "chevron-up",
    "arrow-left",
    "arrow-right",
    "arrow-up",
    "arrow-down",
    "arrows-sort",
    "sort-ascending",
    "sort-descending",
    "dots",
    "dots-vertical",
    "menu-2",
    "filter",
    "filter-off",
    "adjustments",
    "settings",
    "logout",
    "login",
    "lock",
    "lock-open",
    "keyboard",
    "eye",
    "eye-off",
    "pencil",
    "trash",
    "ban",
    "copy",
    "link",
    "external-link",
    "download",
    "upload",
    "file",
    "file-text",
    "file-spreadsheet",
    "file-export",
    "files",
    "paperclip",
    "printer",
    "photo",
    "camera",
    "signature",
    "writing",
    "clipboard",
    "clipboard-check",
    "clipboard-list",
    "list",
    "list-check",
    "calendar",
    "calendar-event",
    "calendar-due",
    "clock",
    "clock-pause",
    "clock-play",
    "hourglass",
    "history",
    "refresh",
    "rotate",
    "repeat",
    "player-pause",
    "player-play",
    "alert-triangle",
    "alert-circle",
    "info-circle",
    "help",
    "circle",
    "circle-check",
    "circle-x",
    "circle-dashed",
    "circle-dot",
    "circle-half-2",
    "progress",
    "square",
    "square-check",
    "flag",
    "star",
    "mood-smile",
    "mood-sad",
    "mood-neutral",
    "message",
    "message-circle",
    "message-report",
    "message-reply",
    "messages",
    "mail",
    "send",
    "speakerphone",
    "building",
    "building-community",
    "buildings",
    "building-skyscraper",
    "stairs",
    "door",
    "map-pin",
    "tool",
    "tools",
    "hammer",
    "droplet",
    "bolt",
    "flame",
    "elevator",
    "air-conditioning",
    "car",
    "parking",
    "plant",
    "recycle",
    "truck",
    "route",
    "walk",
    "qrcode",
    "receipt",
    "cash",
    "coin",
    "wallet",
    "chart-bar",
    "report",
    "report-analytics",
    "report-search",
    "gauge",
    "dashboard",
    "certificate",
    "book",
    "books",
    "scale",
    "gavel",
    "shield",
    "shield-check",
    "versions",
    "git-branch",
    "git-merge",
    "arrows-split",
    "hierarchy",
    "sitemap",
    "id",
    "id-badge-2",
    "address-book",
    "archive",
    "inbox",
    "stack-2",
    "tag",
    "tags",
    "bookmark",
    "pin",
    "bulb",
    "wifi-off",
    "cloud-upload",
    "cloud-off",
    "device-mobile",
    "device-floppy",
    "thumb-up",
    "package",
    "box",
    "calculator",
    "apps",
    "table",
    "table-export",
    "corner-down-right",
    "door-enter",
    "door-exit",
    "zoom-in",
    "world",
    "switch-horizontal",
    "transfer",
    "hand-stop",
    "urgent",
    "paint",
    "home-check",
    "home-edit",
    "key",
    "heart",
    "trophy",
    "sun",
    "moon",
]


def rules(css: str) -> Iterator[tuple[str, str | None]]:
    """Yield (selector or at-rule, body) at one level of a style sheet; a statement has no body."""
    at = 0
    while at < len(css):
        opening, statement = css.find("{", at), css.find(";", at)
        if opening < 0:
            return
        if -1 < statement < opening and css[at:statement].lstrip().startswith("@"):
            yield css[at:statement], None
            at = statement + 1
            continue
        depth, end = 1, opening + 1
        while depth:
            depth += {"{": 1, "}": -1}.get(css[end], 0)
            end += 1
        yield css[at:opening].strip(), css[opening + 1 : end - 1]
        at = end


def selectors(text: str) -> list[str]:
    """Split a selector list at its commas, not at those inside brackets."""
    return re.split(r",(?![^(]*\))", text)


def wanted(selector: str) -> bool:
    if any(word in selector for word in FOREIGN):
        return False
    return all(FAMILIES.match(name) for name in CLASS.findall(selector))


def subset(css: str) -> str:
    """Keep the rules whose every class belongs to the families pages use."""
    kept = []
    for head, body in rules(css):
        if body is None or head.startswith(("@keyframes", "@font-face", "@charset")):
            if head.startswith("@keyframes") and "placeholder" in head:
                kept.append(f"{head}{{{body}}}")
        elif head.startswith("@"):
            inner = subset(body)
            if inner:
                kept.append(f"{head}{{{inner}}}")
        elif part := [one for one in selectors(head) if wanted(one)]:
            kept.append(f"{','.join(part)}{{{body}}}")
    return "\n".join(kept)


def icon_body(svg: str) -> str:
    """Return the drawing inside an icon file, without its frame and the invisible square."""
    inner = re.sub(r"^.*?<svg[^>]*>|</svg>\s*$", "", svg, flags=re.DOTALL)
    inner = re.sub(r'<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*/>', "", inner)
    return re.sub(r"\s*\n\s*", "", inner).replace(" />", "/>")


def without_map(script: str) -> str:
    return re.sub(r"\n?//# sourceMappingURL=\S+\s*$", "\n", script)


def renew(modules: Path) -> None:
    """Write the vendored files anew from the packages under `modules`."""
    tabler = modules / "@tabler/core/dist/css/tabler.min.css"
    css = re.sub(r"/\*(?!!).*?\*/|/\*# sourceMappingURL.*?\*/", "", tabler.read_text(), flags=re.DOTALL)
    licence = re.match(r"@charset[^;]*;\s*(/\*!.*?\*/)", css, re.DOTALL)
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    (VENDOR / "tabler.css").write_text((licence.group(1) + "\n" if licence else "") + subset(css) + "\n")
    for source, name in (
        ("htmx.org/dist/htmx.min.js", "htmx.js"),
        ("signature_pad/dist/signature_pad.min.js", "signature_pad.js"),
    ):
        (VENDOR / name).write_text(without_map((modules / source).read_text()))
    for package in ("@tabler/icons", "htmx.org", "signature_pad"):
        shutil.copy(modules / package / "LICENSE", VENDOR / f"LICENSE.{package.split('/')[-1]}.txt")
    outline = modules / "@tabler/icons/icons/outline"
    drawings = {name: icon_body((outline / f"{name}.svg").read_text()) for name in sorted(ICON_NAMES)}
    ICONS.write_text(json.dumps(drawings, indent=0, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    renew(Path(sys.argv[1]))
