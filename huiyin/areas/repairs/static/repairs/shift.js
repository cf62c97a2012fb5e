// A technician's page through a shift without a signal: a step is written into the phone first, shown as waiting, sent in
// order when it can be, and what the server refuses is shown until somebody decides. Any form with `data-offline` joins.

const root = document.documentElement;
const find = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const { worker, mine, unsent, signIn } = find("script[data-shift-script]").dataset;
const house = import(find("script[data-words]").src);
const queue = self.HuiyinQueue, me = root.dataset.user;
const PATIENCE = 8000, SOON = 4000, EVERY = 60_000, SAID = "huiyin.said";
const told = (moment, how) => new Intl.DateTimeFormat("zh-CN", { timeZone: root.dataset.zone, ...how }).format(new Date(moment));
const dayOf = (moment) => told(moment, { month: "numeric", day: "numeric" });
const hourOf = (moment) => told(moment, { hour: "numeric", minute: "2-digit", hourCycle: "h23" });
const clock = (moment) => (dayOf(moment) === dayOf(Date.now()) ? "" : `${dayOf(moment)} `) + hourOf(moment);

// ---- a step is written down

function filesOf(form) {
  return all("input[type=file]", form).flatMap((input) => [...input.files].map((file) => [input.name, file, file.name]));
}

function labelOf(field, form) {
  const label = field.labels?.[0] ?? find(`label[for="${CSS.escape(field.id)}"]`, form);
  return (label?.innerText ?? "").replace("选填", "").trim();
}

// What was filled in, as somebody would read it.
function saidIn(form) {
  const said = [];
  for (const field of form.elements) {
    if (!field.name || ["hidden", "submit", "button"].includes(field.type)) continue;
    if (["radio", "checkbox"].includes(field.type)) { if (field.checked) said.push(["", labelOf(field, form)]); continue; }
    const value = field.type === "file" ? [...field.files].map((file) => file.name).join("、") : field.tagName === "SELECT" ? field.selectedOptions[0]?.textContent : field.value;
    if (value) said.push([labelOf(field, form), value]);
  }
  if (form.elements.drawing?.value) said.push(["签名", "已签,存在手机里"]);
  return said;
}

function stepOf(form, submitter) {
  const fields = [...new FormData(form, submitter)].filter(([, value]) => typeof value === "string");
  return {
    user: me, name: find("summary[aria-label^='我:']")?.getAttribute("aria-label").slice(2) ?? "", order: form.dataset.order, label: form.dataset.label, state: form.dataset.offline,
    action: new URL(form.action).pathname, key: queue.newKey(), happenedAt: new Date().toISOString(),
    fields, files: filesOf(form), said: saidIn(form), problem: null,
  };
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("form[data-offline]") || event.defaultPrevented || !self.indexedDB) return;
  event.preventDefault();
  const step = stepOf(form, event.submitter);
  try {
    step.id = await queue.keep(step);
  } catch {
    return form.submit(); // no room or no store: sent as ever
  }
  forgetDraft(form);
  await sendNow(form, step);
});

function forgetDraft(form) {
  if (form.dataset.draft) sessionStorage.removeItem(`draft:${me}:${location.pathname}:${form.dataset.draft}`);
}

function ready(form) {
  delete form.dataset.sending;
  for (const button of all("[aria-busy]", form)) button.removeAttribute("aria-busy");
}

const later = (ms) => new Promise((good) => { setTimeout(good, ms, null); });

// Sent while the person waits, if there is a signal; else the page goes on as if it had been.
async function sendNow(form, step) {
  const report = navigator.onLine === false ? null : await Promise.race([queue.send(), later(PATIENCE)]);
  const outcome = report?.outcomes.get(step.id);
  ready(form);
  if (outcome?.how === queue.DONE) return goOn(outcome);
  if (outcome?.how === queue.REFUSED && outcome.status === 422 && (await waitingOf(step.order)).length === 1) return showWrong(step, outcome);
  if (outcome?.how === queue.REFUSED) return location.assign(unsent);
  askForSync();
  againLater(report ?? { problem: queue.OFFLINE });
  await showQueue();
  window.scrollTo({ top: 0 });
}

