/**
 * Votes as they are counted, into the poll that stands on the page: `[data-poll]` with `[data-option]` rows, each a `<progress>` and a
 * `[data-votes]`. `body`: {poll, votes: {number: count}, total}.
 */
export function tally(room: ParentNode, body: Record<string, unknown>): void {
  const { poll, votes, total } = body;
  if (typeof poll !== "number" || typeof votes !== "object" || votes === null) return;
  const counts = votes as Record<string, number>;
  const place = room.querySelector(`[data-poll="${poll}"]`);
  if (!place) return;
  const whole = typeof total === "number" ? total : Object.values(counts).reduce((sum, count) => sum + count, 0);
  for (const row of place.querySelectorAll<HTMLElement>("[data-option]")) {
    const count = counts[row.dataset["option"] ?? ""] ?? 0;
    const bar = row.querySelector("progress");
    if (bar) [bar.max, bar.value] = [Math.max(1, whole), count];
    const figure = row.querySelector("[data-votes]");
    if (figure) figure.textContent = String(count);
  }
  const figure = place.querySelector("[data-total]");
  if (figure) figure.textContent = String(whole);
}
