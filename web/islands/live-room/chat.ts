import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { COLOURS } from "../danmaku/layer";
import { say } from "../words";
import type { ChatLine, Lines } from "./lines";

export interface ChatView {
  lines: Lines;
  /** The state of the connection, "" when all is well. */
  words: string;
  open: boolean;
  maySay: boolean;
  mayRemove: boolean;
  signIn: string;
  style: number;
  colour: number;
}

export interface ChatActs {
  say(text: string): void;
  again(line: ChatLine): void;
  remove(line: ChatLine): void;
  style(style: number): void;
  colour(colour: number): void;
  scrolled(list: HTMLElement): void;
  toEnd(): void;
}

/** Longest line, in characters (gateway/guests.py). */
export const MOST_TEXT = 100;

const role = (bits: number): TemplateResult | typeof nothing => {
  if (bits & 4) return html`<span class="tag tag-qing">${say("主播", "Host")}</span>`;
  return bits & 8 ? html`<span class="tag">${say("房管", "Moderator")}</span>` : nothing;
};

function one(line: ChatLine, view: ChatView, acts: ChatActs): TemplateResult {
  const state = line.refused ? "refused" : line.offset === null ? "sending" : "said";
  return html`<li class="chat-line" data-state=${state} ?data-own=${line.own}>
    <p><span class="chat-name">${role(line.role)}${line.name}</span> ${line.text}</p>
    ${line.refused
      ? html`<p class="chat-refused">${line.refused} <button type="button" class="link" @click=${() => acts.again(line)}>${say("再发一次", "Send again")}</button></p>`
      : nothing}
    ${view.mayRemove && line.offset !== null
      ? html`<button type="button" class="chat-remove" @click=${() => acts.remove(line)} aria-label=${say(`移除 ${line.name} 的发言`, `Remove what ${line.name} said`)}>×</button>`
      : nothing}
  </li>`;
}

function looks(view: ChatView, acts: ChatActs): TemplateResult {
  const styles = [say("滚动", "Rolling"), say("顶部", "Top"), say("底部", "Bottom")];
  const hues = [say("白", "White"), say("绛", "Crimson"), say("沙", "Sand"), say("草", "Green"), say("青", "Teal"), say("蓝", "Blue"), say("紫", "Violet")];
  return html`<details class="menu menu-up"><summary class="btn btn-quiet" aria-label=${say("弹幕样式", "Look of the line")}><span class="hue" data-hue=${view.colour}></span></summary>
    <div class="menu-panel">
      <fieldset class="segmented"><legend class="visually-hidden">${say("位置", "Place")}</legend>
        ${styles.map((words, n) => html`<button type="button" aria-pressed=${view.style === n + 1} @click=${() => acts.style(n + 1)}>${words}</button>`)}</fieldset>
      <fieldset class="hues"><legend class="visually-hidden">${say("颜色", "Colour")}</legend>
        ${COLOURS.map((_, n) => html`<button type="button" class="hue" data-hue=${n} aria-label=${hues[n] ?? ""} aria-pressed=${view.colour === n} @click=${() => acts.colour(n)}></button>`)}</fieldset>
    </div></details>`;
}

function composer(view: ChatView, acts: ChatActs): TemplateResult {
  if (view.signIn) return html`<p class="chat-compose"><a class="btn btn-wide" href=${view.signIn}>${say("登录后发言", "Sign in to speak")}</a></p>`;
  const send = (event: SubmitEvent): void => {
    event.preventDefault();
    const field = (event.target as HTMLFormElement).elements.namedItem("text") as HTMLInputElement;
    const text = field.value.trim();
    if (!text) return;
    acts.say(text);
    field.value = "";
    field.focus();
  };
  const closed = !view.open || !view.maySay;
  return html`<form class="chat-compose" @submit=${send} autocomplete="off">
    ${looks(view, acts)}
    <input name="text" maxlength=${MOST_TEXT} enterkeyhint="send" ?disabled=${closed} aria-label=${say("说点什么", "Say something")}
      placeholder=${closed ? say("现在不能发言", "You cannot speak now") : say("说点什么", "Say something")}>
    <button class="btn btn-primary" ?disabled=${closed}>${say("发送", "Send")}</button></form>`;
}

/** The chat: a list that holds still while one reads, its newest lines at the bottom, and a field under the thumb. */
export function chat(view: ChatView, acts: ChatActs): TemplateResult {
  const { lines } = view;
  return html`<div class="chat">
    ${view.words ? html`<p class="chat-words" role="status">${view.words}</p>` : nothing}
    <ol class="chat-lines" tabindex="0" aria-live="off" aria-label=${say("聊天", "Chat")} @scroll=${(event: Event) => acts.scrolled(event.currentTarget as HTMLElement)}>
      ${lines.length === 0 ? html`<li class="chat-none">${say("还没有人说话，来说第一句。", "Nobody has spoken yet. Be the first.")}</li>` : nothing}
      ${repeat(lines.drawn, (line) => line.key, (line) => one(line, view, acts))}
    </ol>
    ${lines.unseen > 0
      ? html`<button type="button" class="chat-unseen btn btn-small" @click=${acts.toEnd}>${say(`${lines.unseen} 条新消息`, `${lines.unseen} new`)}</button>`
      : nothing}
    ${composer(view, acts)}
  </div>`;
}
