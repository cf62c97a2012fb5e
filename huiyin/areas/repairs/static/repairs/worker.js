// The service worker of the technician's pages: reading without a signal. The queue stands above it in the same file.
// Pages are kept under the name of the session that read them, for one shift; nothing else of the house passes here.

const SHIFT_LASTS = 12 * 60 * 60 * 1000, PATIENCE = 4000;
const PAGES = "huiyin-shift-", STATIC = "huiyin-static", MINE = "/repairs/mine/";
const SIGN_IN_PATH = "/sign-in/", KEPT_AT = "X-Kept-At";
const NEVER_KEPT = [`${MINE}signal/`, `${MINE}worker.js`];

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("sync", (event) => {
  if (event.tag === "huiyin-send") event.waitUntil(self.HuiyinQueue.send().then(tellPages));
});

async function tellPages() {
  for (const page of await self.clients.matchAll()) page.postMessage({ sent: true });
}

self.addEventListener("fetch", (event) => {
  const { request } = event, url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin || NEVER_KEPT.includes(url.pathname)) return;
  if (url.pathname.startsWith("/static/")) event.respondWith(shared(request));
  else if (/^\/files\/\d+\/$/.test(url.pathname)) event.respondWith(picture(request));
  else if (url.pathname.startsWith(MINE)) event.respondWith(pageOf(event, url));
});

// ---- what is the same for everybody

async function shared(request) {
  const kept = await caches.open(STATIC);
  try {
    const answer = await fetch(request);
    if (answer.ok) await kept.put(request.url, answer.clone());
    return answer;
  } catch (wrong) {
    const found = await kept.match(request.url, { ignoreVary: true });
    if (found) return found;
    throw wrong;
  }
}

// ---- what one person read in one shift

async function shiftCache() {
  const name = (await caches.keys()).find((one) => one.startsWith(PAGES));
  return name ? caches.open(name) : null;
}

async function forget(but = "") {
  for (const name of await caches.keys()) if (name.startsWith(PAGES) && name !== but) await caches.delete(name);
}

async function picture(request) {
  const kept = await shiftCache();
  try {
    const answer = await fetch(request);
    if (answer.ok && kept) await kept.put(request.url, answer.clone());
    return answer;
  } catch (wrong) {
    const found = kept && await kept.match(request.url, { ignoreVary: true });
    if (found) return found;
    throw wrong;
  }
}

async function pageOf(event, url) {
  const coming = fetch(event.request);
  const kept = coming.then((answer) => keepPage(url, answer.clone(), answer)).catch(() => {});
  event.waitUntil(kept);
  const slow = new Promise((good) => { setTimeout(good, PATIENCE, null); });
  try {
    const answer = await Promise.race([coming, slow]);
    return answer ?? await keptPage(url) ?? await coming;
  } catch {
    return await keptPage(url) ?? notHere();
  }
}

async function keepPage(url, answer) {
  // A page that sends to signing in: the session is over, and so is what it may keep.
  const elsewhere = answer.redirected && new URL(answer.url).pathname === SIGN_IN_PATH;
  if (answer.type === "opaqueredirect" || elsewhere) return forget();
  if (!answer.ok || !(answer.headers.get("Content-Type") ?? "").startsWith("text/html")) return;
  const html = await answer.text(), shift = /data-shift="(\w+)"/.exec(html)?.[1];
  if (!shift) return;
  await forget(PAGES + shift);
  if (!await caches.has(PAGES + shift)) await caches.delete(STATIC); // a new shift: what is no longer named goes
  const headers = new Headers(answer.headers);
  headers.set(KEPT_AT, String(Date.now()));
  const cache = await caches.open(PAGES + shift);
  await cache.put(url.href, new Response(html, { headers }));
  await keepParts(html, cache);
}

// The style, the scripts and the pictures the page names, also those it asks for only later.
async function keepParts(html, cache) {
  const named = (pattern) => [...new Set([...html.matchAll(pattern)].map((found) => found[1]))];
  await keepAll(named(/"(\/static\/[^"]+)"/g), await caches.open(STATIC));
  await keepAll(named(/"(\/files\/\d+\/)"/g), cache);
}

async function keepAll(paths, cache) {
  await Promise.all(paths.map(async (path) => {
    const address = new URL(path, self.location.origin).href;
    if (await cache.match(address, { ignoreVary: true })) return;
    try {
      const answer = await fetch(address);
      if (answer.ok) await cache.put(address, answer);
    } catch { /* the next page asks again */ }
  }));
}

async function keptPage(url) {
  const cache = await shiftCache();
  if (!cache) return null;
  const whole = new URL(url.pathname, url.origin);
  whole.search = "?ahead=1";
  const found = await newest(cache, [whole.href, new URL(url.pathname, url.origin).href]);
  if (!found) return null;
  const at = Number(found.headers.get(KEPT_AT));
  if (Date.now() - at > SHIFT_LASTS) { await forget(); return null; }
  const html = (await found.text()).replace("<html ", `<html data-kept-at="${at}" `);
  return new Response(html, { headers: found.headers });
}

// A job is kept with the forms of its later states; other pages as they are.
async function newest(cache, addresses) {
  for (const address of addresses) {
    const found = await cache.match(address, { ignoreVary: true });
    if (found) return found;
  }
  return null;
}

function notHere() {
  const html = `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>没有信号 · 回音</title><h1>没有信号</h1><p>这一页没有存在手机里,或者存了超过 12 小时、已经清除。存着没发的步骤都还在。</p><p><a href="${MINE}">我的维修</a></p></html>`;
  return new Response(html, { status: 503, headers: { "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'" } });
}
