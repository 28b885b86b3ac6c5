import { html, nothing, type TemplateResult } from "lit";
import { define, Island } from "../island";
import { say } from "../words";
import { type Acts, bar, type View } from "./controls";
import { Captions, type Cue } from "./captions";
import { Patience } from "./patience";
import { type Angle, angleNamed, fetchPlayback, lengthOf, partAfter, partAt, type Playback, readPlayback, refreshIn, type Written } from "./playback";
import { Stalls, type State, words } from "./quality";
import { Stillness } from "./stillness";
import { opener, type Source, type Trouble } from "./source";
import { fullElement, leaveFull, toFull } from "./full";

export interface Props {
  live: boolean;
  /** A live that has ended: nothing is tried. */
  over?: boolean;
  /** Without angles: nothing to see yet; the player asks `refresh` by itself. */
  playback: Written | null;
  /** Answers {playback} as JSON, with fresh tokens. "": it holds. */
  refresh: string;
  poster?: string;
  /** WebVTT of a replay. */
  captions?: { src: string; lang: string; label: string }[];
  /** Chapters of a replay, in seconds of its own time. */
  chapters?: { seconds: number; title: string }[];
}

const NOTHING: Playback = { angles: [], until: 0 };

/** Behind by more than this, a viewer is offered the newest picture, in seconds. */
const FAR = 6;

/**
 * `<hs-player>`: one stream or recording, played by hls.js (fetched with the first picture) or by the browser. It mends itself: a
 * lost origin is tried again, an ended token is renewed before it ends. Others on the page ask it for the clock of the picture.
 *
 * Fires `hs-state` (detail: State) and `hs-seek` on itself; both bubble. `overlay` lies over the picture and belongs to the page.
 */
