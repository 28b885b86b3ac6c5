/** A strip of links that scrolls sideways starts where the reader is: the current link stands in view. */
export function startStrips(root: ParentNode = document): void {
  for (const strip of root.querySelectorAll<HTMLElement>(".site-nav, .side-nav, .tabs, .filters ul")) {
    const here = strip.querySelector<HTMLElement>("[aria-current]");
    if (!here || strip.scrollWidth <= strip.clientWidth) continue;
    const offset = here.getBoundingClientRect().left - strip.getBoundingClientRect().left;
    strip.scrollLeft += offset - (strip.clientWidth - here.offsetWidth) / 2;
  }
}
