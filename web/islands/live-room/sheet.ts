import { say } from "../words";

/** A page of the house that was fetched for the sheet. */
export interface Leaf {
  address: string;
  title: string;
  content: Element[];
}

/** Addresses that change who one is: there the page itself must go. */
const OUTSIDE = /^\/account\//;

/** The main part of a page, ready to be put elsewhere. `null`: the answer is no page of ours. */
export function leafOf(text: string, address: string): Leaf | null {
  const page = new DOMParser().parseFromString(text, "text/html");
  const main = page.querySelector("main");
  if (!main) return null;
  const place = main.querySelector(":scope > .wrap") ?? main;
  const notices = [...page.querySelectorAll("#flashes > .notice")];
  const heading = place.querySelector("h1");
  const title = heading?.textContent?.trim() ?? page.title;
  // The sheet has a head of its own, and the ways to the rest of a desk do not belong beside a picture.
  heading?.remove();
  place.querySelector(":scope > .side-nav")?.remove();
  return { address, title, content: [...notices, ...place.children].map((each) => document.importNode(each, true)) };
}

/** Whether the sheet can show this address: ours, and not one where somebody signs in or out. */
export function inside(address: URL, here: Location | URL): boolean {
  return address.origin === here.origin && !OUTSIDE.test(address.pathname);
}

/**
 * A sheet beside the picture in which the house's own pages are read: product, cart, checkout, enquiry, as they are, so that one buys
 * without leaving the live. What another site must do (paying there, signing in) opens where it belongs.
 */
export class Sheet {
  readonly #body: HTMLElement;
  readonly #title: HTMLElement;
  readonly #whole: HTMLAnchorElement | null;
  #asked: AbortController | null = null;
  #address = "";

  constructor(
    private readonly dialog: HTMLDialogElement,
    private readonly fetch: typeof globalThis.fetch = (input, init) => globalThis.fetch(input, init),
  ) {
    this.#body = dialog.querySelector<HTMLElement>("[data-sheet-body]") ?? dialog;
    this.#title = dialog.querySelector<HTMLElement>("[data-sheet-title]") ?? dialog;
    this.#whole = dialog.querySelector<HTMLAnchorElement>("a[data-sheet-whole]");
    dialog.addEventListener("click", this.#clicked);
    dialog.addEventListener("submit", this.#submitted);
    dialog.addEventListener("close", this.#closed);
    dialog.addEventListener("renew", this.#renewed);
  }

  /** Opens the sheet with this page. */
  async open(address: string): Promise<void> {
    if (!this.dialog.open) this.dialog.showModal();
    await this.#turn(new URL(address, location.href));
  }

  leave(): void {
    this.#asked?.abort();
    this.dialog.removeEventListener("click", this.#clicked);
    this.dialog.removeEventListener("submit", this.#submitted);
    this.dialog.removeEventListener("close", this.#closed);
    this.dialog.removeEventListener("renew", this.#renewed);
  }

  readonly #closed = (): void => this.#asked?.abort();

  /** What the page in the sheet shows has changed: that page comes again, not the live behind it. */
  readonly #renewed = (event: Event): void => {
    event.preventDefault();
    if (this.dialog.open) void this.#turn(new URL(this.#address));
  };

  readonly #clicked = (event: MouseEvent): void => {
    const link = (event.target as Element).closest<HTMLAnchorElement>("a[href]");
    if (!link || link === this.#whole || event.ctrlKey || event.metaKey || event.shiftKey || link.target || link.hasAttribute("download")) return;
    const address = new URL(link.getAttribute("href") ?? "", this.#address || location.href);
    if (!/^https?:$/.test(address.protocol)) return;
    event.preventDefault();
    void this.#turn(address);
  };

  readonly #submitted = (event: SubmitEvent): void => {
    const form = event.target as HTMLFormElement;
    if (form.method === "dialog") return;
    event.preventDefault();
    const pressed = event.submitter as HTMLButtonElement | null;
    const fields = new FormData(form, pressed);
    const address = new URL(pressed?.getAttribute("formaction") ?? form.getAttribute("action") ?? "", this.#address || location.href);
    if (form.method === "get") {
      address.search = new URLSearchParams([...fields].map(([name, value]) => [name, String(value)])).toString();
      void this.#turn(address);
    } else void this.#turn(address, fields);
  };

  async #turn(address: URL, fields?: FormData): Promise<void> {
    // Back to the live: it is still here.
    if (address.origin === location.origin && address.pathname === location.pathname) return this.dialog.close();
    if (!inside(address, location)) return this.#away(address);
    this.#asked?.abort();
    const asked = (this.#asked = new AbortController());
    this.#body.setAttribute("aria-busy", "true");
    try {
      const answer = await this.fetch(address, { ...(fields ? { method: "POST", body: fields } : {}), signal: asked.signal });
      const arrived = new URL(answer.url || address.href);
      if (!inside(arrived, location)) return this.#away(arrived);
      const leaf = leafOf(await answer.text(), arrived.href);
      if (leaf) this.#show(leaf);
      else this.#fail(address);
    } catch {
      // Another page was wanted meanwhile; or the way led to another site (a payment), which answers no script of ours.
      if (!asked.signal.aborted) this.#fail(address);
    } finally {
      if (asked === this.#asked) this.#body.removeAttribute("aria-busy");
    }
  }

  #show(leaf: Leaf): void {
    this.#address = leaf.address;
    this.#title.textContent = leaf.title;
    if (this.#whole) this.#whole.href = leaf.address;
    this.#body.replaceChildren(...leaf.content);
    this.dialog.scrollTop = 0;
    // Islands of the page that came are fetched like those of a fragment.
    document.dispatchEvent(new CustomEvent("htmx:after:swap", { detail: { ctx: { swap: "none" } } }));
    const wanted = this.#body.querySelector<HTMLElement>("[data-error-summary], [data-focus]") ?? this.#title;
    wanted.focus();
  }

  #fail(address: URL): void {
    const words = document.createElement("p");
    words.textContent = say("这一步要在单独的页面完成，直播会留在这里。", "This step needs a page of its own; the live stays here.");
    const link = Object.assign(document.createElement("a"), { href: address.href, target: "_blank", rel: "noopener", className: "btn btn-primary" });
    link.textContent = say("打开", "Open");
    this.#body.replaceChildren(words, link);
    link.focus();
  }

  /** Another site in a window of its own; signing in takes the page along and comes back to it. */
  #away(address: URL): void {
    if (address.origin !== location.origin) return this.#fail(address);
    const back = new URL(address);
    if (/login|signup/.test(back.pathname)) back.searchParams.set("next", location.pathname);
    location.assign(back);
  }
}

/** Links `data-sheet="address"` in `host` open the house's page beside the picture; without script they lead to it. Returns the undoing. */
export function attachSheet(host: HTMLElement): () => void {
  const dialog = host.querySelector<HTMLDialogElement>("dialog[data-sheet-dialog]");
  if (!dialog) return () => {};
  const sheet = new Sheet(dialog);
  const clicked = (event: MouseEvent): void => {
    const link = (event.target as Element).closest<HTMLAnchorElement | SVGAElement>("a[data-sheet]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    void sheet.open(link.dataset["sheet"] || link.getAttribute("href") || "");
  };
  host.addEventListener("click", clicked);
  return () => {
    host.removeEventListener("click", clicked);
    sheet.leave();
  };
}
