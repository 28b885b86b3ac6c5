import { html, nothing, type TemplateResult } from "lit";
import { define, Island } from "../island";
import { say } from "../words";
import { send } from "./transport";
import { Refused, upload } from "./tus";

interface Props {
  /** Where uploads are created. */
  endpoint: string;
  /** Name of the hidden field that carries the id of the finished upload in the form. */
  field: string;
  /** Largest file in bytes. */
  max?: number;
}

type State = { kind: "idle" } | { kind: "sending"; share: number } | { kind: "done"; name: string } | { kind: "failed"; why: string };

const megabytes = (bytes: number): string => (bytes / 1024 / 1024).toFixed(bytes < 1024 * 1024 * 10 ? 1 : 0);

/**
 * `<hs-upload>` inside a form, around one file field: a chosen file is sent at once, in pieces, with a bar; it goes on after the
 * network failed or the page was closed. The form then carries only the upload's id. Without script the form sends the file.
 */
class Upload extends Island<Props> {
  #state: State = { kind: "idle" };
  #stop: AbortController | undefined;
  #file: HTMLInputElement | null = null;
  #id: HTMLInputElement | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#file = this.querySelector("input[type=file]");
    if (!this.#file) return;
    this.#id = document.createElement("input");
    this.#id.type = "hidden";
    this.#id.name = this.props.field;
    this.append(this.#id);
    this.listen(this.#file, "change", () => void this.#start());
    const form = this.closest("form");
    if (form) this.listen(form, "submit", (event) => this.#state.kind === "sending" && event.preventDefault());
    this.listen<BeforeUnloadEvent>(window, "beforeunload", (event) => {
      if (this.#state.kind === "sending") event.preventDefault();
    });
    this.onLeave(() => this.#stop?.abort());
  }

  #show(state: State): void {
    this.#state = state;
    this.requestUpdate();
  }

  async #start(): Promise<void> {
    const file = this.#file?.files?.[0];
    this.#stop?.abort();
    if (!file || !this.#file || !this.#id) return;
    this.#id.value = "";
    if (this.props.max && file.size > this.props.max) {
      const limit = megabytes(this.props.max);
      this.#show({ kind: "failed", why: say(`文件超过 ${limit} MB，请换一个小些的。`, `The file is larger than ${limit} MB.`) });
      return;
    }
    const stop = new AbortController();
    this.#stop = stop;
    this.#show({ kind: "sending", share: 0 });
    try {
      this.#id.value = await upload(file, {
        endpoint: this.props.endpoint,
        send,
        memory: localStorage,
        csrf: this.closest("form")?.querySelector<HTMLInputElement>("[name=csrfmiddlewaretoken]")?.value ?? "",
        signal: stop.signal,
        progress: (bytes, total) => this.#show({ kind: "sending", share: total ? bytes / total : 1 }),
        pause: (wait) => new Promise((resolve) => setTimeout(resolve, wait)),
      });
      // The bytes have arrived; the form must not send them a second time.
      this.#file.value = "";
      this.#file.required = false;
      this.#show({ kind: "done", name: file.name });
      this.dispatchEvent(new CustomEvent("uploaded", { bubbles: true, detail: { id: this.#id.value } }));
    } catch (error) {
      if (!stop.signal.aborted) this.#show({ kind: "failed", why: this.#why(error) });
    }
  }

  #why(error: unknown): string {
    if (error instanceof Refused && error.text && error.text.length < 200 && !error.text.startsWith("<")) return error.text;
    if (error instanceof Refused) return say("这个文件没有被接受，请换一个。", "This file was not accepted.");
    return say("网络中断，已传的部分还在；重新选择同一文件即可继续。", "The network failed. Choose the same file to go on.");
  }

  #cancel(): void {
    this.#stop?.abort();
    if (this.#file) this.#file.value = "";
    this.#show({ kind: "idle" });
  }

  protected override render(): TemplateResult | typeof nothing {
    const state = this.#state;
    if (state.kind === "sending") {
      const percent = Math.floor(state.share * 100);
      return html`<div class="upload-state" role="group">
        <p class="progress-label"><span>${say("正在上传", "Uploading")}</span><span>${percent}%</span></p>
        <progress max="100" .value=${percent} aria-label=${say("上传进度", "Upload progress")}></progress>
        <button type="button" class="btn btn-quiet btn-small" @click=${() => this.#cancel()}>${say("停止", "Stop")}</button>
      </div>`;
    }
    if (state.kind === "done") {
      return html`<p class="upload-state upload-done" role="status">${say(`已上传：${state.name}`, `Uploaded: ${state.name}`)}</p>`;
    }
    if (state.kind === "failed") return html`<p class="upload-state field-error" role="alert">${state.why}</p>`;
    return nothing;
  }
}

define("hs-upload", Upload);
