import { html, nothing, type TemplateResult } from "lit";
import type { Danmaku } from "../danmaku/index";
import { define, Island } from "../island";
import type { Player } from "../player/index";
import { english, say } from "../words";
import type { Posted, Said } from "../../wire/messages";
import { Connection } from "../../rooms/connection";
import { NotSaid } from "../../rooms/room";
import { refusalInWords, stateInWords } from "../../rooms/words";
import { chat, type ChatActs, type ChatView } from "./chat";
import { Presses, rise } from "./hearts";
import type { History, Line, Listener, Placed } from "./line";
import { Announcer, type ChatLine, Lines } from "./lines";
import { Stage } from "./stage";
import { Held } from "./timed";

interface Props {
  /** Name of the room at the gateway, "" when there is no chat. */
  room: string;
  /** Answers a token for it. */
  tokens: string;
  /** Answers older lines as JSON. */
  history: string;
  /** Where a guest signs in, "" for people who have. */
  signIn: string;
  /** The name under which this person speaks. */
  name: string;
  /** Seconds by which everything is shown later. */
  delay: number;
}

/** Nothing waits for its picture longer than this, beyond the room's own delay. */
const MOST_WAIT = 30_000;

/**
 * `<hs-live-room>` around everything of a live: joins the room, keeps what happens back until its picture is on the screen, shows
 * lines in the chat and over the picture, and asks the house for the parts of the page that something happened to.
 */
class LiveRoom extends Island<Props> {
  readonly #lines = new Lines();
  readonly #announcer = new Announcer();
  readonly #presses = new Presses();
  #held!: Held<Item>;
  #stage!: Stage;
  #room: Room | null = null;
  #player: Player | null = null;
  #danmaku: Danmaku | null = null;
  #words = "";
  #open = false;
  #rights = 0;
  #style = 1;
  #colour = 0;
  /** Own lines that came back under their offset before or after they were accepted. */
  #own = new Set<number>();
  #asking = false;
  #over = false;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#held = new Held<Item>(MOST_WAIT + this.props.delay * 1000);
    this.#player = this.querySelector<Player>("hs-player");
    this.#danmaku = this.querySelector<Danmaku>("hs-danmaku");
    this.#stage = new Stage(this, this.#player);
    this.#prepareStage();
    this.#prepareHeart();
    const beat = setInterval(() => this.#beat(), 100);
    const sending = setInterval(() => this.#sendHearts(), 1_000);
    this.onLeave(() => (clearInterval(beat), clearInterval(sending), this.#room?.close(), this.#stage.close()));
    if (this.props.room) void this.#enter();
  }

  protected override createRenderRoot(): HTMLElement {
    const place = this.querySelector<HTMLElement>("[data-chat]");
    place?.replaceChildren();
    return place ?? this;
  }

  #prepareStage(): void {
    void Promise.all(["hs-player", "hs-danmaku"].map((tag) => customElements.whenDefined(tag))).then(() => {
      if (this.isConnected && this.#player) this.#danmaku?.over(this.#player.overlay);
    });
    this.listen(this, "hs-state", () => this.#danmaku?.move?.(this.#player?.moving ?? false));
    this.listen<KeyboardEvent>(this, "keydown", (event) => {
      const target = event.target as HTMLElement;
      if (event.key === "d" && target.closest("hs-player") && !target.closest("input, select") && !event.ctrlKey && !event.metaKey) this.#danmaku?.toggle();
    });
  }

  #prepareHeart(): void {
    for (const button of this.querySelectorAll<HTMLButtonElement>("button[data-heart]")) {
      button.hidden = false;
      this.listen(button, "click", () => {
        this.#presses.press();
        if (this.#player?.overlay) rise(this.#player.overlay);
      });
    }
  }

  async #enter(): Promise<void> {
    try {
      const room = await enter(this.props.room, this.props.tokens, this.#hears);
      if (this.isConnected) this.#room = room;
      else room.close();
    } catch {
      this.#say(false, say("聊天暂时连不上，画面和页面照常可用。", "The chat is out of reach for now; picture and page work as usual."));
    }
  }

  #say(open: boolean, words: string): void {
    this.#open = open;
    this.#words = words;
    this.requestUpdate();
  }

  readonly #hears: Hears = {
    state: (open, words) => this.#say(open, words),
    item: (item) => this.#held.add(item, Date.now()),
    counters: (viewers, likes) => this.#count(viewers, likes),
    accepted: (nonce, offset, text) => {
      // Its item may have been shown before this answer came.
      this.#lines.remove(offset);
      this.#own.add(offset);
      this.#lines.settle(nonce, { offset, text });
      this.requestUpdate();
    },
    refused: (nonce, words) => {
      this.#lines.settle(nonce, { refused: words });
      this.requestUpdate();
    },
    rights: (bits) => {
      this.#rights = bits;
      this.requestUpdate();
    },
    gap: () => void this.#older(),
  };

  #count(viewers: number, likes: number): void {
    const figures = new Intl.NumberFormat(english() ? "en" : "zh-CN", { notation: "compact", maximumFractionDigits: 1 });
    for (const each of this.querySelectorAll("[data-viewers]")) each.textContent = figures.format(viewers);
    for (const each of this.querySelectorAll("[data-likes]")) each.textContent = figures.format(likes);
  }

  #beat(): void {
    const due = this.#held.release(this.#player?.at ?? null, Date.now());
    for (const item of due) this.#show(item);
    if (due.length) this.requestUpdate();
  }

