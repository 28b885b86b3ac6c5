import { define, Island } from "../island";
import { say } from "../words";
import { nearest, type Way } from "./nearest";

const WAYS: Record<string, Way> = { ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down" };

/**
 * `<hs-floor-plan>` around the server's `<svg>` whose booths are links. Adds: arrow keys from booth to booth (the plan is one stop of the
 * Tab key), the booth's `data-name` under the pointer or focus, and buttons that zoom. The plan works without it.
 */
class FloorPlan extends Island {
  #svg: SVGSVGElement | null = null;
  #whole = { x: 0, y: 0, width: 0, height: 0 };
  #name = document.createElement("p");

  override connectedCallback(): void {
    super.connectedCallback();
    this.#svg = this.querySelector("svg");
    const links = this.#links();
    const first = links[0];
    if (!this.#svg || !first) return;
    const { x, y, width, height } = this.#svg.viewBox.baseVal;
    this.#whole = { x, y, width, height };
    links.forEach((link) => link.setAttribute("tabindex", "-1"));
    (links.find((link) => link.hasAttribute("aria-current")) ?? first).setAttribute("tabindex", "0");
    this.#name.className = "plan-name";
    this.#name.setAttribute("aria-hidden", "true");
    const tools = this.#tools();
    this.append(this.#name, tools);
    this.onLeave(() => (this.#name.remove(), tools.remove()));
    this.listen<KeyboardEvent>(this.#svg, "keydown", (event) => this.#walk(event));
    this.listen(this.#svg, "focusin", (event) => this.#say(event.target));
    this.listen(this.#svg, "pointerover", (event) => this.#say(event.target));
    this.listen(this.#svg, "pointerleave", () => this.#say(document.activeElement));
    this.#pan(this.#svg);
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  #links(): SVGAElement[] {
    return [...this.querySelectorAll<SVGAElement>("svg a")];
  }

  #say(target: EventTarget | null): void {
    const link = target instanceof Element ? target.closest<SVGAElement>("svg a") : null;
    this.#name.textContent = link?.dataset["name"] ?? link?.querySelector("title")?.textContent ?? "";
  }

  #walk(event: KeyboardEvent): void {
    const way = WAYS[event.key];
    const current = (event.target as Element).closest<SVGAElement>("a");
    if (!way || !current) return;
    event.preventDefault();
    const links = this.#links();
    const middle = (link: SVGAElement) => {
      const box = link.getBoundingClientRect();
      return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    };
    const next = links[nearest(middle(current), links.map(middle), way)];
    if (!next) return;
    current.setAttribute("tabindex", "-1");
    next.setAttribute("tabindex", "0");
    next.focus();
  }

  #zoom(factor: number): void {
    const view = this.#svg?.viewBox.baseVal;
    if (!view) return;
    const width = Math.min(this.#whole.width, Math.max(this.#whole.width / 8, view.width * factor));
    const height = (width / this.#whole.width) * this.#whole.height;
    this.#look(view.x + (view.width - width) / 2, view.y + (view.height - height) / 2, width, height);
  }

  /** Shows a part of the plan, never beyond its edge. */
  #look(x: number, y: number, width: number, height: number): void {
    const whole = this.#whole;
    const left = Math.min(Math.max(x, whole.x), whole.x + whole.width - width);
    const top = Math.min(Math.max(y, whole.y), whole.y + whole.height - height);
    this.#svg?.setAttribute("viewBox", `${left} ${top} ${width} ${height}`);
  }

  #pan(svg: SVGSVGElement): void {
    let from: { x: number; y: number } | null = null;
    let moved = 0;
    this.listen<PointerEvent>(svg, "pointerdown", (event) => {
      if (event.pointerType === "mouse" && event.button === 0) [from, moved] = [{ x: event.clientX, y: event.clientY }, 0];
    });
    this.listen<PointerEvent>(window, "pointermove", (event) => {
      const view = svg.viewBox.baseVal;
      if (!from || view.width >= this.#whole.width) return;
      const scale = view.width / svg.clientWidth;
      moved += Math.abs(event.clientX - from.x) + Math.abs(event.clientY - from.y);
      this.#look(view.x - (event.clientX - from.x) * scale, view.y - (event.clientY - from.y) * scale, view.width, view.height);
      from = { x: event.clientX, y: event.clientY };
    });
    this.listen(window, "pointerup", () => (from = null));
    // A drag that ends on a booth is not a visit to it.
    this.listen(svg, "click", (event) => moved > 6 && event.preventDefault(), { capture: true });
    this.listen(svg, "dragstart", (event) => event.preventDefault());
  }

  #tools(): HTMLElement {
    const tools = document.createElement("div");
    tools.className = "plan-tools segmented";
    for (const [sign, words, act] of [
      ["+", say("放大", "Zoom in"), () => this.#zoom(0.7)],
      ["−", say("缩小", "Zoom out"), () => this.#zoom(1 / 0.7)],
      ["⤢", say("看全图", "Whole plan"), () => this.#zoom(100)],
    ] as const) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = sign;
      button.setAttribute("aria-label", words);
      button.addEventListener("click", act);
      tools.append(button);
    }
    return tools;
  }
}

define("hs-floor-plan", FloorPlan);
