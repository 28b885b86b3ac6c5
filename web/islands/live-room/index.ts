import htmx from "htmx.org";
import { html, nothing, type TemplateResult } from "lit";
import type { Danmaku } from "../danmaku/index";
import { define, Island } from "../island";
import type { Player } from "../player/index";
import { english, say } from "../words";
import { flash, troubleFor } from "../../page/flash";
import type { Posted, Said } from "../../wire/messages";
import { connection } from "../../rooms/connection";
import { NotSaid } from "../../rooms/room";
import { refusalInWords, stateInWords } from "../../rooms/words";
import { act } from "./act";
import { Count } from "./count";
import { chat, type ChatActs, type ChatView } from "./chat";
import { Likes, Presses, rise } from "./hearts";
import type { History, Line, Listener, Placed } from "./line";
import { Announcer, type ChatLine, Lines } from "./lines";
import { renew } from "./renew";
import { attachSheet } from "./sheet";
import { Stage } from "./stage";
import { Held } from "./timed";

interface Props {
  /** Name of the room at the gateway, "" when there is no chat. */
  room: string;
  /** Answers a token for it. */
  tokens: string;
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
  #likes: Likes | null = null;
  #held!: Held<Due>;
  #stage!: Stage;
  #count!: Count;
  #room: Line | null = null;
  /** Where the lines on this page begin, `null`: at the room's first. */
  #before: History["before"] | { epoch: number; offset: number } = null;
  #player: Player | null = null;
  #danmaku: Danmaku | null = null;
  #words = "";
  #open = false;
  #rights = 0;
  #style = 1;
  #colour = 0;
  /** Places of own lines, which stand in the list already. */
  #own = new Set<number>();
  #epoch = 0;
  #notice = "";
  #asking = false;
  #spoken = 0;
  #closed = false;
  #over = false;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#held = new Held<Due>(MOST_WAIT + this.props.delay * 1000);
    this.#player = this.querySelector<Player>("hs-player");
    this.#danmaku = this.querySelector<Danmaku>("hs-danmaku");
    this.#stage = new Stage(this, this.#player, (part) => void renew(part, (node) => htmx.process(node)));
    this.#count = new Count(this, (part) => this.#stage.ask(part));
    this.#prepareStage();
    this.#prepareHeart();
    this.onLeave(attachSheet(this));
    this.listen<SubmitEvent>(this, "submit", (event) => this.#submit(event));
    const beat = setInterval(() => this.#beat(), 100);
    const sending = setInterval(() => this.#sendHearts(), 1_000);
    this.onLeave(() => (clearInterval(beat), clearInterval(sending), this.#room?.leave(), this.#stage.close()));
    if (this.props.room) this.#enter();
  }

  protected override createRenderRoot(): HTMLElement {
    // A room that is over keeps what the house wrote in the chat's place.
    const place = this.props.room ? this.querySelector<HTMLElement>("[data-chat]") : null;
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

  /** Forms `data-act="part"`: vote, ask, take part, without leaving the picture. */
  #submit(event: SubmitEvent): void {
    const form = event.target as HTMLFormElement;
    const name = form.dataset["act"];
    if (!name) return;
    event.preventDefault();
    void act(form, event.submitter).then(({ ok, words, status }) => {
      if (!form.isConnected) return;
      const part = document.getElementById(`room-${name}`);
      if (ok) form.reset();
      if (!ok && !words) flash(troubleFor(status || 500));
      else this.#stage.announce(words || form.dataset["done"] || "", !ok);
      if (part) this.#stage.ask(part);
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

  #enter(): void {
    const line = connection(this.props.tokens);
    this.#room = line.join(this.props.room, this.#hears);
    this.onLeave(line.watch((state) => this.#say(state.name === "open", stateInWords(state))));
  }

  #say(open: boolean, words: string): void {
    this.#open = open;
    this.#words = words;
    this.requestUpdate();
  }

  readonly #hears: Listener = {
    onItems: (items) => {
      for (const placed of items) this.#held.add({ at: placed.item.at, placed }, Date.now());
    },
    onGap: (before) => {
      this.#before = before;
      void this.#older();
    },
    onCounters: (viewers, likes) => this.#figures(viewers, likes),
    onRights: (rights, why) => {
      this.#rights = rights;
      this.#notice = why ? refusalInWords(why) : "";
      this.requestUpdate();
    },
    onSettings: (_slow, closed) => {
      this.#closed = closed;
      this.requestUpdate();
    },
  };

  #figures(viewers: number, likes: number): void {
    const figures = new Intl.NumberFormat(english() ? "en" : "zh-CN", { notation: "compact", maximumFractionDigits: 1 });
    for (const each of this.querySelectorAll("[data-viewers]")) each.textContent = figures.format(viewers);
    const places = this.querySelectorAll<HTMLElement>("[data-likes]");
    this.#likes ??= new Likes(Number(places[0]?.dataset["before"] ?? 0));
    const whole = this.#likes.whole(likes);
    for (const each of places) each.textContent = figures.format(whole);
  }

  #beat(): void {
    const due = this.#held.release(this.#player?.at ?? null, Date.now());
    for (const { placed } of due) this.#show(placed);
    this.#count.move(this.#player?.at ?? null, Date.now());
    if (due.length) this.requestUpdate();
  }

  #show({ epoch, offset, item }: Placed): void {
    this.#epoch = epoch;
    if (item.type === "Said") this.#showSaid(lineOf(epoch, offset, item), item);
    else if (item.type === "Removed") this.#lines.remove(`${epoch}.${item.offset}`);
    else this.#showPosted(item);
  }

  #showSaid(line: ChatLine, said: Said): void {
    if (line.offset !== null && this.#own.delete(line.offset)) return;
    if (!this.#lines.add(line)) return;
    this.#danmaku?.add?.({ text: said.text, style: said.style, colour: said.colour, own: false });
    if (this.#announcer.wants(line, Date.now())) this.#stage.announce(`${said.name}: ${said.text}`);
  }

  #showPosted(posted: Posted): void {
    this.#stage.happened(posted);
    if (posted.kind === "state") this.#over = posted.body["state"] === "ended";
  }

  #sendHearts(): void {
    const count = this.#presses.take();
    if (count) this.#room?.like(count);
  }

  async #older(list?: HTMLElement): Promise<void> {
    if (this.#asking || this.#before === null || !this.#room) return;
    this.#asking = true;
    try {
      const { items, before } = await this.#room.history(this.#before);
      this.#before = before;
      const lines = items.flatMap(({ epoch, offset, item }) => (item.type === "Said" ? [lineOf(epoch, offset, item)] : []));
      if (this.isConnected) this.#keepPlace(list, () => this.#lines.addOlder(lines));
    } catch {
      // The house does not answer: what is here stays, and the next scroll asks again.
    } finally {
      this.#asking = false;
    }
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
      void this.#send(line);
    },
    remove: (line) => line.offset !== null && this.#room?.remove(line.offset),
    style: (style) => ((this.#style = style), this.requestUpdate()),
    colour: (colour) => ((this.#colour = colour), this.requestUpdate()),
    scrolled: (list) => this.#scrolled(list),
    toEnd: () => (this.#lines.follow(true), this.requestUpdate()),
  };

  #speak(text: string): void {
    const key = `own-${(this.#spoken += 1)}`;
    const line = { key, offset: null, at: Date.now(), name: this.props.name, user: 0, text, role: this.#rights & 12, own: true };
    this.#lines.follow(true);
    this.#lines.add(line);
    this.#danmaku?.add?.({ text, style: this.#style, colour: this.#colour, own: true });
    void this.#send(line);
  }

  async #send(line: ChatLine): Promise<void> {
    this.requestUpdate();
    try {
      const answer = await this.#room?.say(line.text, this.#style, this.#colour);
      if (answer) this.#taken(line, answer.offset, answer.text);
    } catch (why) {
      const words = why instanceof NotSaid ? refusalInWords(why.reason, why.waitMs) : refusalInWords("");
      this.#lines.settle(line.key, { refused: words });
    }
    this.requestUpdate();
  }

  /** Its item may have been shown before this answer came: then that one goes. */
  #taken(line: ChatLine, offset: number, text: string): void {
    if (!this.#lines.remove(`${this.#epoch}.${offset}`)) this.#own.add(offset);
    this.#lines.settle(line.key, { offset, text });
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
      words: this.#over ? say("直播已结束，聊天关闭了。", "The live has ended and the chat is closed.") : this.#words || this.#notice,
      open: this.#open && !this.#over && (!this.#closed || (this.#rights & 12) !== 0),
      maySay: (this.#rights & 2) !== 0,
      mayRemove: (this.#rights & 8) !== 0,
      signIn: this.props.signIn,
      style: this.#style,
      colour: this.#colour,
    };
    return html`${chat(view, this.#acts)}`;
  }
}

/** An item waits by its instant. */
interface Due {
  at: number;
  placed: Placed;
}

const lineOf = (epoch: number, offset: number, said: Said): ChatLine => ({
  key: `${epoch}.${offset}`,
  offset,
  at: said.at,
  name: said.name,
  user: said.user,
  text: said.text,
  role: said.role,
  own: false,
});

define("hs-live-room", LiveRoom);
