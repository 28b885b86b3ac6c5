import htmx from "htmx.org";
import { flash, showRefusal, troubleFor } from "./flash";
import { focusAfterSwap } from "./focus";

interface Context {
  request: { method: string; headers: Record<string, string>; body: FormData | URLSearchParams | null };
  response?: { status: number };
  text?: string;
  target?: Element;
  swap?: string;
}

const context = (event: Event): Context => (event as CustomEvent<{ ctx: Context }>).detail.ctx;

function csrfToken(): string {
  const meta = document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content;
  return meta ?? /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? "";
}

/**
 * htmx with the house rules: fragments of 409 and 422 are shown (they carry the form with its mistakes), every other refusal and
 * a lost connection becomes a notice and leaves the page as it was, nothing is evaluated, nothing is styled inline.
 */
export function startFragments(): void {
  // The type says numbers; the program compares text and knows "5xx" (dist/htmx.esm.js, handleStatusCodes).
  const left = [204, 304, "400", "401", "403", "404", "405", "410", "413", "429", "5xx"];
  htmx.config.noSwap = left as unknown as number[];
  htmx.config.defaultSwap = "outerHTML";
  htmx.config.defaultTimeout = 30_000;
  // Pages come from the server on "back": its answer is right for the reader, a kept copy may not be.
  htmx.config.history = "reload";

  document.addEventListener("htmx:config:request", (event) => {
    const { request } = context(event);
    if (request.method === "GET") return;
    const token = csrfToken();
    if (token) request.headers["X-CSRFToken"] = token;
  });
  document.addEventListener("htmx:response:error", (event) => {
    const ctx = context(event);
    const status = ctx.response?.status ?? 0;
    if (showRefusal(ctx.text ?? "")) ctx.swap = "none";
    else if (status !== 409 && status !== 422) flash(troubleFor(status));
  });
  document.addEventListener("htmx:error", (event) => {
    if (context(event)?.request) flash("offline");
  });
  document.addEventListener("htmx:after:swap", (event) => {
    const { target, swap } = context(event);
    if (swap === "none" || !target) return;
    const fragment = target.isConnected ? target : document.getElementById(target.id);
    if (fragment instanceof HTMLElement && fragment !== document.body) focusAfterSwap(fragment);
  });
}
