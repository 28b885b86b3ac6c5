import type { Posted } from "../../wire/messages";
import type { Cue } from "../player/captions";
import { reorder } from "./questions";
import { tally } from "./tally";

/** What the stage asks of a player; one whose program has not come yet has none of it. */
export interface Screen {
  end?(): void;
  wake?(): void;
  caption?(cue: Cue): void;
}

/** How long viewers' questions to the house are spread when something happens to all of them, in milliseconds. */
const SPREAD = 1_200;

/**
 * The parts of the page that the house owns. A part says what concerns it, `data-told="pin unpin"`, and where it comes from,
 * `data-part="/live/…?part=pin"`; it comes again when that has happened on the picture. A thousand viewers ask within `SPREAD`, not at once;
 * a part with `data-at-once` does not wait: an unveiling is one moment.
 */
export class Stage {
  #timers = new Set<ReturnType<typeof setTimeout>>();

  constructor(
    private readonly room: HTMLElement,
    private readonly screen: Screen | null,
    private readonly renew: (part: HTMLElement) => void,
    private readonly random: () => number = Math.random,
  ) {}

  /** Something happened, and its picture is on the screen. */
  happened(posted: Posted): void {
    if (posted.kind === "tally" || posted.kind === "poll_closed") tally(this.room, posted.body);
    if (posted.kind === "questions") this.#questions(posted);
    if (posted.kind === "caption") this.#caption(posted);
    if (posted.kind === "state") this.#turn(String(posted.body["state"]));
    for (const part of this.room.querySelectorAll<HTMLElement>("[data-told]")) {
      if (!(part.dataset["told"] ?? "").split(" ").includes(posted.kind)) continue;
      if ("atOnce" in part.dataset) this.ask(part);
      else this.#later(part);
    }
  }

  #turn(state: string): void {
    if (state === "ended") this.screen?.end?.();
    else if (state === "live" || state === "degraded") {
      this.screen?.wake?.();
      this.#opens();
    }
  }

  /** Who came before the doors opened gets what belongs to a live without a reload. */
  #opens(): void {
    for (const each of this.room.querySelectorAll<HTMLElement>("[data-once-live]")) each.hidden = false;
    for (const each of this.room.querySelectorAll<HTMLElement>("[data-until-live]")) each.hidden = true;
  }

  /** The part comes again from the house, now. */
  ask(part: HTMLElement): void {
    if (part.isConnected) this.renew(part);
  }

  /** Several happenings to one part ask once. */
  #later(part: HTMLElement): void {
    if ("asking" in part.dataset) return;
    part.dataset["asking"] = "";
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      delete part.dataset["asking"];
      this.ask(part);
    }, this.random() * SPREAD);
    this.#timers.add(timer);
  }

  /** Upvotes move what stands here; only a question that does not makes the list come again. */
  #questions({ body }: Posted): void {
    const list = this.room.querySelector<HTMLElement>("#room-questions");
    if (list && !reorder(list, body)) this.#later(list);
  }

  #caption({ at, body }: Posted): void {
    const { text, until, language } = body;
    if (typeof text !== "string" || !text) return;
    const wanted = document.documentElement.lang.slice(0, 2);
    if (typeof language === "string" && !language.startsWith(wanted) && !this.room.hasAttribute("data-one-language")) return;
    const seconds = typeof until === "number" && until > at ? (until - at) / 1000 : 4;
    this.screen?.caption?.({ at, seconds, text });
  }

  /** One line for readers who listen, politely; a refusal is for everybody's eyes, too. */
  announce(words: string, refusal = false): void {
    const place = this.room.querySelector("[data-announce]");
    if (!place) return;
    place.textContent = words;
    place.classList.toggle("visually-hidden", !refusal);
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }
}
