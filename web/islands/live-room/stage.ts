import htmx from "htmx.org";
import type { Player } from "../player/index";
import type { Posted } from "../../wire/messages";

/** How long viewers' questions to the house are spread when something happens to all of them, in milliseconds. */
const SPREAD = 1_200;

/**
 * The parts of the page that the house owns. A part says what concerns it, `data-told="pin unpin"`, and comes again from the house
 * (`hx-get`, `hx-trigger="told"`) when that has happened on the picture. A thousand viewers ask within `SPREAD`, not at once;
 * a part with `data-at-once` does not wait: an unveiling is one moment.
 */
export class Stage {
  #timers = new Set<ReturnType<typeof setTimeout>>();
  readonly #words: HTMLElement | null;

  constructor(
    private readonly room: HTMLElement,
    private readonly player: Player | null,
    private readonly random: () => number = Math.random,
  ) {
    this.#words = room.querySelector("[data-announce]");
  }

  /** Something happened, and its picture is on the screen. */
  happened(posted: Posted): void {
    if (posted.kind === "caption") this.#caption(posted);
    else if (posted.kind === "ended") this.player?.end();
    else if (posted.kind === "live") this.player?.wake();
    const words = posted.body["words"];
    if (typeof words === "string" && words) this.announce(words);
    for (const part of this.room.querySelectorAll<HTMLElement>("[data-told]")) {
      if (!(part.dataset["told"] ?? "").split(" ").includes(posted.kind)) continue;
      if ("atOnce" in part.dataset) htmx.trigger(part, "told");
      else this.#later(part);
    }
  }

  /** Several happenings to one part ask once. */
  #later(part: HTMLElement): void {
    if ("asking" in part.dataset) return;
    part.dataset["asking"] = "";
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      delete part.dataset["asking"];
      if (part.isConnected) htmx.trigger(part, "told");
    }, this.random() * SPREAD);
    this.#timers.add(timer);
  }

  #caption(posted: Posted): void {
    const { text, seconds } = posted.body;
    if (typeof text !== "string") return;
    this.player?.caption?.({ at: posted.at, seconds: typeof seconds === "number" ? seconds : 4, text });
  }

  /** For readers who listen: one line, politely. */
  announce(words: string): void {
    if (this.#words) this.#words.textContent = words;
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }
}
