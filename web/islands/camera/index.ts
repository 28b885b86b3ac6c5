import { html, nothing } from "lit";
import { define, Island } from "../island";
import { say } from "../words";
import { meter } from "./level";
import { Broadcast, type State, type Target } from "./whip";

const PICTURE: MediaTrackConstraints = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 } };

/**
 * `<hs-camera>`: this device's camera and microphone as a camera of a live session.
 *
 * Its JSON is a `Target`. Nothing is asked of the device before the host presses the button; leaving the page ends the broadcast.
 */
class Camera extends Island<Target> {
  #stream: MediaStream | undefined;
  #broadcast: Broadcast | undefined;
  #quiet: (() => void) | undefined;
  #state: State = "idle";
  #words = "";
  #devices: MediaDeviceInfo[] = [];

  override connectedCallback(): void {
    super.connectedCallback();
    this.listen(window, "pagehide", () => this.#broadcast?.stop());
    this.listen(window, "beforeunload", (event: BeforeUnloadEvent) => {
      if (this.#state === "live") event.preventDefault();
    });
    this.onLeave(() => this.#close());
  }

  #close(): void {
    this.#broadcast?.stop();
    this.#quiet?.();
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#stream = this.#quiet = this.#broadcast = undefined;
  }

  async #open(): Promise<void> {
    try {
      this.#stream = await navigator.mediaDevices.getUserMedia({
        video: PICTURE,
        audio: { echoCancellation: true, noiseSuppression: true },
      });
    } catch (error) {
      this.#tell("refused", this.#why(error));
      return;
    }
    this.#devices = await navigator.mediaDevices.enumerateDevices();
    this.#listenToLevel();
    this.#tell("idle", "");
  }

  #why(error: unknown): string {
    const name = error instanceof DOMException ? error.name : "";
    if (name === "NotAllowedError") {
      return say("浏览器没有允许使用摄像头和麦克风，请在地址栏里打开权限。", "The browser does not allow the camera and microphone; open the permission in the address bar.");
    }
    if (name === "NotFoundError") return say("没有找到摄像头或麦克风。", "There is no camera or microphone.");
    return say("摄像头打不开，可能正被其他程序使用。", "The camera cannot be opened; another program may be using it.");
  }

  #listenToLevel(): void {
    this.#quiet?.();
    if (!this.#stream) return;
    this.#quiet = meter(this.#stream, (level) => {
      const bar = this.querySelector("meter");
      if (bar) bar.value = level;
    });
  }

  async #choose(kind: "video" | "audio", id: string): Promise<void> {
    if (!this.#stream) return;
    const exact = { deviceId: { exact: id } };
    try {
      const found = await navigator.mediaDevices.getUserMedia(
        kind === "video" ? { video: { ...PICTURE, ...exact } } : { audio: exact },
      );
      const track = found.getTracks()[0];
      if (!track) return;
      for (const old of this.#stream.getTracks().filter((each) => each.kind === kind)) {
        this.#stream.removeTrack(old);
        old.stop();
      }
      this.#stream.addTrack(track);
      await this.#broadcast?.replace(track);
    } catch (error) {
      this.#tell(this.#state, this.#why(error));
    }
    this.#listenToLevel();
    this.requestUpdate();
  }

  #start(): void {
    if (!this.#stream) return;
    this.#broadcast = new Broadcast(this.props, (state, words) => this.#tell(state, words));
    this.#broadcast.start(this.#stream).catch(() => this.#tell("refused", ""));
  }

  #tell(state: State, words: string): void {
    this.#state = state;
    this.#words = words;
    this.requestUpdate();
  }

  get #said(): string {
    if (this.#words) return this.#words;
    return {
      idle: "",
      connecting: say("正在连接…", "Connecting…"),
      live: say("已推流。请保持这个页面打开，回控制台看信号请另开一个页面。", "Sending. Keep this page open; open the console in another one."),
      lost: say("网络中断，正在恢复…", "The network is interrupted, recovering…"),
      refused: say("没有连上直播服务器，请检查网络后重试。", "The live server was not reached; check the network and try again."),
    }[this.#state];
  }

  protected override updated(): void {
    const video = this.querySelector("video");
    if (video && this.#stream && video.srcObject !== this.#stream) video.srcObject = this.#stream;
  }

  override render(): unknown {
    if (!navigator.mediaDevices?.getUserMedia) {
      return html`<p class="small">${say("这个浏览器或这个地址不能使用摄像头（需要 https）。", "This browser or address cannot use a camera (https is needed).")}</p>`;
    }
    const status = html`<p role="status">${this.#said}</p>`;
    if (!this.#stream) {
      return html`<button type="button" class="btn" @click=${() => this.#open()}>${say("用这台设备的摄像头", "Use this device's camera")}</button>${status}`;
    }
    const sending = this.#state === "live" || this.#state === "connecting" || this.#state === "lost";
    return html`<div class="stack">
      <video class="media" autoplay muted playsinline aria-label=${say("本机画面预览", "Preview of this camera")}></video>
      <p class="row">${say("音量", "Level")} <meter min="0" max="1" low="0.15" high="0.9" optimum="0.5" value="0"></meter></p>
      ${this.#picker("video", say("摄像头", "Camera"))} ${this.#picker("audio", say("麦克风", "Microphone"))}
      <div class="row">
        ${sending
          ? html`<button type="button" class="btn btn-danger" @click=${() => this.#broadcast?.stop()}>${say("停止推流", "Stop sending")}</button>`
          : html`<button type="button" class="btn btn-primary" @click=${() => this.#start()}>${say("开始推流", "Start sending")}</button>`}
      </div>
      ${status}
    </div>`;
  }

  #picker(kind: "video" | "audio", label: string): unknown {
    const found = this.#devices.filter((device) => device.kind === `${kind}input`);
    if (found.length < 2) return nothing;
    const current = this.#stream?.getTracks().find((track) => track.kind === kind)?.getSettings().deviceId;
    return html`<label class="field">${label}
      <select @change=${(event: Event) => this.#choose(kind, (event.target as HTMLSelectElement).value)}>
        ${found.map((device) => html`<option value=${device.deviceId} ?selected=${device.deviceId === current}>${device.label || label}</option>`)}
      </select></label>`;
  }
}

define("hs-camera", Camera);
