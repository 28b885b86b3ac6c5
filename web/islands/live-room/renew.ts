/**
 * Fetches a part of the page (`data-part`) and puts it in the old one's place. Nobody pressed anything: the focus stays where it is,
 * and a part in which somebody writes is left alone until the next time.
 */
export async function renew(
  part: HTMLElement,
  /** Makes what came work: htmx attributes. */
  ready: (node: HTMLElement) => void,
  get: typeof fetch = (input, init) => fetch(input, init),
): Promise<void> {
  const address = part.dataset["part"];
  if (!address || part.contains(document.activeElement?.closest("input, textarea, select") ?? null)) return;
  let text: string;
  try {
    const answer = await get(address, { headers: { "HX-Request": "true", Accept: "text/html" } });
    if (!answer.ok) return;
    text = await answer.text();
  } catch {
    return; // The house does not answer: what stands here stays.
  }
  const fresh = new DOMParser().parseFromString(text, "text/html").getElementById(part.id);
  if (!fresh || !part.isConnected) return;
  const held = part.contains(document.activeElement) ? document.activeElement?.id : "";
  const node = document.importNode(fresh, true);
  part.replaceWith(node);
  ready(node);
  // Islands that came with it are fetched like those of a fragment.
  document.dispatchEvent(new CustomEvent("htmx:after:swap", { detail: { ctx: { swap: "none" } } }));
  if (held) document.getElementById(held)?.focus({ preventScroll: true });
}
