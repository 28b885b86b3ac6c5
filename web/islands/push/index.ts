import { html, nothing, type TemplateResult } from "lit";
import { define, Island } from "../island";
import { say } from "../words";

interface Props {
  /** The server's VAPID public key, base64url (RFC 8292). */
  key: string;
  /** POST keeps a subscription, DELETE forgets it; both take its JSON (RFC 8030 endpoint and keys). */
  endpoint: string;
  /** The service worker's address; beside the endpoint when not given. */
  worker?: string;
}

type State = "unknown" | "missing" | "off" | "on" | "busy" | "denied" | "failed";

function bytes(base64url: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64url.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

/** `<hs-push>`: the switch of web push for this browser, or the reason why there is none. */
class Push extends Island<Props> {
  #state: State = "unknown";

  override connectedCallback(): void {
    super.connectedCallback();
    if (!("serviceWorker" in navigator && "PushManager" in window)) return this.#show("missing");
    void this.#look();
  }

  #show(state: State): void {
    this.#state = state;
    this.requestUpdate();
  }

  async #look(): Promise<void> {
    if (Notification.permission === "denied") return this.#show("denied");
    const worker = await navigator.serviceWorker.getRegistration("/");
    this.#show((await worker?.pushManager.getSubscription()) ? "on" : "off");
  }

  async #tell(method: "POST" | "DELETE", subscription: PushSubscription): Promise<void> {
    const token = document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? "";
    const answer = await fetch(this.props.endpoint, {
      method,
      headers: { "Content-Type": "application/json", "X-CSRFToken": token },
      body: JSON.stringify(subscription),
    });
    if (!answer.ok) throw new Error(String(answer.status));
  }

  async #switch(on: boolean): Promise<void> {
    this.#show("busy");
    try {
      if (on) await this.#subscribe();
      else await this.#forget();
    } catch {
      this.#show(Notification.permission === "denied" ? "denied" : "failed");
      return;
    }
    this.#show(on ? "on" : "off");
  }

  async #subscribe(): Promise<void> {
    if ((await Notification.requestPermission()) !== "granted") throw new Error("not allowed");
    const script = new URL(this.props.worker ?? "../sw.js", new URL(this.props.endpoint, location.href));
    await navigator.serviceWorker.register(script, { scope: "/" });
    const worker = await navigator.serviceWorker.ready;
    const subscription = await worker.pushManager.subscribe({
      userVisibleOnly: true,
      applicationServerKey: bytes(this.props.key),
    });
    await this.#tell("POST", subscription);
  }

  async #forget(): Promise<void> {
    const worker = await navigator.serviceWorker.getRegistration("/");
    const subscription = await worker?.pushManager.getSubscription();
    if (!subscription) return;
    await this.#tell("DELETE", subscription);
    await subscription.unsubscribe();
  }

  protected override render(): TemplateResult | typeof nothing {
    const state = this.#state;
    if (state === "unknown") return nothing;
    if (state === "missing") {
      return html`<p class="quiet small">${say("这个浏览器收不了推送；消息照常显示在站内，也会发邮件。", "This browser cannot receive push messages; you still find them here and in your mail.")}</p>`;
    }
    if (state === "denied") {
      return html`<p class="quiet small">${say("浏览器已禁止通知，可在浏览器设置里改回。", "Notifications are blocked in your browser's settings.")}</p>`;
    }
    return html`<button type="button" class="btn" ?disabled=${state === "busy"} aria-pressed=${state === "on"} @click=${() => void this.#switch(state !== "on")}>
        ${state === "on" ? say("关闭本机通知", "Stop notifications here") : say("在本机接收通知", "Notify me on this device")}
      </button>
      ${state === "failed" ? html`<p class="field-error" role="alert">${say("浏览器连不上它的推送服务，无痕窗口里也用不了。站内消息和邮件不受影响。", "The browser cannot reach its push service; private windows have none. Messages here and by mail are not affected.")}</p>` : nothing}`;
  }
}

define("hs-push", Push);
