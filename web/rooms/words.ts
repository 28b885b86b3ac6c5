import { say } from "../islands/words";

/** How the connection of the page is. `seconds`: until the next try. `why`: browser, revoked, or nobody answers. */
export type State =
  | { name: "connecting" }
  | { name: "open" }
  | { name: "waiting"; seconds: number }
  | { name: "unavailable"; why: "browser" | "revoked" | "silent"; seconds: number };

/** The state in the reader's language, for a status line; empty when all is well. */
export function stateInWords(state: State): string {
  if (state.name === "open") return "";
  if (state.name === "connecting") return say("正在接入互动…", "Joining the chat…");
  if (state.name === "waiting") {
    return say(`连接断开，${state.seconds} 秒后重连`, `Connection lost, trying again in ${state.seconds} s`);
  }
  if (state.why === "browser") {
    return say("这个浏览器版本较旧，收不到互动；画面和页面照常。", "This browser is too old for the chat; picture and page work.");
  }
  if (state.why === "revoked") {
    return say("你已退出互动，刷新页面可重新进入。", "You have left the chat; reload the page to come back.");
  }
  return say("互动暂时不可用，画面和页面照常；恢复后会自动接入。", "The chat is not available now; picture and page work. It comes back by itself.");
}

const REFUSALS: Record<string, [string, string]> = {
  slow: ["说得太快了，请稍候再发。", "That was quick: wait a moment."],
  muted: ["你在这里已被禁言。", "You are muted here."],
  banned: ["你已被移出这个房间。", "You were removed from this room."],
  words: ["这句话含有不能发的词，没有发出。", "This line holds words that are not allowed; it was not sent."],
  held: ["这句话要等管理员看过才会显示。", "A moderator looks at this line before it is shown."],
  rights: ["登录后才能发言。", "Sign in to speak."],
  closed: ["发言已关闭，只有主持人可以说话。", "The chat is closed; only hosts speak."],
  long: ["一句话最多 300 字，也不能为空。", "A line has 1 to 300 characters."],
};

/** Why something was not done, in the reader's language. */
export function refusalInWords(reason: string, waitMs = 0): string {
  const [chinese, english] = REFUSALS[reason] ?? ["没有发出，请再试一次。", "Not sent; please try again."];
  if (waitMs < 1000) return say(chinese, english);
  const [chineseSpan, englishSpan] = spanInWords(waitMs);
  return say(`${chinese.slice(0, -1)}（${chineseSpan}）。`, `${english.slice(0, -1)} (${englishSpan}).`);
}

/** 45 秒, 30 分钟, 7 天: as moderators choose it. */
function spanInWords(waitMs: number): [string, string] {
  const seconds = Math.ceil(waitMs / 1000);
  if (seconds < 120) return [`${seconds} 秒`, `${seconds} s`];
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 120) return [`${minutes} 分钟`, `${minutes} min`];
  const hours = Math.ceil(minutes / 60);
  if (hours < 48) return [`${hours} 小时`, `${hours} h`];
  const days = Math.ceil(hours / 24);
  return [`${days} 天`, `${days} days`];
}
