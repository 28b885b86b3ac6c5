/** Moves focus to the summary of mistakes, when there is one, so that it is read first. Returns whether it did. */
export function focusErrorSummary(root: ParentNode): boolean {
  const summary = root.querySelector<HTMLElement>("[data-error-summary]");
  summary?.focus();
  return summary !== null;
}

/**
 * After a fragment was replaced: mistakes first, then whatever asked for focus, and if the pressed control has gone with the
 * old fragment, the new fragment itself, so that a keyboard or a screen reader never falls back to the top of the page.
 */
export function focusAfterSwap(fragment: HTMLElement): void {
  if (focusErrorSummary(fragment)) return;
  const wanted = fragment.querySelector<HTMLElement>("[data-focus]");
  if (wanted) {
    wanted.focus();
    return;
  }
  if (document.activeElement && document.activeElement !== document.body) return;
  if (!fragment.hasAttribute("tabindex")) fragment.tabIndex = -1;
  fragment.focus({ preventScroll: true });
}
