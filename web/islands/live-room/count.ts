import { offsetFromPage, parts, remaining } from "../clock";
import { say } from "../words";

const two = (value: number): string => String(value).padStart(2, "0");

/** 2 天 03:04:05, or only the clock on the last day. */
export function countText(left: number): string {
  const { days, hours, minutes, seconds } = parts(left);
  const clock = `${two(hours)}:${two(minutes)}:${two(seconds)}`;
  return days ? say(`${days} 天 ${clock}`, `${days} d ${clock}`) : clock;
}

/**
 * Counts `<time data-count-to datetime="…">` down on the clock of the picture, so that zero falls where the host says "now"; without a
 * picture on the server's clock. At zero the part around it is asked for again, once, in the same second for everybody.
 */
export class Count {
  #offset: number | undefined;
  readonly #due = new WeakSet<Element>();

  constructor(
    private readonly room: HTMLElement,
    private readonly ask: (part: HTMLElement) => void,
  ) {}

  /** `at`: the picture on the screen, milliseconds since 1970; `null`: none moves. */
  move(at: number | null, now: number): void {
    for (const time of this.room.querySelectorAll<HTMLTimeElement>("time[data-count-to]")) {
      const until = Date.parse(time.dateTime);
      if (Number.isNaN(until)) continue;
      const left = at === null ? remaining(until, this.#skew(time), now) : Math.max(0, until - at);
      const text = left > 0 ? countText(left) : say("现在", "now");
      if (time.textContent !== text) time.textContent = text;
      if (left > 0 || this.#due.has(time)) continue;
      this.#due.add(time);
      const part = time.closest<HTMLElement>("[data-told]");
      if (part) this.ask(part);
    }
  }

  #skew(time: HTMLElement): number {
    const now = Date.parse(time.dataset["now"] ?? "");
    this.#offset ??= Number.isNaN(now) ? 0 : offsetFromPage(now);
    return this.#offset;
  }
}
