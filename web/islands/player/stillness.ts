/** A live whose picture stands this long is stalled, and after `DEAD` dead, in milliseconds: no event says that an origin died. */
export const STILL = 2_000;
export const DEAD = 8_000;

/** Whether the picture of a live moves at all. */
export class Stillness {
  #time = -1;
  #since = 0;

  /** `time`: of the picture now; `runs`: it should move. After "dead" the count begins anew. */
  look(time: number, runs: boolean, now: number): "moves" | "still" | "dead" {
    if (!runs || time !== this.#time) {
      [this.#time, this.#since] = [time, now];
      return "moves";
    }
    if (now - this.#since < STILL) return "moves";
    if (now - this.#since < DEAD) return "still";
    this.#since = now;
    return "dead";
  }
}
