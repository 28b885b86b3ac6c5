import type Hls from "hls.js";
import type { ErrorData, HlsConfig } from "hls.js";
import { tokenOf, withToken } from "./playback";

/** Why a source gave up. `refused`: the token is over; `missing`: no such stream now; `media`: the bytes cannot be played. */
export type Trouble = "network" | "refused" | "missing" | "media";

/** An opened stream behind a `<video>`. */
export interface Source {
  /** Milliseconds since 1970 of the picture on the screen (EXT-X-PROGRAM-DATE-TIME), `null` before the first. */
  at(): number | null;
  /** Seconds between the newest picture of the stream and the one on the screen; `null` when the stream is over. */
  latency(): number | null;
  /** To the newest picture. */
  newest(): void;
  /** A new token for everything fetched from now on. */
  renew(address: string): void;
  close(): void;
}

export type Open = (video: HTMLVideoElement, address: string, live: boolean, lost: (why: Trouble) => void) => Promise<Source>;

export function troubleOf(status: number | undefined): Trouble {
  if (status === 401 || status === 403) return "refused";
  if (status === 404 || status === 410) return "missing";
  return "network";
}

/** The settings of hls.js. A live keeps 1.2 s behind by playing up to 1.5 times as fast; a replay buffers like a film. */
export function settings(live: boolean): Partial<HlsConfig> {
  const common = { enableWorker: false, capLevelToPlayerSize: true, backBufferLength: 30 };
  if (!live) return { ...common, lowLatencyMode: false, maxBufferLength: 60 };
  return {
    ...common,
    lowLatencyMode: true,
    maxLiveSyncPlaybackRate: 1.5,
    liveDurationInfinity: true,
    // After a stall the distance grows by a quarter of a second only: a viewer on a bad line is not sent into the past.
    liveSyncOnStallIncrease: 0.25,
    maxBufferLength: 10,
  };
}

/** hls.js, fetched when the first picture is wanted. */
const openHls: Open = async (video, address, live, lost) => {
  const { default: Program } = await import("hls.js/light");
  let token = tokenOf(address);
  const hls = new Program({
    ...settings(live),
    xhrSetup: (request, url) => request.open("GET", withToken(url, token), true),
  }) as Hls;
  let mended = false;
  hls.on(Program.Events.ERROR, (_event, error: ErrorData) => {
    if (!error.fatal) return;
    if (error.type === Program.ErrorTypes.NETWORK_ERROR) lost(troubleOf(error.response?.code));
    else if (error.type === Program.ErrorTypes.MEDIA_ERROR && !mended) {
      mended = true;
      hls.recoverMediaError();
    } else lost("media");
  });
  hls.loadSource(address);
  hls.attachMedia(video);
  return {
    at: () => hls.playingDate?.getTime() ?? null,
    latency: () => (hls.latestLevelDetails?.live ? hls.latency : null),
    newest: () => {
      if (hls.liveSyncPosition !== null) video.currentTime = hls.liveSyncPosition;
    },
    renew: (next) => (token = tokenOf(next)),
    close: () => hls.destroy(),
  };
};

interface Dated extends HTMLVideoElement {
  /** Safari's own: the instant of `currentTime` 0. */
  getStartDate?: () => Date;
}

/** A browser that plays HLS by itself and has no MediaSource (iPhones before iOS 17.1). */
const openNative: Open = async (video: Dated, address, live, lost) => {
  let current = address;
  const failed = (): void => {
    // The element keeps the answer's status to itself: ask once more to know why.
    fetch(current, { method: "HEAD" }).then(
      (answer) => lost(answer.ok ? "media" : troubleOf(answer.status)),
      () => lost("network"),
    );
  };
  video.addEventListener("error", failed);
  video.src = address;
  const began = (): number => video.getStartDate?.().getTime() ?? Number.NaN;
  const edge = (): number => (video.seekable.length ? video.seekable.end(video.seekable.length - 1) : Number.NaN);
  return {
    at: () => (Number.isFinite(began()) && video.readyState > 1 ? began() + video.currentTime * 1000 : null),
    latency: () => (live && Number.isFinite(edge()) ? Math.max(0, edge() - video.currentTime) : null),
    newest: () => {
      if (Number.isFinite(edge())) video.currentTime = edge();
    },
    renew: (next) => (current = next),
    close: () => {
      video.removeEventListener("error", failed);
      video.removeAttribute("src");
      video.load();
    },
  };
};

/** The way this browser plays HLS, `null`: none. */
export function opener(video: HTMLVideoElement): Open | null {
  if ("ManagedMediaSource" in window || "MediaSource" in window) return openHls;
  return video.canPlayType("application/vnd.apple.mpegurl") ? openNative : null;
}
