import { html, type TemplateResult } from "lit";
import { define, Island } from "../island";
import { say } from "../words";
import type { Viewer } from "./viewer";

/**
 * `<hs-model-viewer src="…glb">` around a poster and a download link. A button appears over the poster; three.js and the model are
 * fetched only when it is pressed, so that a phone on a paid network pays for neither by scrolling past.
 */
class ModelViewer extends Island {
  #state: "poster" | "loading" | "open" | "failed" = "poster";
  #viewer: Viewer | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.classList.add("model");
    this.onLeave(() => this.#viewer?.close());
  }

  async #open(): Promise<void> {
    this.#state = "loading";
    this.requestUpdate();
    try {
      const { openViewer } = await import("./viewer");
      await this.updateComplete;
      const stage = this.querySelector<HTMLElement>(".model-stage");
      if (!stage || !this.isConnected) return;
      this.#viewer = await openViewer(stage, this.getAttribute("src") ?? "", {
        label: this.getAttribute("label") ?? say("三维模型", "3D model"),
        still: matchMedia("(prefers-reduced-motion: reduce)").matches,
      });
      if (!this.isConnected) this.#viewer.close();
      this.#state = "open";
    } catch {
      this.#state = "failed";
    }
    this.requestUpdate();
    await this.updateComplete;
    this.querySelector<HTMLElement>(".model-stage canvas")?.focus({ preventScroll: true });
  }

  protected override render(): TemplateResult {
    const open = this.#state === "open" || this.#state === "loading";
    return html`<div class="model-stage" ?hidden=${!open}></div>
      ${open
        ? html`<p class="model-words veil" role="status">
            ${this.#state === "loading" ? say("正在打开模型……", "Opening the model…") : say("拖动或用方向键转动，加减号缩放", "Drag or use the arrow keys to turn, + and − to zoom")}
          </p>`
        : html`<button type="button" class="btn btn-primary model-open" @click=${() => void this.#open()}>
            ${this.#state === "failed" ? say("没能打开，再试一次", "It did not open. Try again") : say("转动看看", "View in 3D")}
          </button>`}
      `;
  }
}

define("hs-model-viewer", ModelViewer);
