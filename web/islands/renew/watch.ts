/** How often the house is asked, in milliseconds, and how many times at most: five minutes. */
export const EVERY = 3_000;
export const TIMES = 100;

/**
 * Asks `src` for `{state}` until it is another than `state`; false when that never happened. A failed question counts as one; while the
 * page is out of sight nothing is asked.
 */
export async function changed(
  src: string,
  state: string,
  pause: (ms: number) => Promise<void>,
  fetch: typeof globalThis.fetch,
  stopped: () => boolean,
): Promise<boolean> {
  for (let asked = 0; asked < TIMES && !stopped(); ) {
    await pause(EVERY);
    if (stopped()) return false;
    if (document.hidden) continue;
    asked += 1;
    try {
      const answer = await fetch(src, { headers: { Accept: "application/json" } });
      if (answer.ok && ((await answer.json()) as { state?: string }).state !== state) return true;
    } catch {
      // The network was away for a moment.
    }
  }
  return false;
}