export class Player extends Island<Props> {
  /** How streams are opened; a test puts its own here. */
  static way = opener;
  readonly overlay = document.createElement("div");
  readonly #video = document.createElement("video");
  readonly #captions = new Captions();
  readonly #patience = new Patience();
  /** Between two questions for a picture that has never come: the room's word wakes the player sooner. */
  readonly #calm = new Patience(15_000, 60_000);
  readonly #stalls = new Stalls();
  #playback: Playback | null = null;
  #angle = "programme";
  #state: State = "idle";
  #source: Source | null = null;
  #opening = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #renewal: ReturnType<typeof setTimeout> | undefined;
  #asked = new AbortController();
  #tapped = false;
  readonly #stillness = new Stillness();
  /** A picture was seen: from here on its absence is a break, not a wait. */
  #seen = false;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#asked = new AbortController();
    this.overlay.className = "stage-over";
    this.#prepareVideo();
    this.#take(readPlayback(this.props.playback));
    this.onLeave(() => this.#close());
    this.onLeave(() => (this.#asked.abort(), clearTimeout(this.#renewal), clearTimeout(this.#retry)));
    this.listen(document, "fullscreenchange", () => this.requestUpdate());
    this.listen<KeyboardEvent>(this, "keydown", (event) => this.#key(event));
    const beat = setInterval(() => this.#beat(), 500);
    this.onLeave(() => clearInterval(beat));
    const saving = (navigator as { connection?: { saveData?: boolean } }).connection?.saveData === true;
    if (this.props.over) this.#become("ended");
    else if (this.props.live && !saving) this.play();
  }

  /** Milliseconds since 1970 of the picture on the screen; `null` while no picture of a live moves. */
  get at(): number | null {
    return this.#state === "playing" || this.#state === "stalled" ? (this.#source?.at() ?? null) : null;
  }

  get state(): State {
    return this.#state;
  }

  /** A live, not a replay. */
  get live(): boolean {
    return this.props.live;
  }

  /** Whether pictures move right now. */
  get moving(): boolean {
    return this.#state === "playing";
  }

  /** Seconds from the beginning, of a replay. */
  get time(): number {
    return (this.#current?.offset ?? 0) + this.#video.currentTime;
  }

  get #current(): Angle | undefined {
    return this.#playback ? angleNamed(this.#playback, this.#angle) : undefined;
  }

  play(): void {
    if (this.#source && this.props.live && this.#state === "paused") this.#source.newest();
    if (this.#source) void this.#start();
    else void this.#open();
  }

  pause(): void {
    this.#video.pause();
  }

  /** To a moment of a replay, in seconds, and play. */
  seek(seconds: number): void {
    const found = this.#playback && partAt(this.#playback, seconds);
    if (found && (found.part.name !== this.#current?.name || !this.#source)) {
      this.#angle = found.part.name;
      void this.#open(found.from);
    } else this.#video.currentTime = found?.from ?? seconds;
    this.dispatchEvent(new CustomEvent("hs-seek", { bubbles: true }));
    this.requestUpdate();
  }

  /** A caption that the house sent for this moment of a live. */
  caption(cue: Cue): void {
    this.#captions.add(cue);
    this.requestUpdate();
  }

  /** The house says that the live is over: no more tries. */
  end(): void {
    clearTimeout(this.#retry);
    this.#close();
    this.#become("ended");
  }

  /** The house says that pictures come: try at once instead of waiting. */
  wake(): void {
    if (this.#state !== "waiting" && this.#state !== "retrying" && this.#state !== "ended") return;
    clearTimeout(this.#retry);
    this.#patience.rest();
    void this.#open();
  }

  /** Shows another angle of the same session. */
  choose(name: string): void {
    if (!this.props.live || name === this.#angle || !this.#playback?.angles.some((each) => each.name === name)) return;
    this.#angle = name;
    this.requestUpdate();
    if (this.#state !== "idle") void this.#open();
  }

  get angle(): string {
    return this.#angle;
  }

  #prepareVideo(): void {
    const video = this.#video;
    video.playsInline = true;
    video.muted = true;
    video.preload = "none";
    video.setAttribute("aria-label", this.getAttribute("data-title") ?? say("直播画面", "Live picture"));
    if (this.props.poster) video.poster = this.props.poster;
    for (const { src, lang, label } of this.props.captions ?? []) {
      const track = Object.assign(document.createElement("track"), { kind: "captions", src, srclang: lang, label });
      video.append(track);
    }
    this.listen(video, "playing", () => this.#plays());
    this.listen(video, "waiting", () => this.#waits());
    this.listen(video, "pause", () => !video.ended && this.#state !== "ended" && this.#source && this.#become("paused"));
    this.listen(video, "ended", () => this.#finish());
    for (const name of ["timeupdate", "volumechange", "durationchange"]) this.listen(video, name, () => this.requestUpdate());
    this.listen(video, "seeking", () => !this.props.live && this.dispatchEvent(new CustomEvent("hs-seek", { bubbles: true })));
  }

  #take(playback: Playback | null): void {
    if (playback) this.#playback = playback;
    const wait = refreshIn(this.#playback?.until ?? 0, Date.now());
    clearTimeout(this.#renewal);
    if (wait !== null && this.#playback) this.#renewal = setTimeout(() => void this.#renew(), Math.max(wait, 5_000));
  }

  /** Fresh tokens, without touching what plays. */
  async #renew(): Promise<void> {
    const fresh = await fetchPlayback(this.props.refresh, this.#asked.signal);
    if (!this.isConnected) return;
    this.#take(fresh);
    const angle = fresh && angleNamed(fresh, this.#angle);
    if (angle) this.#source?.renew(angle.hls);
  }

  async #open(from = 0): Promise<void> {
    const turn = (this.#opening += 1);
    this.#close();
    clearTimeout(this.#retry);
    const way = Player.way(this.#video);
    if (!way) return this.#become("unplayable");
    if (this.#state === "idle" || this.#state === "paused") this.#become("opening");
    if (!this.#playback || (this.#playback.until && this.#playback.until * 1000 < Date.now() + 5_000)) {
      const fresh = await fetchPlayback(this.props.refresh, this.#asked.signal);
      if (turn !== this.#opening || !this.isConnected) return;
      this.#take(fresh);
    }
    const angle = this.#playback && angleNamed(this.#playback, this.#angle);
    if (!angle) return this.#lost("missing");
    try {
      const source = await way(this.#video, angle.hls, this.props.live, (why) => turn === this.#opening && this.#lost(why));
      if (turn !== this.#opening || !this.isConnected) return source.close();
      this.#source = source;
    } catch (error) {
      // The program itself did not arrive, or does not like its settings; a reader is helped by a new try alone.
      console.warn("player", error);
      return this.#lost("network");
    }
    if (from) this.#video.currentTime = from;
    await this.#start();
  }

  async #start(): Promise<void> {
    try {
      await this.#video.play();
    } catch (error) {
      // NotAllowedError: this browser wants a tap first, even for a silent picture. AbortError: a newer wish replaced this one.
      if ((error as DOMException).name === "NotAllowedError") this.#become("idle");
    }
  }

  #close(): void {
    this.#source?.close();
    this.#source = null;
  }

  #lost(why: Trouble): void {
    this.#close();
    if (this.#state === "ended") return;
    // A replay's addresses are asked for by its page alone.
    if (this.props.refresh && (why === "refused" || why === "missing")) this.#playback = null;
    if (why === "media" && this.#patience.tries > 3) return this.#become("unplayable");
    this.#become(this.#seen || why === "network" ? "retrying" : "waiting");
    const from = this.props.live ? 0 : this.#video.currentTime;
    clearTimeout(this.#retry);
    const patience = this.#state === "waiting" ? this.#calm : this.#patience;
    this.#retry = setTimeout(() => void this.#open(from), patience.next());
  }

  #plays(): void {
    this.#seen = true;
    this.#patience.rest();
    this.#become("playing");
  }

  #waits(): void {
    if (this.#state !== "playing" || this.#video.seeking) return;
    this.#stalls.add(Date.now());
    this.#become("stalled");
  }

  /** A part of a replay is over: the next follows. */
  #finish(): void {
    const next = !this.props.live && this.#playback ? partAfter(this.#playback, this.#current?.name ?? "") : undefined;
    if (!next) return this.#become("ended");
    this.#angle = next.name;
    void this.#open();
  }

  #become(state: State): void {
    if (this.#state === state) return;
    this.#state = state;
    this.requestUpdate();
    this.dispatchEvent(new CustomEvent("hs-state", { bubbles: true, detail: state }));
  }

  #beat(): void {
    if (this.props.live) {
      this.#captions.move(this.at);
      this.#watch();
    }
    if (this.#state === "playing") this.requestUpdate();
  }

  #watch(): void {
    const runs = this.#state === "playing" || this.#state === "stalled";
    const found = this.#stillness.look(this.#video.currentTime, runs, Date.now());
    if (found === "dead") this.#lost("network");
    else if (found === "still") this.#waits();
  }

  readonly #acts: Acts = {
    play: () => (this.#video.paused || !this.#source ? this.play() : this.pause()),
    mute: () => this.#sound(this.#video.muted),
    volume: (value) => {
      this.#video.volume = value;
      this.#sound(value > 0);
    },
    angle: (name) => this.choose(name),
    captions: () => this.#toggleCaptions(),
    small: () => void this.#small(),
    full: () => void (fullElement(this) ? leaveFull(this) : toFull(this, this.#video)),
    newest: () => this.#source?.newest(),
    seek: (seconds) => this.seek(seconds),
  };

  #sound(on: boolean): void {
    this.#tapped = true;
    this.#video.muted = !on;
    if (on && this.#video.volume === 0) this.#video.volume = 0.5;
    if (on && this.#video.paused) this.play();
    this.requestUpdate();
  }

  #toggleCaptions(): void {
    const tracks = [...this.#video.textTracks];
    const on = !(tracks.length ? tracks.some((track) => track.mode === "showing") : this.#captions.shown);
    const wanted = tracks.find((track) => document.documentElement.lang.startsWith(track.language)) ?? tracks[0];
    for (const track of tracks) track.mode = on && track === wanted ? "showing" : "disabled";
    this.#captions.shown = on;
    this.requestUpdate();
  }

  async #small(): Promise<void> {
    try {
      if (document.pictureInPictureElement) await document.exitPictureInPicture();
      else await this.#video.requestPictureInPicture();
    } catch {
      // No picture yet, or the reader's browser forbids it: the page stays as it is.
    }
  }

  #key(event: KeyboardEvent): void {
    const target = event.target as HTMLElement;
    if (event.ctrlKey || event.metaKey || event.altKey || target.closest("input, select, textarea")) return;
    if (target.closest("button, a") && (event.key === " " || event.key === "Enter")) return;
    const jump = (by: number): void => void (!this.props.live && this.seek(Math.max(0, this.time + by)));
    const acts: Record<string, () => void> = {
      " ": this.#acts.play,
      k: this.#acts.play,
      m: this.#acts.mute,
      f: this.#acts.full,
      c: this.#acts.captions,
      p: this.#acts.small,
      ArrowLeft: () => jump(-5),
      ArrowRight: () => jump(5),
      ArrowUp: () => this.#acts.volume(Math.min(1, this.#video.volume + 0.1)),
      ArrowDown: () => this.#acts.volume(Math.max(0, this.#video.volume - 0.1)),
    };
    const act = acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  #view(): View {
    const latency = this.props.live ? (this.#source?.latency() ?? null) : null;
    const captioned = this.#video.textTracks?.length ? [...this.#video.textTracks].some((track) => track.mode === "showing") : this.#captions.shown;
    const any = this.#video.textTracks?.length || this.#captions.any;
    return {
      state: this.#state,
      live: this.props.live,
      muted: this.#video.muted,
      volume: this.#video.volume,
      full: fullElement(this),
      angles: this.props.live ? (this.#playback?.angles ?? []) : [],
      angle: this.#angle,
      stalls: this.#stalls.recent(Date.now()),
      latency,
      behind: latency !== null && latency > FAR,
      captions: any ? (captioned ? "on" : "off") : "none",
      small: document.pictureInPictureEnabled === true,
      time: this.time,
      duration: this.#playback && this.#playback.angles.length > 1 ? lengthOf(this.#playback) : this.#video.duration || lengthOf(this.#playback ?? NOTHING),
      marks: this.props.chapters ?? [],
    };
  }

  protected override render(): TemplateResult {
    const view = this.#view();
    const silent = view.muted && !this.#tapped && view.state === "playing";
    const trouble = !["idle", "playing", "paused"].includes(view.state);
    return html`<div class="stage" tabindex="0" role="region" ?data-moving=${view.state === "playing"} aria-label=${say("播放器，按 K 播放或暂停，M 静音，F 全屏", "Player: K plays or pauses, M mutes, F full screen")}>
      ${this.#video}${this.overlay}
      ${view.captions === "on" && this.#captions.text ? html`<p class="stage-caption">${this.#captions.text}</p>` : nothing}
      ${view.state === "idle"
        ? html`<button type="button" class="stage-open" @click=${this.#acts.play}>${say("播放", "Play")}</button>`
        : nothing}
      ${silent ? html`<button type="button" class="stage-sound" @click=${this.#acts.mute}>${say("点按打开声音", "Tap for sound")}</button>` : nothing}
      <p class="stage-words" role="status">${trouble ? words(view.state, view.stalls, null) : ""}</p>
      ${bar(view, this.#acts)}
    </div>`;
  }
}

define("hs-player", Player);
