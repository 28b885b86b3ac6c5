import { say } from "../words";

/** What the stage shows. `waiting`: the house knows no stream yet; `retrying`: it was there and is lost. */
export type State = "idle" | "opening" | "playing" | "paused" | "stalled" | "waiting" | "retrying" | "ended" | "unplayable";

/** How long stalls count against a connection, in milliseconds. */
const MEMORY = 60_000;

/** Remembers stalls, so that one hiccup is not called a bad line and a bad line is. */
export class Stalls {
  #at: number[] = [];

  add(now: number): void {
    this.#at.push(now);
  }

  /** Stalls of the last minute. */
  recent(now: number): number {
    this.#at = this.#at.filter((at) => now - at < MEMORY);
    return this.#at.length;
  }
}

export type Grade = "good" | "fair" | "poor" | "none";

/** The connection in one word: by what the reader notices (stalls), not by what a line could carry. */
export function grade(state: State, stalls: number): Grade {
  if (state === "stalled") return "poor";
  if (state !== "playing") return "none";
  return stalls === 0 ? "good" : stalls < 3 ? "fair" : "poor";
}

/** The connection as a sentence. `latency`: seconds behind the event, `null` when unknown or not live. */
export function words(state: State, stalls: number, latency: number | null): string {
  const late = latency === null ? "" : say(`，延迟 ${latency.toFixed(1)} 秒`, `, ${latency.toFixed(1)} s behind`);
  switch (state) {
    case "idle":
      return say("未播放", "Not playing");
    case "opening":
      return say("正在打开画面", "Opening the picture");
    case "paused":
      return say("已暂停", "Paused");
    case "stalled":
      return say("网络跟不上，正在缓冲", "The network is too slow, buffering");
    case "waiting":
      return say("直播画面还没有来，来了会自动播放", "No picture yet; it will start by itself");
    case "retrying":
      return say("画面断了，正在重新连接", "The picture was lost, reconnecting");
    case "ended":
      return say("直播已结束", "The live has ended");
    case "unplayable":
      return say("这个浏览器放不了这段画面", "This browser cannot play this picture");
    case "playing":
      if (stalls === 0) return say("连接流畅", "Smooth") + late;
      if (stalls < 3) return say("连接偶有停顿", "A few pauses") + late;
      return say("连接不稳", "Unsteady") + late;
  }
}
