/**
 * How long to wait before the next try: doubling from one second to ten, a random half of it, so that everybody who lost the
 * same origin does not come back in the same moment.
 */
export class Patience {
  #tries = 0;

  constructor(
    private readonly first = 1000,
    private readonly most = 10_000,
    private readonly random: () => number = Math.random,
  ) {}

  get tries(): number {
    return this.#tries;
  }

  /** Milliseconds until the next try. */
  next(): number {
    const span = Math.min(this.most, this.first * 2 ** this.#tries);
    this.#tries += 1;
    return span / 2 + (span / 2) * this.random();
  }

  /** It worked: the next failure begins anew. */
  rest(): void {
    this.#tries = 0;
  }
}
