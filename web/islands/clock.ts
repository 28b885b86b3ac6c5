/**
 * The server's clock, seen from here.
 *
 * `now` is the server's instant when it wrote the page; the page began to arrive at `responseStart`. What lies between is this
 * computer's error (a wrong clock) plus the way of the first byte, which is small beside a second.
 */
export function offsetFromPage(now: number): number {
  const [page] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  const arrived = performance.timeOrigin + (page?.responseStart ?? 0);
  return now - arrived;
}

/** Milliseconds until `until`, never negative, on a clock that is `offset` ahead of this computer's. */
export const remaining = (until: number, offset: number, local: number): number =>
  Math.max(0, until - (local + offset));

export interface Parts {
  days: number;
  hours: number;
  minutes: number;
  seconds: number;
}

/** Whole days, hours, minutes and seconds; a started second counts, so that zero means "now". */
export function parts(milliseconds: number): Parts {
  const total = Math.ceil(milliseconds / 1000);
  return {
    days: Math.floor(total / 86_400),
    hours: Math.floor(total / 3_600) % 24,
    minutes: Math.floor(total / 60) % 60,
    seconds: total % 60,
  };
}
