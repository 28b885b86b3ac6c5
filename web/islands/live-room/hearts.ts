/** Presses of the heart, sent together: at most `most` each `every` milliseconds, the rest next time. */
export class Presses {
  #count = 0;

  constructor(private readonly most = 20) {}

  press(): void {
    this.#count += 1;
  }

  /** How many to send now. */
  take(): number {
    const count = Math.min(this.most, this.#count);
    this.#count -= count;
    return count;
  }
}

/**
 * All hearts of a live. A gateway counts from its own beginning, the house (`before`, when it wrote the page) from the live's: what the
 * gateway does not know is added, also when another one takes over and begins at nothing.
 */
export class Likes {
  #missing: number | null = null;
  #last = 0;

  constructor(private readonly before: number) {}

  whole(counted: number): number {
    if (this.#missing === null) this.#missing = Math.max(0, this.before - counted);
    else if (counted < this.#last) this.#missing += this.#last - counted;
    this.#last = counted;
    return counted + this.#missing;
  }
}

/** Hearts on the picture at one time. */
const MOST = 24;

/** Lets a heart rise over the picture; with reduced motion the figure alone tells. */
export function rise(place: HTMLElement, random: () => number = Math.random): void {
  if (matchMedia("(prefers-reduced-motion: reduce)").matches || place.querySelectorAll(".heart").length >= MOST) return;
  const heart = document.createElement("span");
  heart.className = "heart";
  heart.setAttribute("aria-hidden", "true");
  heart.style.setProperty("--drift", `${Math.round((random() - 0.5) * 60)}px`);
  heart.style.setProperty("--turn", `${Math.round((random() - 0.5) * 40)}deg`);
  place.append(heart);
  heart.addEventListener("animationend", () => heart.remove(), { once: true });
  // An animation that never runs (hidden page) must not leave its heart behind.
  setTimeout(() => heart.remove(), 4_000);
}
