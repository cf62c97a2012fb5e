// What pages gain with JavaScript: keys, drafts, signatures, clocks that go on. Everything works without it.

const root = document.documentElement;
const find = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const visible = (element) => element.getClientRects().length > 0;

// ---- flash messages

const FLASH_STAYS = 8000;

function tendFlashes() {
  for (const flash of all("#flashes > [data-flash]:not([data-tended])")) {
    flash.dataset.tended = "";
    const close = find("[data-dismiss]", flash);
    if (close) close.hidden = false;
    if (flash.dataset.flash !== "refused") setTimeout(() => flash.remove(), FLASH_STAYS);
    if (flash.dataset.flash === "done") forgetSentDrafts();
  }
}

export function say(message, tone = "info") {
  const host = find("#flashes");
  if (!host) return;
  const flash = document.createElement("div");
  flash.className = `hy-flash hy-flash-${tone}`;
  flash.dataset.flash = tone;
  const words = document.createElement("span");
  words.textContent = message;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "hy-icon-button";
  close.dataset.dismiss = "";
  close.setAttribute("aria-label", "知道了");
  close.textContent = "✕";
  flash.append(words, close);
  host.append(flash);
  tendFlashes();
}

// ---- keys

const KEYS_OFF = "huiyin.keys.off";
const typing = (element) =>
  element?.closest?.("textarea, select, [contenteditable], input:not([type=radio], [type=checkbox], [type=button], [type=submit])");
const keysOff = () => { try { return localStorage.getItem(KEYS_OFF) === "1"; } catch { return false; } };

function keyed() {
  const modal = find("dialog:modal");
  return all("[data-key]", modal ?? document).filter((element) => visible(element.closest("label") ?? element) && !element.disabled);
}

function walkRows(step) {
  const rows = all("[data-row]").filter(visible);
  if (!rows.length) return;
  const here = rows.findIndex((row) => row.contains(document.activeElement));
  const at = here < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, here + step));
  const row = rows[at];
  const link = find("[data-open], a[href]", row);
  if (!link) row.tabIndex = -1;
  (link ?? row).focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

function press(element) {
  if (element.matches("input[type=text], input[type=search], textarea, select")) return element.focus();
  element.click();
  if (element.matches("input[type=radio], input[type=checkbox]")) element.focus();
}

function sendPrimary() {
  const form = document.activeElement?.closest("form[method=post]") ?? all("form[data-primary]").find(visible);
  form?.requestSubmit();
}

function showKeys() {
  const dialog = find("#keys");
  if (!dialog || dialog.open) return;
  const list = find("[data-keys]", dialog);
  const lines = [["/", "搜索"], ["?", "快捷键"], ["Ctrl ⏎", "保存"], ["Esc", "关上"]];
  if (all("[data-row]").some(visible)) lines.unshift(["j  k", "下一条、上一条"], ["⏎", "打开"]);
  for (const element of keyed()) {
    lines.push([element.dataset.key.toUpperCase(), element.dataset.keyLabel ?? element.textContent.trim()]);
  }
  list.replaceChildren(...lines.flatMap(([key, label]) => {
    const dt = document.createElement("dt"), dd = document.createElement("dd"), kbd = document.createElement("kbd");
    kbd.textContent = key;
    dt.append(kbd);
    dd.textContent = label;
    return [dt, dd];
  }));
  find("[data-keys-off]", dialog).checked = keysOff();
  dialog.showModal();
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.defaultPrevented) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    return sendPrimary();
  }
  if (event.key === "Escape") {
    const menu = find("details[data-menu][open]");
    if (menu) { menu.open = false; return find("summary", menu).focus(); }
    if (find("#panel[open]") && !find("dialog:modal")) return closePanel();
  }
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || keysOff()) return;
  const modal = find("dialog:modal");
  if (event.key === "/" && !modal) {
    event.preventDefault();
    const search = find("[data-search]");
    search?.focus();
    return search?.select();
  }
  if (event.key === "?") { event.preventDefault(); return showKeys(); }
  const found = keyed().find((element) => element.dataset.key.toLowerCase() === event.key.toLowerCase());
  if (found) { event.preventDefault(); return press(found); }
  if (modal) return;
  if (event.key === "j") walkRows(1);
  if (event.key === "k") walkRows(-1);
});

// ---- drafts: what is typed outlives an error, a reload and an expired session; success clears it

const draftKey = (form) => `draft:${root.dataset.user ?? ""}:${location.pathname}:${form.dataset.draft}`;
const keeps = (field) =>
  field.name && !["hidden", "password", "file", "submit", "button"].includes(field.type) && !("noDraft" in field.dataset);

function readDraft(key) {
  try { return JSON.parse(sessionStorage.getItem(key)); } catch { return null; }
}

function writeDraft(key, draft) {
  try { sessionStorage.setItem(key, JSON.stringify(draft)); } catch { /* full or forbidden: typing goes on */ }
}

