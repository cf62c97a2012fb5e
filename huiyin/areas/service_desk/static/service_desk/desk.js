// The desk without a mouse: arrows and Enter in the box, Alt and a letter while typing. Everything works without it.

const find = (selector) => document.querySelector(selector);
const search = find("[data-desk-search]");
const options = () => [...document.querySelectorAll("#found [role=option]")];
let hurried = false; // Enter was pressed before the answer had come

function point(at) {
  const all = options();
  all.forEach((option, i) => option.setAttribute("aria-selected", String(i === at)));
  search.setAttribute("aria-expanded", String(all.length > 0));
  if (all[at]) {
    search.setAttribute("aria-activedescendant", all[at].id);
    all[at].scrollIntoView({ block: "nearest" });
  } else search.removeAttribute("aria-activedescendant");
}

const pointed = () => options().findIndex((option) => option.getAttribute("aria-selected") === "true");

function choose() {
  const all = options();
  const option = all[Math.max(0, pointed())];
  if (option) option.querySelector("[data-option]").click();
  return Boolean(option);
}

function clear() {
  find("#found").replaceChildren();
  point(-1);
}

let asked = search?.value ?? "";
search?.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    const last = options().length - 1;
    point(Math.min(last, Math.max(0, pointed() + (event.key === "ArrowDown" ? 1 : -1))));
  } else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    if (!search.value.trim()) return find("#id_text").focus();
    hurried = asked !== search.value.trim();
    if (!hurried) choose();
  } else if (event.key === "Escape") {
    clear();
    find("#id_text").focus();
  }
});

document.addEventListener("htmx:after:swap", () => {
  const found = find("#found [role=option]");
  if (found && pointed() < 0) {
    asked = search.value.trim();
    point(0);
    if (hurried) { hurried = false; choose(); }
  }
});

// A home was chosen: the list goes, the words come. What was said before the home was known stays where it is.
document.addEventListener("click", (event) => {
  const option = event.target.closest("#found [data-option][hx-get]");
  if (option) option.dataset.chosen = "";
});
document.addEventListener("htmx:after:request", (event) => {
  const source = event.detail.ctx?.sourceElement;
  if (!source?.matches?.("[data-option][data-chosen]")) return;
  setTimeout(() => {
    clear();
    search.value = asked = "";
    find("#id_text").focus();
    document.body.dispatchEvent(new CustomEvent("desk-home"));
  });
});

document.addEventListener("keydown", (event) => {
  if (event.isComposing || document.querySelector("dialog:modal")) return;
  const typing = event.target.closest?.("input:not([type=radio], [type=checkbox]), textarea, select");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault(); // before the box of the frame takes it
    search.focus();
    return search.select();
  }
  if (!event.altKey || event.ctrlKey || event.metaKey) return;
  const letter = event.code.replace(/^Key/, "").toLowerCase(), digit = event.code.replace(/^Digit/, "");
  const key = find(`[data-alt-key="${CSS.escape(letter)}"]`) ?? find(`[data-nth="${CSS.escape(digit)}"]`);
  if (!key) return;
  event.preventDefault();
  if (key.tagName === "BUTTON") return key.click();
  key.checked = true;
  key.dispatchEvent(new Event("change", { bubbles: true }));
  key.dispatchEvent(new Event("input", { bubbles: true }));
}, true);

// A category suggests where it usually is and how urgent: taken over until the clerk has said otherwise.
const said = new Set();
document.addEventListener("change", (event) => {
  const { name } = event.target;
  if (event.isTrusted && (name === "location_kind" || name === "urgency")) said.add(name);
  if (name === "category") follow();
});
function follow() {
  const picked = find('#hints [name="category"]:checked');
  if (!picked) return;
  for (const [name, plain] of [["location_kind", "in_unit"], ["urgency", "normal"]]) {
    if (said.has(name)) continue;
    const wanted = picked.getAttribute(`data-suggests-${name.replace("_", "-")}`) ?? plain;
    const radio = find(`#desk [name="${name}"][value="${CSS.escape(wanted)}"]`);
    if (radio && !radio.checked) radio.checked = true;
  }
}
document.addEventListener("htmx:after:swap", follow);

if (search && options().length) point(0);