function goOn({ url, html }) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const said = find("#flashes [data-flash] span", page)?.textContent;
  if (said) sessionStorage.setItem(SAID, said);
  location.assign(url);
}

// What the form lacks is said in the form, with everything that was filled in; it was never sent, so it waits no more.
async function showWrong(step, outcome) {
  await queue.drop(step.id);
  const page = new DOMParser().parseFromString(outcome.html, "text/html");
  find("#main").replaceWith(find("#main", page));
  for (const input of all(`form[data-label="${CSS.escape(step.label)}"] input[type=file]`)) {
    const files = new DataTransfer();
    for (const [name, blob, called] of step.files) if (name === input.name) files.items.add(new File([blob], called, { type: blob.type }));
    input.files = files.files;
  }
  document.dispatchEvent(new Event("htmx:after:swap"));
  find("[data-form-errors]")?.focus();
  await showQueue();
}

async function askForSync() {
  try { await (await navigator.serviceWorker?.ready)?.sync?.register("huiyin-send"); } catch { /* the page sends when it can */ }
}

// ---- what waits is shown

const waitingOf = async (order) => (await queue.all()).filter((step) => step.user === me && step.order === order);

async function showQueue() {
  const steps = await queue.all(), own = steps.filter((step) => step.user === me);
  const stuck = new Set(own.filter((step) => step.problem).map((step) => step.order));
  const going = own.filter((step) => !stuck.has(step.order)), held = own.filter((step) => stuck.has(step.order));
  for (const bar of all("[data-waiting]")) { bar.hidden = !going.length; find("[data-waiting-count]", bar).textContent = going.length; }
  showStuck(held, steps.filter((step) => step.user !== me));
  for (const box of all("[data-queued]")) await showJob(box, own.filter((step) => step.order === box.dataset.queued));
  for (const card of all("[data-queued-card]")) markCard(card, own.filter((step) => step.order === card.dataset.queuedCard));
  if (find("[data-unsent-list]")) showUnsent(held);
  return own.length;
}

function showStuck(held, others) {
  const bar = find("[data-stuck]"), words = [];
  if (held.length) words.push(`没发出去 ${held.length} 项,请看一看`);
  if (others.length) words.push(`手机里有${others[0].name || "别人"}没送出的 ${others.length} 项,由本人登录后送出`);
  bar.hidden = !words.length;
  find("[data-stuck-words]", bar).textContent = words.join(";");
}

function markCard(card, steps) {
  find("[data-card-mark]", card)?.remove();
  if (!steps.length) return;
  const mark = document.createElement("p");
  mark.className = "rp-mark";
  mark.dataset.cardMark = "";
  mark.textContent = `${steps.some((step) => step.problem) ? "没发出去" : "待发送"}:${steps.map((step) => step.label).join("、")}`;
  card.firstElementChild.append(mark);
}

// The page of a job goes on from the last step that waits, with the forms of that state.
async function showJob(box, steps) {
  box.hidden = !steps.length;
  box.replaceChildren(...steps.map((step) => {
    const line = document.createElement("li");
    line.textContent = `${step.label} ${clock(step.happenedAt)} · ${step.problem ? "没发出去" : "待发送"}`;
    return line;
  }));
  const state = steps.map((step) => step.state).filter(Boolean).at(-1), next = find("[data-next]");
  if (!state || !next || next.dataset.shown === String(steps.at(-1).id)) return;
  next.dataset.shown = String(steps.at(-1).id);
  const ahead = await templateOf(state);
  const standing = ahead && find("[data-standing]", ahead), forms = ahead && find(".rp-next", ahead);
  if (standing) find("[data-standing]").replaceWith(standing);
  next.replaceChildren(...(forms ? [forms] : []));
  tellWork(next, steps);
  document.dispatchEvent(new Event("htmx:after:swap"));
}

