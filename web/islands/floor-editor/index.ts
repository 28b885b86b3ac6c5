import { html, nothing, svg, type SVGTemplateResult, type TemplateResult } from "lit";
import { define, Island } from "../island";
import { say } from "../words";
import { History } from "./history";
import { type Booth, codeOf, faulty, freeSpot, nextNumber, placed, rowsAt, type Rows, sized } from "./plan";

interface Drawing {
  version: number;
  width: number;
  depth: number;
  prefix: string;
  booths: Booth[];
}

interface Drag {
  index: number;
  resize: boolean;
  from: { x: number; y: number };
  start: Booth;
  moved: boolean;
}

const MARGIN = 24;
const STEPS: Record<string, [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/**
 * `<hs-floor-editor data-endpoint="…">`: draws a hall's booths by mouse, finger or keyboard and saves the plan as a whole. What overlaps or
 * lies outside is marked while one draws; the server judges again and names the booths it refuses.
 */
class FloorEditor extends Island<Drawing> {
  #version = 0;
  #history = new History<Booth[]>([]);
  #saved: Booth[] = [];
  #chosen = -1;
  #drag: Drag | null = null;
  #message = "";
  #refused = new Set<string>();
  #busy = false;
  #rows: Rows = { rows: 2, columns: 8, width: 30, depth: 30, aisle: 30 };

  override connectedCallback(): void {
    super.connectedCallback();
    this.#load(this.props);
    this.listen<BeforeUnloadEvent>(window, "beforeunload", (event) => this.#dirty && event.preventDefault());
  }

  #load(drawing: Drawing): void {
    this.#version = drawing.version;
    this.#history = new History(drawing.booths);
    this.#saved = drawing.booths;
    this.#refused.clear();
  }

  get #booths(): Booth[] {
    return this.#history.now;
  }

  get #dirty(): boolean {
    return this.#booths !== this.#saved;
  }

  #put(booths: Booth[], same = false): void {
    this.#history.put(booths, same);
    this.#refused.clear();
    this.#message = "";
    this.requestUpdate();
  }

  #change(index: number, booth: Booth, same = false): void {
    this.#put(this.#booths.map((other, at) => (at === index ? booth : other)), same);
  }

  #choose(index: number): void {
    this.#chosen = index;
    this.requestUpdate();
  }

  #add(): void {
    const like = this.#booths[this.#chosen] ?? this.#booths.at(-1);
    const [width, depth] = [like?.width ?? 30, like?.depth ?? 30];
    const spot = freeSpot(this.#booths, this.props, width, depth);
    if (!spot) {
      this.#message = say("馆内放不下同样大小的展位了。", "There is no room for another booth of this size.");
      return this.requestUpdate();
    }
    const code = codeOf(this.props.prefix, nextNumber(this.#booths, this.props.prefix));
    this.#put([...this.#booths, { id: null, code, ...spot, width, depth, name: "" }]);
    this.#focus(this.#booths.length - 1);
  }

  #remove(): void {
    const booth = this.#booths[this.#chosen];
    if (!booth) return;
    if (booth.name) {
      this.#message = say(`展位 ${booth.code} 已分配给${booth.name}，请先调整分配再删除。`, `Booth ${booth.code} is assigned to ${booth.name}. Move the exhibitor first.`);
      return this.requestUpdate();
    }
    this.#put(this.#booths.filter((_other, at) => at !== this.#chosen));
    this.#focus(Math.min(this.#chosen, this.#booths.length - 1));
  }

  #step(way: "undo" | "redo"): void {
    this.#history[way]();
    this.#chosen = Math.min(this.#chosen, this.#booths.length - 1);
    this.requestUpdate();
  }

  /** Chooses a booth and, once it is drawn, gives it the keyboard. */
  #focus(index: number): void {
    this.#choose(index);
    void this.updateComplete.then(() => this.querySelector<SVGElement>(`[data-index="${index}"]`)?.focus());
  }

  #addRows(event: SubmitEvent): void {
    event.preventDefault();
    const box = this.#booths.reduce((low, booth) => Math.max(low, booth.y + booth.depth), 0);
    const top = box ? box + this.#rows.aisle : 20;
    this.#put([...this.#booths, ...rowsAt(this.#booths, this.props.prefix, 20, top, this.#rows)]);
  }

  async #save(): Promise<void> {
    this.#busy = true;
    this.#message = "";
    this.requestUpdate();
    const token = document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? "";
    const drawn = this.#booths;
    try {
      const answer = await fetch(this.dataset["endpoint"] ?? "", {
        method: "POST",
        headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token },
        body: JSON.stringify({ version: this.#version, booths: drawn }),
      });
      const content = (await answer.json()) as { message: string; codes?: string[]; version?: number; drawing?: Drawing };
      this.#message = content.message;
      this.#refused = new Set(content.codes ?? []);
      if (content.version) this.#version = content.version;
      if (answer.ok && content.drawing) this.#load(content.drawing);
    } catch {
      this.#message = say("没有保存成功，请检查网络后再试。", "Not saved. Check the connection and try again.");
    }
    this.#busy = false;
    this.requestUpdate();
  }

  #point(event: PointerEvent): { x: number; y: number } {
    const drawing = this.querySelector<SVGSVGElement>("svg.plan-editor");
    const matrix = drawing?.getScreenCTM()?.inverse();
    return matrix ? new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix) : { x: 0, y: 0 };
  }

  #grab(event: PointerEvent, index: number, resize: boolean): void {
    const start = this.#booths[index];
    if (!start || event.button !== 0) return;
    event.stopPropagation();
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
    this.#drag = { index, resize, from: this.#point(event), start, moved: false };
    this.#choose(index);
  }

  #pull(event: PointerEvent): void {
    const drag = this.#drag;
    if (!drag) return;
    const to = this.#point(event);
    const [dx, dy] = [to.x - drag.from.x, to.y - drag.from.y];
    const { start } = drag;
    const next = drag.resize
      ? sized(start, start.width + dx, start.depth + dy, this.props)
      : placed(start, start.x + dx, start.y + dy, this.props);
    const now = this.#booths[drag.index];
    if (!now || (["x", "y", "width", "depth"] as const).every((name) => now[name] === next[name])) return;
    this.#change(drag.index, next, drag.moved);
    drag.moved = true;
  }

  #key(event: KeyboardEvent, index: number): void {
    const booth = this.#booths[index];
    const step = STEPS[event.key];
    if (!booth) return;
    if (step) {
      event.preventDefault();
      const [dx, dy] = step.map((n) => n * (event.shiftKey ? 10 : 1)) as [number, number];
      const next = event.altKey
        ? sized(booth, booth.width + dx, booth.depth + dy, this.props)
        : placed(booth, booth.x + dx, booth.y + dy, this.props);
      this.#change(index, next);
    } else if (event.key === "Delete" || event.key === "Backspace") {
      event.preventDefault();
      this.#choose(index);
      this.#remove();
    }
  }

  #shortcut(event: KeyboardEvent): void {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z" || event.target instanceof HTMLInputElement) return;
    event.preventDefault();
    this.#step(event.shiftKey ? "redo" : "undo");
  }

  override render(): TemplateResult {
    const wrong = faulty(this.#booths, this.props);
    return html`<div class="floor-editor" @keydown=${(event: KeyboardEvent) => this.#shortcut(event)}>
      ${this.#toolbar(wrong.size)}
      <p class="floor-message" role="status">${this.#message || this.#hint(wrong.size)}</p>
      <div class="floor-table">${this.#drawing(wrong)}</div>
      ${this.#inspector()} ${this.#rowsForm()}
    </div>`;
  }

  #hint(wrong: number): string {
    if (wrong) return say(`有 ${wrong} 个展位重叠、越界或编号有误。`, `${wrong} booths overlap, lie outside or have a wrong number.`);
    return say("拖动展位来移动，拖右下角来改大小；方向键一次一分米，Shift 一米，Alt 改大小。", "Drag to move, drag the corner to resize. Arrow keys move by 0.1 m, Shift by 1 m, Alt resizes.");
  }

  #toolbar(wrong: number): TemplateResult {
    const button = (words: string, act: () => void, off = false) =>
      html`<button type="button" class="btn btn-small" ?disabled=${off} @click=${act}>${words}</button>`;
    return html`<div class="toolbar">
      ${button(say("添加展位", "Add a booth"), () => this.#add())}
      ${button(say("删除", "Delete"), () => this.#remove(), this.#chosen < 0)}
      ${button(say("撤销", "Undo"), () => this.#step("undo"), !this.#history.canUndo)}
      ${button(say("重做", "Redo"), () => this.#step("redo"), !this.#history.canRedo)}
      <button
        type="button"
        class="btn btn-primary btn-small push"
        ?disabled=${this.#busy || !this.#dirty || wrong > 0}
        @click=${() => void this.#save()}
      >
        ${this.#dirty ? say("保存展位图", "Save the plan") : say("已保存", "Saved")}
      </button>
    </div>`;
  }

  #drawing(wrong: Set<Booth>): TemplateResult {
    const { width, depth } = this.props;
    return html`<svg
      class="plan plan-editor"
      viewBox="${-MARGIN} ${-MARGIN} ${width + 2 * MARGIN} ${depth + 2 * MARGIN}"
      role="application"
      aria-label=${say("展位图编辑器", "Floor plan editor")}
      @pointermove=${(event: PointerEvent) => this.#pull(event)}
      @pointerup=${() => (this.#drag = null)}
      @pointercancel=${() => (this.#drag = null)}
      @pointerdown=${() => this.#choose(-1)}
    >
      <defs>
        <pattern id="floor-metres" width="50" height="50" patternUnits="userSpaceOnUse"><path d="M50 0H0V50" /></pattern>
      </defs>
      <rect class="plan-floor" width=${width} height=${depth} />
      <rect class="plan-grid" width=${width} height=${depth} />
      ${this.#booths.map((booth, index) => this.#booth(booth, index, wrong))}
    </svg>`;
  }

  #booth(booth: Booth, index: number, wrong: Set<Booth>): SVGTemplateResult {
    const bad = wrong.has(booth) || this.#refused.has(booth.code);
    const chosen = index === this.#chosen;
    const size = Math.min(booth.depth / 3, booth.width / Math.max(2.2, 0.62 * booth.code.length), 14);
    const [right, bottom] = [booth.x + booth.width, booth.y + booth.depth];
    const label = `${booth.code} ${booth.name} ${(booth.x / 10).toFixed(1)}, ${(booth.y / 10).toFixed(1)} m${bad ? say("，有误", ", wrong") : ""}`;
    return svg`<g
      class="plan-booth ${booth.name ? "plan-shown" : "plan-free"} ${bad ? "plan-wrong" : ""} ${chosen ? "plan-chosen" : ""}"
      data-index=${index} tabindex="0" role="button" aria-label=${label} aria-pressed=${chosen}
      @pointerdown=${(event: PointerEvent) => this.#grab(event, index, false)}
      @focus=${() => this.#choose(index)}
      @keydown=${(event: KeyboardEvent) => this.#key(event, index)}
    >
      <rect x=${booth.x} y=${booth.y} width=${booth.width} height=${booth.depth} />
      <text x=${booth.x + booth.width / 2} y=${booth.y + booth.depth / 2 + size * 0.35} font-size=${size.toFixed(1)}>${booth.code}</text>
      ${bad ? svg`<path class="plan-cross" d="M${booth.x} ${booth.y}L${right} ${bottom}M${right} ${booth.y}L${booth.x} ${bottom}" />` : nothing}
      ${chosen ? svg`<rect class="plan-handle" x=${right - 4} y=${bottom - 4} width="8" height="8" @pointerdown=${(event: PointerEvent) => this.#grab(event, index, true)} />` : nothing}
    </g>`;
  }

  #inspector(): TemplateResult | typeof nothing {
    const booth = this.#booths[this.#chosen];
    if (!booth) return nothing;
    const metres = (words: string, name: "x" | "y" | "width" | "depth") => html`<div class="field">
      <label class="field-label" for="floor-${name}">${words}</label>
      <input
        id="floor-${name}"
        type="number"
        step="0.1"
        min="0"
        .value=${String(booth[name] / 10)}
        @change=${(event: Event) => this.#type(name, Number((event.target as HTMLInputElement).value))}
      />
    </div>`;
    return html`<div class="toolbar">
      <div class="field">
        <label class="field-label" for="floor-code">${say("展位号", "Number")}</label>
        <input
          id="floor-code"
          maxlength="12"
          autocomplete="off"
          .value=${booth.code}
          @change=${(event: Event) => this.#change(this.#chosen, { ...booth, code: (event.target as HTMLInputElement).value.trim() })}
        />
      </div>
      ${metres(say("左起（米）", "From left (m)"), "x")} ${metres(say("上起（米）", "From top (m)"), "y")}
      ${metres(say("宽（米）", "Width (m)"), "width")} ${metres(say("深（米）", "Depth (m)"), "depth")}
      ${booth.name ? html`<p class="small quiet">${booth.name}</p>` : nothing}
    </div>`;
  }

  #type(name: "x" | "y" | "width" | "depth", metres: number): void {
    const booth = this.#booths[this.#chosen];
    if (booth && Number.isFinite(metres)) this.#change(this.#chosen, { ...booth, [name]: Math.round(metres * 10) });
  }

  #rowsForm(): TemplateResult {
    const field = (words: string, name: keyof Rows, scale: number, step: string) => html`<div class="field">
      <label class="field-label" for="rows-${name}">${words}</label>
      <input
        id="rows-${name}"
        type="number"
        step=${step}
        min="0"
        .value=${String(this.#rows[name] / scale)}
        @input=${(event: Event) => (this.#rows = { ...this.#rows, [name]: Math.round(Number((event.target as HTMLInputElement).value) * scale) })}
      />
    </div>`;
    return html`<details class="disclosure">
      <summary>${say("成排生成展位", "Add rows of booths")}</summary>
      <form class="toolbar" @submit=${(event: SubmitEvent) => this.#addRows(event)}>
        ${field(say("排数", "Rows"), "rows", 1, "1")} ${field(say("每排展位", "Booths a row"), "columns", 1, "1")}
        ${field(say("每个宽（米）", "Width (m)"), "width", 10, "0.1")} ${field(say("每个深（米）", "Depth (m)"), "depth", 10, "0.1")}
        ${field(say("通道宽（米）", "Aisle (m)"), "aisle", 10, "0.1")}
        <button class="btn btn-small">${say("生成", "Add")}</button>
      </form>
    </details>`;
  }
}

define("hs-floor-editor", FloorEditor);
