import { html, nothing, type TemplateResult } from "lit";
import { define, Island } from "../island";
import { sign } from "../player/signs";
import { say } from "../words";
import { Layer, type Line } from "./layer";
import { keep, read, type Wishes } from "./settings";

/**
 * `<hs-danmaku>`: a canvas over whatever `over` is, and the settings of it where the element itself stands (a button that opens
 * a small sheet). With reduced motion nothing moves over the picture: lines stand in the list alone.
 */
export class Danmaku extends Island {
  #wishes: Wishes = read(localStorage);
  #layer: Layer | null = null;
  #still = matchMedia("(prefers-reduced-motion: reduce)");
  #watch: ResizeObserver | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.listen(this.#still, "change", () => {
      if (this.#still.matches) this.#layer?.clear();
      this.requestUpdate();
    });
    this.onLeave(() => {
      this.#watch?.disconnect();
      this.#layer?.close();
      this.#layer = null;
    });
  }

  /** Lies over this element from now on. */
  over(place: HTMLElement): void {
    this.#layer?.close();
    const layer = (this.#layer = new Layer(this.#wishes));
    place.append(layer.canvas);
    this.#watch?.disconnect();
    this.#watch = new ResizeObserver(([entry]) => {
      if (entry) layer.resize(entry.contentRect.width, entry.contentRect.height, Math.min(2, devicePixelRatio));
    });
    this.#watch.observe(place);
  }

  /** Whether lines run at all. */
  get running(): boolean {
    return this.#wishes.on && !this.#still.matches;
  }

  add(line: Line): boolean {
    return this.running && (this.#layer?.add(line) ?? false);
  }

  /** Lines stand while the picture stands. */
  move(moving: boolean): void {
    this.#layer?.move(moving);
  }

  /** The picture jumped: lines of another moment go. */
  clear(): void {
    this.#layer?.clear();
  }

  /** Milliseconds of the last frame and lines on it. */
  get load(): { cost: number; lines: number } {
    return { cost: this.#layer?.cost ?? 0, lines: this.#layer?.count ?? 0 };
  }

  toggle(): void {
    this.#change({ on: !this.#wishes.on });
  }

  #change(change: Partial<Wishes>): void {
    this.#wishes = { ...this.#wishes, ...change };
    keep(localStorage, this.#wishes);
    this.#layer?.set(this.#wishes);
    this.requestUpdate();
  }

  #slider(name: "opacity" | "size" | "area", label: string, least: number, most: number, step: number): TemplateResult {
    return html`<label class="danmaku-wish"><span>${label}</span>
      <input type="range" min=${least} max=${most} step=${step} .value=${String(this.#wishes[name])}
        @input=${(event: Event) => this.#change({ [name]: Number((event.target as HTMLInputElement).value) })}></label>`;
  }

  protected override render(): TemplateResult {
    return html`<div class="row danmaku-switch">
      <button type="button" class="btn btn-small btn-quiet" aria-pressed=${this.#wishes.on} @click=${() => this.toggle()}>
        ${sign("danmaku")}${this.#wishes.on ? say("弹幕开", "Danmaku on") : say("弹幕关", "Danmaku off")}</button>
      <details class="menu"><summary class="btn btn-small btn-quiet" aria-label=${say("弹幕设置", "Danmaku settings")}>${sign("gear")}</summary>
        <div class="menu-panel">
          ${this.#still.matches ? html`<p class="small">${say("系统要求减少动画，弹幕只显示在列表里。", "Your system asks for less motion: lines stand in the list only.")}</p>` : nothing}
          ${this.#slider("opacity", say("浓淡", "Opacity"), 0.2, 1, 0.1)}
          ${this.#slider("size", say("字号", "Size"), 14, 36, 2)}
          ${this.#slider("area", say("区域", "Area"), 0.25, 1, 0.25)}
        </div></details></div>`;
  }
}

define("hs-danmaku", Danmaku);
