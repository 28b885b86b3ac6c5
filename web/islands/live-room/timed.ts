/** Anything that belongs to a picture; `at`: milliseconds since 1970 on the stream's clock. */
export interface Timed {
  at: number;
}

/**
 * Holds back what belongs to pictures that this viewer has not seen yet, so that nobody reads "sold" before the hammer falls.
 *
 * A viewer without a moving picture (paused, no stream, no script for it) gets everything at once. Nothing waits longer than
 * `most` milliseconds: a stream clock that is wrong must not swallow a room.
 */
export class Held<T extends Timed> {
  #waiting: { item: T; since: number }[] = [];

  constructor(private readonly most: number) {}

  get length(): number {
    return this.#waiting.length;
  }

  add(item: T, now: number): void {
    this.#waiting.push({ item, since: now });
  }

  /** What may be shown now, in the order it came. `at`: the picture on the screen, `null`: none moves. */
  release(at: number | null, now: number): T[] {
    const due: T[] = [];
    // The room's order is kept: what came later never passes what came before it.
    while (this.#waiting[0]) {
      const { item, since } = this.#waiting[0];
      if (at !== null && item.at > at && now - since < this.most) break;
      due.push(item);
      this.#waiting.shift();
    }
    return due;
  }
}