async function templateOf(state) {
  const wanted = `template[data-ahead="${CSS.escape(state)}"]`;
  let found = find(wanted);
  if (!found) {
    try {
      const html = await (await fetch(`${location.pathname}?ahead=1`)).text();
      found = find(wanted, new DOMParser().parseFromString(html, "text/html"));
    } catch { /* not kept: what waits is shown without the next form */ }
  }
  return found ? document.importNode(found.content, true) : null;
}

// The resident signs under what was done, also when the server has not heard of it yet.
function tellWork(next, steps) {
  const done = steps.findLast((step) => step.label === "完工")?.fields.find(([name]) => name === "work_done")?.[1];
  const says = find(".hy-signature-says", next);
  if (done && says) says.textContent = `我已看过:${done}`;
}

// ---- what did not go

// A drawn signature as a picture, for the matter when the step itself cannot be sent.
function drawn(step) {
  const url = step.fields.find(([name]) => name === "drawing")?.[1];
  if (!url?.startsWith("data:image/png;base64,")) return [];
  const bytes = Uint8Array.from(atob(url.split(",")[1]), (one) => one.charCodeAt(0));
  return [["photos", new Blob([bytes], { type: "image/png" }), "签名.png"]];
}

const lines = (step) => [`${step.label} ${dayOf(step.happenedAt)} ${hourOf(step.happenedAt)}`, ...step.said.map(([label, value]) => (label ? `  ${label}:${value}` : `  ${value}`))];

function noteOf(steps) {
  return ["手机里没能送出的步骤", ...steps.flatMap(lines), `服务器说:${steps[0].problem?.sentence ?? ""}`].join("\n");
}

function dropOf(steps, reason) {
  return `没有采用手机里没送出的步骤:${steps.map((step) => `${step.label}(${clock(step.happenedAt)})`).join("、")}。原因:${reason}`;
}

function showUnsent(held) {
  const list = find("[data-unsent-list]"), groups = new Map();
  for (const step of held) groups.set(step.order, [...(groups.get(step.order) ?? []), step]);
  find("[data-unsent-none]").hidden = groups.size > 0;
  list.replaceChildren(...[...groups].map(([order, steps]) => groupOf(order, steps)));
}

function groupOf(order, steps) {
  const group = document.importNode(find("template[data-unsent-group]").content, true), part = (name) => find(`[data-part=${name}]`, group);
  const why = part("why"), reason = part("reason"), section = group.firstElementChild;
  Object.assign(part("order"), { textContent: order, href: `${mine}${encodeURIComponent(order)}/` });
  why.textContent = steps[0].problem.sentence;
  part("items").append(...steps.map(itemOf));
  const act = { again: () => tryAgain(steps), note: () => tell(steps, noteOf(steps), why), drop: () => {
    if (!reason.value.trim()) return reason.focus();
    return tell(steps.map((step) => ({ ...step, files: [], fields: [] })), dropOf(steps, reason.value.trim()), why);
  } };
  section.addEventListener("click", (event) => act[event.target.closest("[data-do]")?.dataset.do]?.());
  return group;
}

function itemOf(step) {
  const item = document.importNode(find("template[data-unsent-item]").content, true);
  find("[data-part=what]", item).textContent = step.label;
  find("[data-part=when]", item).textContent = `${clock(step.happenedAt)}${step.problem ? "" : " · 等前一步"}`;
  find("[data-part=said]", item).append(...step.said.flatMap(([label, value]) => {
    const dt = document.createElement("dt"), dd = document.createElement("dd");
    [dt.textContent, dd.textContent] = [label, value];
    return [dt, dd];
  }));
  return item;
}

async function tryAgain(steps) {
  for (const step of steps) await queue.keep({ ...step, problem: null });
  await sendAll();
}

