import { define, Island } from "../island";
import { judge, Queue, type Answer, type Badge } from "./queue";

interface Props {
  badges: string;
  sync: string;
  worker: string;
  gate: number;
  words: Record<string, string>;
}

interface Detector {
  detect(source: HTMLVideoElement): Promise<{ rawValue: string }[]>;
}

/** Lets this page open again without a network, with all it is made of. Browsers without workers lose only that. */
async function keepPage(worker: string): Promise<void> {
  if (!navigator.serviceWorker) return;
  try {
    const registration = await navigator.serviceWorker.register(worker);
    const active = registration.active ?? (await navigator.serviceWorker.ready).active;
    const parts = performance
      .getEntriesByType("resource")
      .map((entry) => entry.name)
      .filter((name) => new URL(name).origin === location.origin && new URL(name).pathname.startsWith("/static/"));
    active?.postMessage({ keep: [location.href, ...new Set(parts)] });
  } catch {
    // Refused by the browser (private window, no HTTPS): check-in works, a reload needs the network.
  }
}

/** `<hs-checkin>` around the form of a gate: answers at once from the badges it knows, sends when there is a network. */
class Checkin extends Island<Props> {
  #queue!: Queue;
  #said!: HTMLElement;
  #state!: HTMLElement;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#queue = new Queue(this.props.gate);
    this.#said = document.createElement("p");
    this.#said.className = "gate-said";
    this.#said.setAttribute("role", "status");
    this.#state = document.createElement("p");
    this.#state.className = "quiet small";
    this.append(this.#said, this.#state);
    const form = this.querySelector("form");
    const field = form?.querySelector<HTMLInputElement>("input[name=badge]");
    if (!form || !field) return;
    field.focus();
    this.listen(form, "submit", (event) => {
      event.preventDefault();
      this.#enter(field.value);
      field.value = "";
      field.focus();
    });
    this.listen(window, "online", () => void this.#send());
    this.listen(window, "offline", () => this.#tell());
    const timer = setInterval(() => void this.#send(), 10_000);
    this.onLeave(() => clearInterval(timer));
    void this.#load().then(() => this.#send());
    this.#camera(form);
    void keepPage(this.props.worker);
  }

  #enter(badge: string): void {
    if (!badge.trim()) return;
    const seen = judge(badge, this.#queue.badges, this.#queue.noted);
    this.#queue.add(badge);
    this.#say(seen.result, seen.name);
    void this.#send();
  }

  #say(result: string, name: string): void {
    this.#said.dataset["result"] = result;
    this.#said.textContent = `${name} ${this.props.words[result] ?? ""}`.trim();
  }

  #tell(): void {
    const waiting = this.#queue.waiting.length;
    const words = this.props.words;
    const net = navigator.onLine ? words["online"] : words["offline"];
    this.#state.textContent = waiting ? `${net} · ${words["waiting"]} ${waiting}` : (net ?? "");
  }

  async #load(): Promise<void> {
    try {
      const response = await fetch(this.props.badges);
      if (response.ok) this.#queue.keep(((await response.json()) as { badges: Badge[] }).badges);
    } catch {
      this.#tell(); // the badges of the last time with a network are still here
    }
  }

  async #send(): Promise<void> {
    const entries = this.#queue.waiting;
    this.#tell();
    if (!entries.length || !navigator.onLine) return;
    const token = document.querySelector<HTMLInputElement>("input[name=csrfmiddlewaretoken]")?.value ?? "";
    try {
      const response = await fetch(this.props.sync, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": token, Accept: "application/json" },
        body: JSON.stringify({ entries: entries.slice(0, 500) }),
      });
      if (!response.ok) return;
      const { answers } = (await response.json()) as { answers: Answer[] };
      this.#queue.answered(answers);
      const last = answers.find((answer) => answer.key === entries.at(-1)?.key);
      if (last) this.#say(last.result, last.name);
    } catch {
      // No network: the entries wait in storage and go with the next try.
    }
    this.#tell();
  }

  /** A camera button where the browser reads QR codes by itself. */
  #camera(form: HTMLFormElement): void {
    const Reader = (window as unknown as { BarcodeDetector?: new (o: object) => Detector }).BarcodeDetector;
    if (!Reader || !navigator.mediaDevices) return;
    const video = document.createElement("video");
    video.className = "gate-camera";
    video.playsInline = true;
    form.after(video);
    const reader = new Reader({ formats: ["qr_code"] });
    let last = "";
    navigator.mediaDevices
      .getUserMedia({ video: { facingMode: "environment" } })
      .then((stream) => {
        video.srcObject = stream;
        void video.play();
        const timer = setInterval(async () => {
          const [found] = await reader.detect(video).catch(() => []);
          if (found && found.rawValue !== last) {
            last = found.rawValue;
            this.#enter(last);
          }
        }, 300);
        this.onLeave(() => {
          clearInterval(timer);
          stream.getTracks().forEach((track) => track.stop());
        });
      })
      .catch(() => video.remove());
  }
}

define("hs-checkin", Checkin);
