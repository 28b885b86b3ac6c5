import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { Danmaku } from "../danmaku/index";
import { attachSheet } from "../live-room/sheet";
import { define, Island } from "../island";
import { clockText } from "../player/controls";
import type { Player } from "../player/index";
import { say } from "../words";
import { Schedule } from "./schedule";

interface Line {
  seconds: number;
  name: string;
  text: string;
  style: number;
  colour: number;
  role: number;
}

/** A thing was shown or put away: `thing` "product-5", "" for none. */
interface Pinned {
  seconds: number;
  thing: string;
}

interface Props {
  /** Answers `{lines, next}` as JSON; `?from=` a second. "" when there was no chat. */
  lines: string;
  pins: Pinned[];
}

/** Lines beside the picture. */
const SHOWN = 60;
/** Seconds of lines fetched ahead. */
const AHEAD = 120;

/**
 * `<hs-replay>` around a replay: what was said and shown happens again with its picture. Links `data-seconds="93"` inside it jump
 * there (without script they lead to `?t=93`); the chapter and the thing of the moment are marked `aria-current`.
 */
class Replay extends Island<Props> {
  readonly #lines = new Schedule<Line>();
  readonly #pins = new Schedule<Pinned>();
  #player: Player | null = null;
  #danmaku: Danmaku | null = null;
  #said: Line[] = [];
  /** Lines are known up to here, in seconds. */
  #known = 0;
  #asking = false;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#player = this.querySelector<Player>("hs-player");
    this.#danmaku = this.querySelector<Danmaku>("hs-danmaku");
    this.#pins.add(this.props.pins);
    void Promise.all(["hs-player", "hs-danmaku"].map((tag) => customElements.whenDefined(tag))).then(() => this.#begin());
    this.onLeave(attachSheet(this));
    this.listen(this, "hs-state", () => this.#danmaku?.move?.(this.#player?.moving ?? false));
    this.listen<MouseEvent>(this, "click", (event) => this.#jump(event));
  }

  #begin(): void {
    if (!this.isConnected || !this.#player) return;
    this.#danmaku?.over(this.#player.overlay);
    const wanted = Number(new URLSearchParams(location.search).get("t"));
    if (wanted > 0) this.#player.seek(wanted);
    const beat = setInterval(() => this.#beat(), 100);
    this.onLeave(() => clearInterval(beat));
  }

  protected override createRenderRoot(): HTMLElement {
    const place = this.querySelector<HTMLElement>("[data-lines]");
    place?.replaceChildren();
    return place ?? this;
  }

  #jump(event: MouseEvent): void {
    const link = (event.target as Element).closest<HTMLElement>("[data-seconds]");
    if (!link || !this.#player?.seek || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    this.#player.seek(Number(link.dataset["seconds"]));
    this.#player.scrollIntoView({ block: "nearest" });
  }

  #beat(): void {
    const now = this.#player?.time ?? 0;
    if (now + AHEAD / 2 > this.#known) void this.#fetch(now);
    const said = this.#lines.move(now);
    if (said === null) this.#resume(now);
    else for (const line of said) this.#tell(line);
    if (this.#pins.move(now)?.length !== 0) this.#mark(now);
    if (said === null || said.length) this.requestUpdate();
  }

  #tell(line: Line): void {
    this.#said = [...this.#said.slice(1 - SHOWN), line];
    this.#danmaku?.add?.({ text: line.text, style: line.style, colour: line.colour, own: false });
  }

  /** After a jump: the list is what it was then, and nothing runs over the picture yet. */
  #resume(now: number): void {
    this.#danmaku?.clear?.();
    this.#said = this.#lines.until(now).slice(-SHOWN);
  }

  #mark(now: number): void {
    const thing = this.#pins.until(now).at(-1)?.thing ?? "";
    for (const each of this.querySelectorAll<HTMLElement>("[data-thing]")) each.toggleAttribute("data-shown", each.dataset["thing"] === thing && thing !== "");
    const chapters = [...this.querySelectorAll<HTMLElement>("[data-chapter]")];
    const current = chapters.filter((each) => Number(each.dataset["seconds"]) <= now).at(-1);
    for (const each of chapters) {
      if (each === current) each.setAttribute("aria-current", "true");
      else each.removeAttribute("aria-current");
    }
  }

  /** Lines from where they are known to a good way ahead of `now`. */
  async #fetch(now: number): Promise<void> {
    if (this.#asking || !this.props.lines || this.#known === Number.POSITIVE_INFINITY) return;
    this.#asking = true;
    try {
      const answer = await fetch(`${this.props.lines}?from=${this.#known}&to=${Math.floor(now + AHEAD)}`, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      const { lines, known } = (await answer.json()) as { lines: Line[]; known: number | null };
      this.#lines.add(lines);
      this.#known = known ?? Number.POSITIVE_INFINITY;
    } catch {
      // The picture goes on without them; the next beat but a few asks again.
      setTimeout(() => (this.#asking = false), 5_000);
      return;
    }
    this.#asking = false;
  }

  protected override updated(): void {
    const list = this.renderRoot.querySelector(".chat-lines");
    if (list) list.scrollTop = list.scrollHeight;
  }

  protected override render(): TemplateResult | typeof nothing {
    if (!this.props.lines) return nothing;
    return html`<div class="chat"><ol class="chat-lines" tabindex="0" aria-label=${say("当时的聊天", "What was said then")}>
      ${this.#said.length === 0 ? html`<li class="chat-none">${say("播放后，当时的聊天会随画面出现。", "While it plays, what was said appears with the picture.")}</li>` : nothing}
      ${repeat(this.#said, (line) => line, (line) => html`<li class="chat-line"><p><span class="chat-name"><span class="faint number">${clockText(line.seconds)}</span> ${line.name}</span> ${line.text}</p></li>`)}
    </ol></div>`;
  }
}

define("hs-replay", Replay);
