import { LitElement } from "lit";

/**
 * An island: light DOM, reads its JSON once, undoes itself when it leaves the page.
 *
 * Its content is what the server wrote and stays the page of a reader without script. An island that draws does so in its child
 * marked `data-render` (emptied before the first drawing, so the fallback goes), or after its own content when there is none.
 */
export abstract class Island<Props extends object = Record<string, never>> extends LitElement {
  #undo: (() => void)[] = [];
  #props: Props | undefined;

  /** The island's JSON: `<script type="application/json">` inside the element, `{}` when there is none. */
  protected get props(): Props {
    this.#props ??= JSON.parse(
      this.querySelector(":scope > script[type='application/json']")?.textContent ?? "{}",
    ) as Props;
    return this.#props;
  }

  protected override createRenderRoot(): HTMLElement {
    const place = this.querySelector<HTMLElement>("[data-render]");
    place?.replaceChildren();
    return place ?? this;
  }

  /** Remembers what must be undone when the element leaves the page. */
  protected onLeave(undo: () => void): void {
    this.#undo.push(undo);
  }

  /** Listens on anything for as long as this element is on the page. */
  protected listen<E extends Event>(
    target: EventTarget,
    type: string,
    heard: (event: E) => void,
    options?: AddEventListenerOptions,
  ): void {
    target.addEventListener(type, heard as EventListener, options);
    this.onLeave(() => target.removeEventListener(type, heard as EventListener, options));
  }

  override disconnectedCallback(): void {
    for (const undo of this.#undo.splice(0)) undo();
    super.disconnectedCallback();
  }
}

/** Defines an island once: a build may carry the same island in two pages' programs. */
export function define(tag: string, island: CustomElementConstructor): void {
  if (!customElements.get(tag)) customElements.define(tag, island);
}
