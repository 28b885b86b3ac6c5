/** A line of what is said, for the pictures from `at`, milliseconds since 1970, for `seconds`. */
export interface Cue {
  at: number;
  seconds: number;
  text: string;
}

/** Captions of a live, which come one by one and are shown with their picture. */
export class Captions {
  shown = true;
  #cues: Cue[] = [];
  #text = "";
  #any = false;

  /** Whether this live has captions at all. */
  get any(): boolean {
    return this.#any;
  }

  /** What stands under the picture now. */
  get text(): string {
    return this.#text;
  }

  add(cue: Cue): void {
    this.#any = true;
    this.#cues.push(cue);
  }

  /** The picture of this instant is on the screen; `null`: none is known, then the newest line stands. */
  move(at: number | null): void {
    if (at === null) {
      this.#text = this.#cues.at(-1)?.text ?? "";
      return;
    }
    this.#cues = this.#cues.filter((cue) => cue.at + cue.seconds * 1000 > at);
    this.#text = this.#cues.filter((cue) => cue.at <= at).at(-1)?.text ?? "";
  }
}