async function tell(steps, text, why) {
  const outcome = await queue.tellMatter(steps.map((step) => ({ ...step, files: [...step.files, ...drawn(step)] })), text);
  if (outcome.how === queue.DONE) { await showQueue(); return (await house).say("已写进事项", "done"); }
  why.textContent = outcome.sentence ?? (outcome.how === queue.SIGNED_OUT ? "请先重新登录" : "现在没有信号,等有了信号再办;都还在手机里");
}

// ---- sending when it can be

let pause = SOON, next = null;

// A browser may believe to be online and be wrong, so what waits is tried again and again, ever more slowly.
function againLater(report) {
  clearTimeout(next);
  pause = report.problem === queue.OFFLINE ? Math.min(pause * 2, EVERY) : SOON;
  next = setTimeout(sendAll, report.problem === queue.OFFLINE ? pause : EVERY);
}

async function sendAll() {
  const report = await queue.send();
  againLater(report);
  if (report.problem === queue.SIGNED_OUT) askToSignIn();
  const left = await showQueue();
  const sent = [...report.outcomes.values()].filter((one) => one.how === queue.DONE).length;
  if (sent) {
    (await house).say(`已送出 ${sent} 项${left ? "" : ",都送出去了"}`, "done");
    // The page shows what it knew before; nobody is typing, so it is read anew.
    if (!left && find("[data-next], [data-job], #materials") && !typing()) { sessionStorage.setItem(SAID, `已送出 ${sent} 项`); location.reload(); }
  }
}

const typing = () => all("#main textarea, #main input:not([type=hidden])").some((field) => field.matches(":focus") || (field.value !== field.defaultValue && field.type !== "checkbox" && field.type !== "radio"));

function askToSignIn() {
  const bar = find("[data-stuck]");
  Object.assign(bar, { hidden: false, href: `${signIn}?next=${encodeURIComponent(mine)}` });
  find("[data-stuck-words]", bar).textContent = "登录已过期:请重新登录,存着的步骤会自动送出";
}

function showSignal() {
  const bar = find("[data-offline-bar]"), kept = Number(root.dataset.keptAt), off = navigator.onLine === false;
  bar.hidden = !off && !kept;
  find("[data-offline-words]", bar).textContent = `离线${kept ? ` · ${clock(kept)} 的内容` : " · 步骤先存在手机里"}`;
}

addEventListener("online", () => { pause = SOON; showSignal(); sendAll(); });
addEventListener("offline", showSignal);
document.addEventListener("visibilitychange", () => { if (!document.hidden) sendAll(); });

// ---- kept for want of a signal

async function keepPages() {
  if (!navigator.serviceWorker || root.dataset.keptAt) return;
  const watching = new Promise((good) => { if (navigator.serviceWorker.controller) good(); else navigator.serviceWorker.addEventListener("controllerchange", good, { once: true }); });
  navigator.serviceWorker.addEventListener("message", (event) => { if (event.data.sent) showQueue(); });
  try {
    await navigator.serviceWorker.register(worker, { scope: mine });
    await watching;
    localStorage.setItem("huiyin.shift", me);
    const jobs = all("[data-job]").flatMap((card) => [`${card.dataset.job}?ahead=1`, `${card.dataset.job}materials/?ahead=1`]);
    if (find("[data-queued]")) jobs.push(`${location.pathname}?ahead=1`);
    for (const address of [mine, unsent, ...jobs]) await fetch(address);
    navigator.storage?.persist?.();
    root.dataset.pagesKept = String(jobs.length);
    for (const note of all("[data-kept-note]")) note.hidden = false;
  } catch { /* no signal yet, or a browser without: the pages work as ever */ }
}

const said = sessionStorage.getItem(SAID);
sessionStorage.removeItem(SAID);
showSignal();
if (said) house.then(({ say }) => say(said, "done"));
showQueue().then(sendAll).then(keepPages);
