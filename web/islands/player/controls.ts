import { html, nothing, type TemplateResult } from "lit";
import { say } from "../words";
import type { Angle } from "./playback";
import { grade, type State, words } from "./quality";
import { sign, type Sign } from "./signs";

/** All that the bar shows; times in seconds. */
export interface View {
  state: State;
  live: boolean;
  muted: boolean;
  volume: number;
  full: boolean;
  angles: readonly Angle[];
  angle: string;
  stalls: number;
  latency: number | null;
  /** A viewer this far behind may jump to the newest picture. */
  behind: boolean;
  captions: "none" | "off" | "on";
  small: boolean;
  time: number;
  duration: number;
  marks: readonly { seconds: number; title: string }[];
}

export interface Acts {
  play(): void;
  mute(): void;
  volume(value: number): void;
  angle(name: string): void;
  captions(): void;
  small(): void;
  full(): void;
  newest(): void;
  seek(seconds: number): void;
}

/** 3:07, 1:02:09. */
export function clockText(seconds: number): string {
  const whole = Math.max(0, Math.floor(Number.isFinite(seconds) ? seconds : 0));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (value: number): string => String(value).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

const button = (name: Sign, label: string, act: () => void, pressed?: boolean): TemplateResult =>
  html`<button type="button" class="stage-button" aria-label=${label} title=${label} aria-pressed=${pressed ?? nothing} @click=${act}>
    ${sign(name)}
  </button>`;

function angles(view: View, acts: Acts): TemplateResult | typeof nothing {
  if (view.angles.length < 2) return nothing;
  return html`<label class="stage-angle">${sign("angle")}<span class="visually-hidden">${say("机位", "Angle")}</span>
    <select @change=${(event: Event) => acts.angle((event.target as HTMLSelectElement).value)}>
      ${view.angles.map((each) => html`<option value=${each.name} ?selected=${each.name === view.angle}>${each.label}</option>`)}
    </select></label>`;
}

/** Of a replay: where one is, and chapters as marks on the line. */
function timeline(view: View, acts: Acts): TemplateResult | typeof nothing {
  if (view.live || !(view.duration > 0)) return nothing;
  const said = `${clockText(view.time)} / ${clockText(view.duration)}`;
  return html`<div class="stage-time">
    <input type="range" min="0" max=${Math.floor(view.duration)} step="1" .value=${String(Math.floor(view.time))} list="stage-marks"
      aria-label=${say("播放位置", "Position")} aria-valuetext=${said}
      @input=${(event: Event) => acts.seek(Number((event.target as HTMLInputElement).value))}>
    <datalist id="stage-marks">${view.marks.map((mark) => html`<option value=${Math.round(mark.seconds)} label=${mark.title}></option>`)}</datalist>
    <span class="number">${said}</span></div>`;
}

function sound(view: View, acts: Acts): TemplateResult {
  return html`${button(view.muted ? "mute" : "sound", view.muted ? say("打开声音", "Sound on") : say("静音", "Mute"), acts.mute)}
    <input class="stage-volume" type="range" min="0" max="100" step="5" .value=${String(view.muted ? 0 : Math.round(view.volume * 100))}
      aria-label=${say("音量", "Volume")}
      @input=${(event: Event) => acts.volume(Number((event.target as HTMLInputElement).value) / 100)}>`;
}

/** The bar under the picture: on a veil, never on the picture itself. */
export function bar(view: View, acts: Acts): TemplateResult {
  const going = view.state === "playing" || view.state === "stalled" || view.state === "opening";
  const full = view.full ? say("退出全屏", "Leave full screen") : say("全屏", "Full screen");
  return html`<div class="stage-bar" role="group" aria-label=${say("播放控制", "Playback")}>
    ${timeline(view, acts)}
    ${button(going ? "pause" : "play", going ? say("暂停", "Pause") : say("播放", "Play"), acts.play)}
    ${sound(view, acts)}
    ${view.behind ? button("newest", say("回到最新画面", "To the newest picture"), acts.newest) : nothing}
    <p class="stage-quality" data-grade=${grade(view.state, view.stalls)}><span aria-hidden="true"></span>${words(view.state, view.stalls, view.latency)}</p>
    ${angles(view, acts)}
    ${view.captions === "none" ? nothing : button("captions", say("字幕", "Captions"), acts.captions, view.captions === "on")}
    ${view.small ? button("window", say("小窗播放", "Picture in picture"), acts.small) : nothing}
    ${button(view.full ? "whole" : "full", full, acts.full)}
  </div>`;
}