function draftKeys() {
  try { return Object.keys(sessionStorage).filter((key) => key.startsWith("draft:")); } catch { return []; }
}

function typed(form) {
  const values = {};
  for (const field of form.elements) {
    if (!keeps(field)) continue;
    if (field.type === "radio" || field.type === "checkbox") {
      values[field.name] ??= [];
      if (field.checked) values[field.name].push(field.value);
    } else values[field.name] = field.multiple ? [...field.selectedOptions].map((one) => one.value) : field.value;
  }
  return values;
}

function restoreDraft(form) {
  const draft = readDraft(draftKey(form));
  if (!draft || find("[data-form-errors], .hy-field-wrong", form)) return;
  const before = JSON.stringify(typed(form));
  if (before === JSON.stringify(draft.values)) return;
  for (const field of form.elements) {
    if (!keeps(field) || !(field.name in draft.values)) continue;
    const value = draft.values[field.name];
    if (field.type === "radio" || field.type === "checkbox") field.checked = value.includes(field.value);
    else if (field.multiple) for (const one of field.options) one.selected = value.includes(one.value);
    else field.value = value;
  }
  const note = find("[data-draft-note]", form);
  if (!note) return;
  const clear = document.createElement("button");
  clear.type = "button";
  clear.className = "btn btn-link btn-sm";
  clear.textContent = "不要了";
  clear.addEventListener("click", () => { sessionStorage.removeItem(draftKey(form)); form.reset(); note.hidden = true; });
  note.replaceChildren("已恢复上次没保存的内容", clear);
  note.hidden = false;
}

function keepDraft(form, sent) {
  writeDraft(draftKey(form), { values: typed(form), sent: sent ? Date.now() : 0 });
}

function forgetSentDrafts() {
  for (const key of draftKeys()) if (readDraft(key)?.sent) sessionStorage.removeItem(key);
}

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form?.dataset.draft && keeps(event.target)) keepDraft(form, false);
});

// ---- pages kept on the phone for want of a signal: gone on signing out, and when somebody else comes

const SHIFT = "huiyin.shift";

async function forgetShift() {
  try {
    localStorage.removeItem(SHIFT);
    for (const name of await caches.keys()) if (name.startsWith("huiyin-shift-")) await caches.delete(name);
  } catch { /* kept nothing, or may not look */ }
}

function ofAnother() {
  try { return Boolean(root.dataset.user) && ![null, root.dataset.user].includes(localStorage.getItem(SHIFT)); } catch { return false; }
}

if (ofAnother()) forgetShift();

// ---- sending: once is enough; the idempotency key on the server is what truly guards

document.addEventListener("submit", (event) => {
  const form = event.target;
  if ("forgetDrafts" in form.dataset) { for (const key of draftKeys()) sessionStorage.removeItem(key); forgetShift(); }
  if (form.method !== "post" || event.defaultPrevented) return;
  if ("sending" in form.dataset) { event.preventDefault(); return event.stopImmediatePropagation(); }
  if (form.dataset.draft) keepDraft(form, true);
  form.dataset.sending = "";
  for (const button of all("button:not([type=button])", form)) button.setAttribute("aria-busy", "true");
  setTimeout(() => ready(form), 15_000);
}, true);

function ready(form) {
  delete form.dataset.sending;
  for (const button of all("[aria-busy]", form)) button.removeAttribute("aria-busy");
}

window.addEventListener("pageshow", () => all("form[data-sending]").forEach(ready));

// ---- signatures

async function openSignature(box) {
  const canvas = find("canvas", box), input = find("input[type=hidden]", box), again = find("[data-signature-again]", box);
  const paper = find(".hy-signature-paper", box);
  const { default: SignaturePad } = await import(new URL(box.dataset.signatureSrc, location.href).href);
  const pad = new SignaturePad(canvas, { penColor: "#102020", minWidth: 0.8, maxWidth: 2.6 });
  const fit = () => {
    const strokes = pad.toData(), ratio = Math.max(window.devicePixelRatio || 1, 1);
    if (!canvas.offsetWidth) return;
    canvas.width = canvas.offsetWidth * ratio;
    canvas.height = canvas.offsetHeight * ratio;
    canvas.getContext("2d").scale(ratio, ratio);
    pad.clear();
    if (strokes.length) pad.fromData(strokes);
    else if (input.value) pad.fromDataURL(input.value);
  };
  const mark = (signed) => paper.toggleAttribute("data-signed", signed);
  pad.addEventListener("beginStroke", () => mark(true));
  pad.addEventListener("endStroke", () => { input.value = pad.toDataURL("image/png"); });
  again.hidden = false;
  again.addEventListener("click", () => { pad.clear(); input.value = ""; mark(false); });
  mark(Boolean(input.value));
  new ResizeObserver(fit).observe(canvas);
}

// ---- clocks

// The address carries a hash in production, so it is read from the page instead of being written here.
const words = import(new URL(find("script[data-words]").dataset.words, location.href).href);

