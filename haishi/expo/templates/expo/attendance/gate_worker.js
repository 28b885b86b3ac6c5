// Keeps the gates of one edition, and what their pages are made of, for a hall without a network.
const STORE = "haishi-gates-1";
const GATE = /\/gates\/\d+\/$/;
// What the server says when this device may no longer see the page: it keeps nothing of it either.
const OVER = [401, 403, 404];

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

async function keep(request, response) {
  if (response.ok && !response.redirected) {
    const store = await caches.open(STORE);
    await store.put(request, response.clone());
  }
  return response;
}

async function gate(request) {
  try {
    const response = await fetch(request);
    if (response.type === "opaqueredirect" || OVER.includes(response.status)) await caches.delete(STORE);
    return await keep(request, response);
  } catch (failure) {
    const kept = await caches.match(request, { ignoreVary: true });
    if (kept) return kept;
    throw failure;
  }
}

// Built files carry a hash in their name: what was kept under it is what it still is.
async function part(request) {
  return (await caches.match(request, { ignoreVary: true })) ?? keep(request, await fetch(request));
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    if (GATE.test(url.pathname)) event.respondWith(gate(request));
  } else if (url.pathname.startsWith("/static/")) {
    event.respondWith(part(request));
  }
});

// The page names what it loaded before this worker was in charge.
self.addEventListener("message", (event) => {
  const urls = event.data?.keep;
  if (!Array.isArray(urls)) return;
  event.waitUntil(
    caches.open(STORE).then((store) => Promise.allSettled(urls.map((url) => store.add(url)))),
  );
});
