import { describe, expect, it, vi } from "vitest";
import { loudness } from "./level";
import { Broadcast, preferred, resource, type State } from "./whip";

const codec = (mimeType: string, sdpFmtpLine = ""): RTCRtpCodec => ({ mimeType, clockRate: 90_000, sdpFmtpLine });

class FakePeer extends EventTarget {
  iceGatheringState = "complete";
  connectionState = "new";
  localDescription = { sdp: "offer" };
  remote = "";
  closed = false;
  createOffer = async (): Promise<object> => ({ type: "offer", sdp: "offer" });
  setLocalDescription = async (): Promise<void> => undefined;
  setRemoteDescription = async (answer: { sdp: string }): Promise<void> => void (this.remote = answer.sdp);
  close = (): void => void (this.closed = true);
  getSenders = (): never[] => [];
  become(state: string): void {
    this.connectionState = state;
    this.dispatchEvent(new Event("connectionstatechange"));
  }
}

const target = { endpoint: "https://live.example/whip", key: "k" };
const stream = { getTracks: () => [] } as unknown as MediaStream;

function broadcast(answers: Response[]) {
  const peer = new FakePeer();
  const states: [State, string][] = [];
  const send = vi.fn(async () => answers.shift() ?? new Response(null, { status: 200 }));
  const made = new Broadcast(
    target,
    (state, words) => states.push([state, words]),
    () => peer as unknown as RTCPeerConnection,
    send as unknown as typeof fetch,
  );
  return { made, peer, states, send };
}

describe("publishing by WHIP", () => {
  it("puts H.264 with whole units first and loses no codec", () => {
    const codecs = [codec("video/VP8"), codec("video/rtx"), codec("video/H264"), codec("video/H264", "packetization-mode=1")];
    expect(preferred(codecs).map((each) => each.mimeType + (each.sdpFmtpLine ?? ""))).toEqual([
      "video/H264packetization-mode=1",
      "video/H264",
      "video/VP8",
      "video/rtx",
    ]);
  });

  it("finds the resource of a relative and of a full Location", () => {
    expect(resource("https://a.example/whip", "/whip/sessions/1")).toBe("https://a.example/whip/sessions/1");
    expect(resource("https://a.example/whip", "https://b.example/2")).toBe("https://b.example/2");
    expect(resource("https://a.example/whip", null)).toBe("");
  });

  it("sends the offer with the key, is live when connected, and deletes what it made", async () => {
    const made = new Response("answer", { status: 201, headers: { Location: "/whip/sessions/7" } });
    const { made: one, peer, states, send } = broadcast([made]);
    await one.start(stream);
    expect(peer.remote).toBe("answer");
    const [url, options] = send.mock.calls[0] as unknown as [string, RequestInit];
    expect(url).toBe(target.endpoint);
    expect(options.headers).toEqual({ "Content-Type": "application/sdp", Authorization: "Bearer k" });
    peer.become("connected");
    one.stop();
    expect(states.map(([state]) => state)).toEqual(["connecting", "live", "idle"]);
    expect(send.mock.calls[1]).toEqual(["https://live.example/whip/sessions/7", { method: "DELETE", keepalive: true }]);
    expect(peer.closed).toBe(false);
    await vi.waitFor(() => expect(peer.closed).toBe(true));
  });

  it("says the server's words when it is refused, and closes", async () => {
    const { made, peer, states } = broadcast([new Response("推流密钥无效", { status: 401 })]);
    await made.start(stream);
    expect(states.at(-1)).toEqual(["refused", "推流密钥无效"]);
    expect(peer.closed).toBe(true);
  });

  it("does not show a page of an unknown server as words", async () => {
    const { made, states } = broadcast([new Response("<html>…</html>", { status: 502 })]);
    await made.start(stream);
    expect(states.at(-1)).toEqual(["refused", "HTTP 502"]);
  });

  it("ends once, and a lost network is no end", async () => {
    const made = new Response("answer", { status: 201, headers: { Location: "/whip/sessions/7" } });
    const { made: one, peer, states, send } = broadcast([made]);
    await one.start(stream);
    peer.become("connected");
    peer.become("disconnected");
    peer.become("connected");
    one.stop();
    one.stop();
    expect(states.map(([state]) => state)).toEqual(["connecting", "live", "lost", "live", "idle"]);
    expect(send).toHaveBeenCalledTimes(2);
  });
});

describe("the level", () => {
  it("is nothing for silence, full for full scale, and in decibels between", () => {
    expect(loudness(new Float32Array(8))).toBe(0);
    expect(loudness(new Float32Array(8).fill(1))).toBe(1);
    expect(loudness(new Float32Array(8).fill(0.1))).toBeCloseTo(2 / 3, 6);
    expect(loudness(new Float32Array(8).fill(0.0001))).toBe(0);
  });
});
