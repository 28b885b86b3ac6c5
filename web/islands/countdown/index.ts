import { html, nothing, type TemplateResult } from "lit";
import { offsetFromPage, parts, remaining } from "../clock";
import { define, Island } from "../island";
import { say } from "../words";

const two = (value: number): string => String(value).padStart(2, "0");

let known: number | undefined;

/** The page's clock error, measured once: a fragment that comes later has a newer `now` but the same clock. */
const serverOffset = (now: number): number => (known ??= offsetFromPage(now));

/**
 * `<hs-countdown until="…" now="…">`: counts down on the server's clock. Both are ISO 8601 instants; without `now` this
 * computer's clock is believed. Fires a bubbling `due` event once, which a fragment may use as its `hx-trigger`.
 */
class Countdown extends Island {
  #until = 0;
  #offset = 0;
  #due = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#until = Date.parse(this.getAttribute("until") ?? "");
    const now = Date.parse(this.getAttribute("now") ?? "");
    this.#offset = Number.isNaN(now) ? 0 : serverOffset(now);
    this.onLeave(() => clearTimeout(this.#timer));
    this.#tick();
    this.listen(document, "visibilitychange", () => this.#tick());
  }

  #tick(): void {
    this.requestUpdate();
    const left = remaining(this.#until, this.#offset, Date.now());
    clearTimeout(this.#timer);
    if (left > 0) {
      // The next full second of what is left, so that the last tick falls on the instant itself.
      this.#timer = setTimeout(() => this.#tick(), left % 1000 || 1000);
      return;
    }
    if (this.#due) return;
    this.#due = true;
    this.dispatchEvent(new CustomEvent("due", { bubbles: true }));
  }

  protected override render(): TemplateResult | typeof nothing {
    if (Number.isNaN(this.#until)) return nothing;
    const left = remaining(this.#until, this.#offset, Date.now());
    if (left === 0) return html`<span class="number">${say("现在", "now")}</span>`;
    const { days, hours, minutes, seconds } = parts(left);
    const clock = `${two(hours)}:${two(minutes)}:${two(seconds)}`;
    return html`<span class="number" role="timer">${days ? say(`${days} 天 ${clock}`, `${days} d ${clock}`) : clock}</span>`;
  }
}

define("hs-countdown", Countdown);
