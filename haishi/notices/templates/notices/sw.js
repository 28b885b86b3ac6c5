// Shows push messages while no page of the platform is open, and opens what they lead to.
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("push", (event) => {
  const told = event.data ? event.data.json() : {};
  event.waitUntil(
    self.registration.showNotification(told.title || "海市", {
      body: told.body || "",
      tag: told.tag,
      icon: "/static/haishi.svg",
      data: { url: told.url || "/notices/" },
    }),
  );
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const target = new URL(event.notification.data.url, self.location.origin);
  if (target.origin !== self.location.origin) return;
  event.waitUntil(
    self.clients.matchAll({ type: "window", includeUncontrolled: true }).then((pages) => {
      const open = pages.find((page) => page.url === target.href);
      return open ? open.focus() : self.clients.openWindow(target.href);
    }),
  );
});
