/**
 * The list of questions as the house tells that it stands: `[data-question]` rows with a `[data-upvotes]`, in the order of `body.order`,
 * [[question, upvotes]]. False when a question is told that does not stand here, or one stands here that is not told any more. The focus stays where it is.
 */
export function reorder(place: HTMLElement, body: Record<string, unknown>): boolean {
  const { order } = body;
  if (!Array.isArray(order)) return true;
  const rows = new Map([...place.querySelectorAll<HTMLElement>("[data-question]")].map((row) => [row.dataset["question"] ?? "", row]));
  const told = order.filter((each): each is [number, number] => Array.isArray(each) && each.length === 2);
  const whole = told.length === rows.size && told.every(([question]) => rows.has(String(question)));
  const sorted = told.flatMap(([question, upvotes]) => {
    const row = rows.get(String(question));
    const figure = row?.querySelector("[data-upvotes]");
    if (figure) figure.textContent = String(upvotes);
    return row ? [row] : [];
  });
  const held = place.contains(document.activeElement) ? (document.activeElement as HTMLElement) : null;
  // Rows that stand where they should are not moved: moving takes the focus away and starts what is read aloud anew.
  let before: Element | null = null;
  for (const row of sorted) {
    const expected: Element | null = before ? before.nextElementSibling : (row.parentElement?.firstElementChild ?? null);
    if (expected !== row) row.parentElement?.insertBefore(row, expected);
    before = row;
  }
  if (held && document.activeElement !== held) held.focus({ preventScroll: true });
  return whole;
}