async function tellTimes() {
  const { dueWords, peopleTime } = await words;
  const now = Date.now(), zone = root.dataset.zone || "Asia/Shanghai";
  for (const time of all("time[data-people]")) {
    const said = peopleTime(Date.parse(time.dateTime), now, zone);
    if (time.textContent !== said) time.textContent = said;
  }
  for (const time of all("time[data-due]")) {
    const said = dueWords(Date.parse(time.dateTime), now, zone), spoken = find("[data-words]", time);
    if (spoken.textContent === said.words) continue;
    spoken.textContent = said.words;
    time.className = time.className.replace(/hy-tone-\w+/, `hy-tone-${said.tone}`);
  }
}

// ---- panels, dialogs, menus

let cameFrom = null;

function openPanel() {
  const panel = find("#panel");
  if (panel && !panel.open) { cameFrom = document.activeElement; panel.show(); }
}

function closePanel() {
  const panel = find("#panel");
  panel.close();
  find("#panel-body").replaceChildren();
  if (cameFrom?.isConnected) cameFrom.focus();
}

document.addEventListener("click", (event) => {
  const on = (selector) => event.target.closest(selector);
  for (const menu of all("details[data-menu][open]")) if (!menu.contains(event.target)) menu.open = false;
  if (on("[data-dismiss]")) on("[data-flash]")?.remove();
  if (on("[data-back]")) history.back();
  if (on("[data-open-keys]")) showKeys();
  const opener = on("[data-dialog]");
  if (opener) { event.preventDefault(); find(`#${CSS.escape(opener.dataset.dialog)}`)?.showModal(); }
  if (on("[data-close]")) {
    const dialog = on("dialog");
    if (dialog?.id === "panel") closePanel(); else dialog?.close();
  }
  const copy = on("[data-copy]");
  if (copy) copyText(copy.dataset.copy);
  const fold = on("[data-fold]");
  if (fold) foldFilters(fold, fold.getAttribute("aria-expanded") === "true");
  const fill = on("[data-fill]");
  if (fill) fillIn(fill);
});

function foldFilters(button, folded) {
  button.setAttribute("aria-expanded", String(!folded));
  button.nextElementSibling.toggleAttribute("data-folded", folded);
}

async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    say(`已复制 ${text}`, "info");
  } catch {
    say(`复制不了,请手抄:${text}`, "refused");
  }
}

function fillIn(button) {
  const field = button.dataset.into ? document.getElementById(button.dataset.into) : find("textarea", button.closest("form"));
  if (!field) return;
  field.value = field.value.trim() ? `${field.value.trim()},${button.dataset.fill}` : button.dataset.fill;
  field.focus();
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

document.addEventListener("change", (event) => {
  const box = event.target;
  if (box.matches("[data-keys-off]")) {
    try { localStorage.setItem(KEYS_OFF, box.checked ? "1" : "0"); } catch { /* private mode */ }
  }
  const picks = all("[data-pick]");
  if (box.matches("[data-pick-all]")) for (const pick of picks) pick.checked = box.checked;
  if (!box.matches("[data-pick], [data-pick-all]")) return;
  const chosen = picks.filter((pick) => pick.checked).length;
  for (const count of all("[data-bulk-count]")) count.textContent = chosen ? `选中 ${chosen} 条` : "对选中的各条";
});

// ---- htmx

document.addEventListener("htmx:after:swap", () => {
  if (find("#panel-body")?.childElementCount) openPanel();
  wake(document);
});
document.addEventListener("htmx:after:request", (event) => {
  const ctx = event.detail.ctx, form = ctx?.sourceElement?.closest?.("form");
  if (form) ready(form);
  const told = ctx?.response?.headers?.get("X-Huiyin-Says");
  if (told) { const { message, tone } = JSON.parse(told); say(message, tone); }
});
document.addEventListener("htmx:error", () => say("网络不通,这一步没有送到。请检查网络后再试一次。", "refused"));

// ---- waking what has just come onto the page

function wake(within) {
  tendFlashes(); // before drafts come back: what was saved is none any more
  for (const button of all("[data-copy], [data-fill], [data-back], [data-pick-all], [data-open-keys]", within)) button.hidden = false;
  for (const fold of all("[data-fold][hidden]", within)) { fold.hidden = false; foldFilters(fold, true); }
  for (const box of all("[data-signature]:not([data-awake])", within)) { box.dataset.awake = ""; openSignature(box); }
  for (const form of all("form[data-draft]:not([data-awake])", within)) { form.dataset.awake = ""; restoreDraft(form); }
  for (const tab of all(".hy-tabs [aria-current]", within)) tab.parentElement.scrollLeft = tab.offsetLeft - tab.parentElement.offsetLeft - 48;
  tellTimes();
}

if (draftKeys().some((key) => readDraft(key)?.sent)) for (const hint of all("[data-if-draft]")) hint.hidden = false;
find("[data-form-errors]")?.focus();
wake(document);
setInterval(tellTimes, 30_000);
