/**
 * Loads an island's program only when its element is on the page.
 * `<hs-upload>` is defined by `islands/upload/index.ts`. An element with `data-load="visible"` waits until the
 * reader comes near it, so that a heavy viewer costs nothing to those who never scroll there.
 */
const programs = import.meta.glob("../islands/*/index.ts");
const asked = new Set<string>();

function load(tag: string): void {
  if (asked.has(tag)) return;
  asked.add(tag);
  const program = programs[`../islands/${tag.slice(3)}/index.ts`];
  // A failed download leaves the server's content in place; the next page tries again.
  program?.().catch(() => asked.delete(tag));
}

export function startIslands(root: ParentNode = document): void {
  const near = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) {
        if (!entry.isIntersecting) continue;
        near.unobserve(entry.target);
        load(entry.target.localName);
      }
    },
    { rootMargin: "300px" },
  );
  const find = (part: ParentNode): void => {
    for (const element of part.querySelectorAll<HTMLElement>(":not(:defined)")) {
      if (!element.localName.startsWith("hs-") || asked.has(element.localName)) continue;
      if (element.dataset["load"] === "visible") near.observe(element);
      else load(element.localName);
    }
  };
  find(root);
  document.addEventListener("htmx:after:swap", () => find(document));
}
