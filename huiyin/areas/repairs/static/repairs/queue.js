// The queue of a technician's phone: steps are written down first and sent in order, each with its key and true time.
// A classic script, because pages and the service worker share it. Nothing leaves it but what the server has taken.

self.HuiyinQueue = (() => {
  const STORE = "steps", SIGNAL = "/repairs/mine/signal/", SIGN_IN = "/sign-in/";
  const OFFLINE = "offline", SIGNED_OUT = "signed out", DONE = "done", LATER = "later", REFUSED = "refused";

  // ---- the store

  const wait = (request) => new Promise((good, bad) => {
    request.onsuccess = () => good(request.result);
    request.onerror = () => bad(request.error);
  });

  async function store(mode, act) {
    const opening = indexedDB.open("huiyin-shift", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE, { keyPath: "id", autoIncrement: true });
    const base = await wait(opening);
    try {
      const turn = base.transaction(STORE, mode);
      const ended = new Promise((good, bad) => { turn.oncomplete = good; turn.onabort = turn.onerror = () => bad(turn.error); });
      const found = await wait(act(turn.objectStore(STORE)));
      await ended;
      return found;
    } finally { base.close(); }
  }

  const all = () => store("readonly", (steps) => steps.getAll());
  const keep = (step) => store("readwrite", (steps) => steps.put(step));
  const drop = (id) => store("readwrite", (steps) => steps.delete(id));

  function newKey() {
    if (self.crypto.randomUUID) return self.crypto.randomUUID();
    return [...self.crypto.getRandomValues(new Uint8Array(16))].map((one) => one.toString(16).padStart(2, "0")).join("");
  }

  // ---- what the server says

  const plain = (html) => html.replace(/<svg[\s\S]*?<\/svg>/g, "").replace(/<[^>]+>/g, " ").replace(/&#x27;|&#39;/g, "'").replace(/&#34;|&quot;/g, '"')
    .replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&").replace(/\s+/g, " ").trim();

  // The refusal of a form, of a page of its own, or the heading of an error page.
  function sentenceOf(html, status) {
    const form = /data-form-errors[\s\S]*?<strong>([\s\S]*?)<\/strong>/.exec(html)?.[1];
    const fields = [...html.matchAll(/class="hy-error"[^>]*>([\s\S]*?)<\/div>/g)].map((found) => plain(found[1]));
    const alone = /class="hy-trouble-sentence">([\s\S]*?)<\/p>/.exec(html)?.[1] ?? /<h1[^>]*>([\s\S]*?)<\/h1>/.exec(html)?.[1];
    return [...new Set([plain(form ?? (fields.length ? "" : alone ?? "")), ...fields])].filter(Boolean).join(";") || `服务器没有收下(${status})`;
  }

  const isSignIn = (answer) => answer.redirected && new URL(answer.url).pathname === SIGN_IN;

  // Who is signed in, a fresh token, and the server's time beside what this phone's clock shows.
  async function ask() {
    try {
      const answer = await fetch(SIGNAL, { cache: "no-store" });
      if (isSignIn(answer) || answer.status === 401 || answer.status === 403) return { problem: SIGNED_OUT };
      if (!answer.ok) return { problem: OFFLINE };
      return { ...(await answer.json()), sentAt: new Date().toISOString() };
    } catch { return { problem: OFFLINE }; }
  }

  async function post(step, signal, again = true) {
    const body = new FormData();
    for (const [name, value] of step.fields) body.append(name, value);
    for (const [name, blob, called] of step.files) body.append(name, blob, called);
    body.set("csrfmiddlewaretoken", signal.token);
    body.set("idempotency_key", step.key);
    body.set("happened_at", step.happenedAt);
    body.set("sent_at", signal.sentAt);
    body.set("signal", signal.signal);
    let answer, html;
    try {
      answer = await fetch(step.action, { method: "POST", body, cache: "no-store" });
      html = await answer.text();
    } catch { return { how: OFFLINE }; }
    if (isSignIn(answer) || answer.status === 401) return { how: SIGNED_OUT };
    if (answer.status === 403 && again) {
      const anew = await ask();
      return anew.problem ? { how: anew.problem } : post(step, anew, false);
    }
    if (answer.ok) return { how: DONE, url: answer.url, html };
    if (answer.status >= 500 || answer.status === 429) return { how: LATER };
    return { how: REFUSED, status: answer.status, html, sentence: sentenceOf(html, answer.status) };
  }

  // ---- sending

  const alone = (act) => self.navigator.locks ? self.navigator.locks.request("huiyin-send", act) : act();

  // Send what waits, order by order, first in first out; a refused step holds back those behind it.
  // Returns what came of it, and of each step that was tried.
  function send() {
    return alone(async () => {
      const steps = await all(), outcomes = new Map(), stuck = new Set();
      if (!steps.some((step) => !step.problem)) return { outcomes };
      const signal = await ask();
      if (signal.problem) return { outcomes, problem: signal.problem };
      for (const step of steps) {
        if (step.user !== signal.user) continue;
        if (step.problem) stuck.add(step.order);
        if (stuck.has(step.order)) continue;
        const outcome = await post(step, signal);
        outcomes.set(step.id, outcome);
        if (outcome.how === OFFLINE || outcome.how === SIGNED_OUT) return { outcomes, problem: outcome.how };
        if (outcome.how === DONE) { await drop(step.id); continue; }
        stuck.add(step.order);
        if (outcome.how === REFUSED) await keep({ ...step, problem: { status: outcome.status, sentence: outcome.sentence } });
      }
      return { outcomes };
    });
  }

  // Write steps that cannot be sent into the matter, in words and with their files; then they leave the phone.
  function tellMatter(steps, text) {
    return alone(async () => {
      const signal = await ask();
      if (signal.problem) return { how: signal.problem };
      const files = steps.flatMap((step) => step.files).map(([, blob, called]) => ["photos", blob, called]);
      const outcome = await post({
        action: `/repairs/mine/${encodeURIComponent(steps[0].order)}/unsent/`,
        fields: [["text", text]],
        files,
        key: `unsent-${steps.map((step) => step.id).join("-")}-${steps[0].key}`.slice(0, 64),
        happenedAt: steps[0].happenedAt,
      }, signal);
      if (outcome.how === DONE) for (const step of steps) await drop(step.id);
      return outcome;
    });
  }

  return { OFFLINE, SIGNED_OUT, DONE, REFUSED, all, keep, drop, newKey, send, tellMatter };
})();