  #show(item: Item): void {
    if (item.kind === "said") this.#showSaid(item);
    else if (item.kind === "removed") this.#lines.remove(item.removed);
    else this.#showPosted(item);
  }

  #showSaid(said: Said): void {
    if (this.#own.delete(said.offset)) return;
    const line = lineOf(said);
    if (!this.#lines.add(line)) return;
    this.#danmaku?.add?.({ text: said.text, style: said.style, colour: said.colour, own: false });
    if (this.#announcer.wants(line, Date.now())) this.#stage.announce(`${said.name}: ${said.text}`);
  }

  #showPosted(posted: Posted): void {
    this.#stage.happened(posted);
    if (posted.what === "ended") this.#over = true;
  }

  #sendHearts(): void {
    const count = this.#presses.take();
    if (count) this.#room?.like(count);
  }

  async #older(list?: HTMLElement): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    const found = await older(this.props.history, this.#lines.oldest?.offset ?? null);
    this.#asking = false;
    if (!this.isConnected || found.length === 0) return;
    this.#keepPlace(list, () => this.#lines.addOlder(found.map(lineOf)));
  }

  /** Changes what is drawn above the view and leaves the view where it is. */
  #keepPlace(list: HTMLElement | undefined, change: () => void): void {
    const below = list ? list.scrollHeight - list.scrollTop : 0;
    change();
    this.requestUpdate();
    if (list) void this.updateComplete.then(() => (list.scrollTop = list.scrollHeight - below));
  }

  readonly #acts: ChatActs = {
    say: (text) => this.#speak(text),
    again: (line) => {
      this.#lines.settle(line.key, { refused: "" });
      this.#room?.say(line.key, line.text, this.#style, this.#colour);
      this.requestUpdate();
    },
    remove: (line) => line.offset !== null && this.#room?.remove(line.offset),
    style: (style) => ((this.#style = style), this.requestUpdate()),
    colour: (colour) => ((this.#colour = colour), this.requestUpdate()),
    scrolled: (list) => this.#scrolled(list),
    toEnd: () => (this.#lines.follow(true), this.requestUpdate()),
  };

  #speak(text: string): void {
    const nonce = `${Date.now().toString(36)}${Math.random().toString(36).slice(2, 10)}`;
    const line = { key: nonce, offset: null, at: Date.now(), name: this.props.name, user: 0, text, role: this.#rights & 12, own: true };
    this.#lines.follow(true);
    this.#lines.add(line);
    this.#danmaku?.add?.({ text, style: this.#style, colour: this.#colour, own: true });
    this.#room?.say(nonce, text, this.#style, this.#colour);
    this.requestUpdate();
  }

  #scrolled(list: HTMLElement): void {
    const left = list.scrollHeight - list.scrollTop - list.clientHeight;
    const atEnd = left < 40 && !this.#lines.down();
    if (atEnd !== this.#lines.following) {
      this.#lines.follow(atEnd);
      this.requestUpdate();
    }
    if (list.scrollTop > 60 || this.#lines.following) return;
    let more = false;
    this.#keepPlace(list, () => (more = this.#lines.up()));
    if (!more) void this.#older(list);
  }

  protected override updated(): void {
    if (!this.#lines.following) return;
    const list = this.renderRoot.querySelector<HTMLElement>(".chat-lines");
    if (list) list.scrollTop = list.scrollHeight;
  }

  protected override render(): TemplateResult | typeof nothing {
    if (!this.props.room) return nothing;
    const view: ChatView = {
      lines: this.#lines,
      words: this.#over ? say("直播已结束，聊天关闭了。", "The live has ended and the chat is closed.") : this.#words,
      open: this.#open && !this.#over,
      maySay: (this.#rights & 2) !== 0,
      mayRemove: (this.#rights & 8) !== 0,
      signIn: this.props.signIn,
      style: this.#style,
      colour: this.#colour,
    };
    return html`${chat(view, this.#acts)}`;
  }
}

const lineOf = (said: Said): ChatLine => ({
  key: `o${said.offset}`,
  offset: said.offset,
  at: said.at,
  name: said.name,
  user: said.user,
  text: said.text,
  role: said.role,
  own: false,
});

define("hs-live-room", LiveRoom);
