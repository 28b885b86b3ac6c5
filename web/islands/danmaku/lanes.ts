/** A line on its way across the picture; lengths in CSS pixels, times in milliseconds of the layer's own clock. */
export interface Flight {
  width: number;
  /** Pixels a millisecond. */
  speed: number;
  /** When its head is at the right edge. */
  began: number;
}

/** How long a line of no length takes to cross, in milliseconds: long enough to read, short enough for the next. */
export const CROSSING = 8_000;
/** Between two lines of a lane, so that they never read as one. */
export const GAP = 24;

/** A line's speed: every line is on the picture for the same time, so longer ones run faster. */
export const speedOf = (width: number, stage: number): number => (stage + width) / CROSSING;

/** Where a line's head is at `now`: `stage` at the beginning, below zero when it is leaving. */
export const headOf = (flight: Flight, stage: number, now: number): number => stage - (now - flight.began) * flight.speed;

/** When a line's tail has left on the left. */
export const gone = (flight: Flight, stage: number): number => flight.began + (stage + flight.width) / flight.speed;

/** Whether `next`, beginning behind `before` in its lane, touches it before it is gone. Both run straight: two instants decide. */
export function touches(before: Flight, next: Flight, stage: number): boolean {
  const tail = (at: number): number => headOf(before, stage, at) + before.width + GAP;
  if (tail(next.began) > headOf(next, stage, next.began)) return true;
  const last = gone(before, stage);
  return last > next.began && headOf(next, stage, last) < GAP;
}

/** Lanes from the top down; a lane remembers its last line only, as nothing overtakes. */
export class Lanes {
  #last: (Flight | null)[] = [];

  constructor(count: number) {
    this.resize(count);
  }

  get count(): number {
    return this.#last.length;
  }

  resize(count: number): void {
    this.#last = Array.from({ length: Math.max(1, count) }, (_, lane) => this.#last[lane] ?? null);
  }

  clear(): void {
    this.#last.fill(null);
  }

  /** The first lane where the line touches no other, or -1. It is taken. */
  take(flight: Flight, stage: number): number {
    const lane = this.#last.findIndex((before) => !before || !touches(before, flight, stage));
    if (lane >= 0) this.#last[lane] = flight;
    return lane;
  }

  /** The lane whose line is furthest on its way, for a line that must be shown (the reader's own). */
  force(flight: Flight, stage: number): number {
    const free = this.take(flight, stage);
    if (free >= 0) return free;
    let best = 0;
    const tail = (before: Flight | null): number => (before ? headOf(before, stage, flight.began) + before.width : 0);
    this.#last.forEach((before, lane) => {
      if (tail(before) < tail(this.#last[best] ?? null)) best = lane;
    });
    this.#last[best] = flight;
    return best;
  }
}

/** Places of lines that stand still (top, bottom) for a while. */
export class Shelf {
  #until: number[] = [];

  /** The first free place, taken until `until`; -1 when all `most` are taken. */
  take(now: number, until: number, most: number): number {
    for (let place = 0; place < most; place += 1) {
      if ((this.#until[place] ?? 0) > now) continue;
      this.#until[place] = until;
      return place;
    }
    return -1;
  }

  clear(): void {
    this.#until = [];
  }
}
