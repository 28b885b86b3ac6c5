/** Something that happened at a second of the replay. */
export interface Dated {
  seconds: number;
}

/** More than this between two looks is a jump, not play (double speed and a slow page included), in seconds. */
const JUMP = 3;

/** What the replay tells at which second: each once while it plays, and after a jump what holds there. */
export class Schedule<T extends Dated> {
  #items: T[] = [];
  #last = -1;

  /** Takes items in any order. */
  add(items: readonly T[]): void {
    this.#items = [...this.#items, ...items].sort((one, other) => one.seconds - other.seconds);
  }

  /** All up to this second. */
  until(seconds: number): T[] {
    return this.#items.slice(0, this.#after(seconds));
  }

  /** The replay stands at this second now: what has happened since the last look, `null` after a jump. */
  move(seconds: number): T[] | null {
    const last = this.#last;
    this.#last = seconds;
    if (last < 0 ? seconds > JUMP : seconds < last || seconds - last > JUMP) return null;
    return this.#items.slice(this.#after(last), this.#after(seconds));
  }

  /** How many items are at or before this second. */
  #after(seconds: number): number {
    let [low, high] = [0, this.#items.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#items[middle] as T).seconds <= seconds) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
