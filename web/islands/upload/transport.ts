import type { Answer, Call } from "./tus";

/** XMLHttpRequest, because fetch does not say how much of a body has left. */
export function send(call: Call): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(call.method, call.url);
    for (const [name, value] of Object.entries(call.headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = (event) => call.sent?.(event.loaded);
    request.onload = () =>
      resolve({ status: request.status, text: request.responseText, header: (name) => request.getResponseHeader(name) });
    request.onerror = () => reject(new TypeError("network"));
    request.onabort = () => reject(new DOMException("stopped", "AbortError"));
    call.signal.addEventListener("abort", () => request.abort(), { once: true });
    request.send(call.body ?? null);
  });
}
