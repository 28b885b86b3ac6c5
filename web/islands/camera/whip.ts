/**
 * Publishing from a browser by WHIP (RFC 9725): one POST with the offer, one DELETE at the end.
 *
 * H.264 comes first because the origin passes it on undecoded; the sender keeps the size of the picture and gives up frames when
 * the network is narrow, since a change of size is a new initialisation segment for every viewer.
 */

export type State = "idle" | "connecting" | "live" | "lost" | "refused";

export interface Target {
  endpoint: string;
  key: string;
}

/** H.264 first, what carries retransmission and the rest behind it in their order. */
export function preferred(codecs: readonly RTCRtpCodec[]): RTCRtpCodec[] {
  const rank = (codec: RTCRtpCodec): number => {
    if (codec.mimeType.toLowerCase() !== "video/h264") return 2;
    return /packetization-mode=1/.test(codec.sdpFmtpLine ?? "") ? 0 : 1;
  };
  return [...codecs].sort((one, other) => rank(one) - rank(other));
}

/** Where the resource lies that DELETE ends; a Location may be relative to the endpoint. */
export function resource(endpoint: string, location: string | null): string {
  return location ? new URL(location, endpoint).href : "";
}

/** The refusal's words, or its number when the answer has none. */
async function refusal(answer: Response): Promise<string> {
  const words = (await answer.text().catch(() => "")).trim();
  return words && words.length < 300 && !words.startsWith("<") ? words : `HTTP ${answer.status}`;
}

/** Waits until all candidates stand in the offer, at most `patience` ms: WHIP hosts need no trickle. */
function gathered(peer: RTCPeerConnection, patience: number): Promise<void> {
  if (peer.iceGatheringState === "complete") return Promise.resolve();
  return new Promise((done) => {
    const timer = setTimeout(done, patience);
    peer.addEventListener("icegatheringstatechange", () => {
      if (peer.iceGatheringState !== "complete") return;
      clearTimeout(timer);
      done();
    });
  });
}

/** How long the end waits for its answer, in milliseconds. */
const PATIENCE = 2_000;

/** One broadcast: `start` once, `stop` once. `changed` hears every state, with words when refused. */
export class Broadcast {
  #peer: RTCPeerConnection | undefined;
  #resource = "";
  #stopped = false;

  constructor(
    private readonly target: Target,
    private readonly changed: (state: State, words: string) => void,
    private readonly make: () => RTCPeerConnection = () => new RTCPeerConnection(),
    private readonly send: typeof fetch = (...request) => fetch(...request),
  ) {}

  async start(stream: MediaStream): Promise<void> {
    this.changed("connecting", "");
    const peer = (this.#peer = this.make());
    peer.addEventListener("connectionstatechange", () => this.#follow(peer));
    for (const track of stream.getTracks()) this.#add(peer, track, stream);
    await peer.setLocalDescription(await peer.createOffer());
    await gathered(peer, 2000);
    if (this.#stopped) return;
    let answer: Response;
    try {
      answer = await this.send(this.target.endpoint, {
        method: "POST",
        headers: { "Content-Type": "application/sdp", Authorization: `Bearer ${this.target.key}` },
        body: peer.localDescription?.sdp ?? "",
      });
    } catch {
      return this.#fail("");
    }
    if (answer.status !== 201) return this.#fail(await refusal(answer));
    this.#resource = resource(this.target.endpoint, answer.headers.get("Location"));
    const sdp = await answer.text();
    if (this.#stopped) return void this.#leave();
    await peer.setRemoteDescription({ type: "answer", sdp });
  }

  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.changed("idle", "");
    // The origin hears of the end before it sees the peer vanish, which it would take for a break and forget the resource by itself.
    // Nothing is sent meanwhile, also when no answer comes.
    for (const sender of this.#peer?.getSenders() ?? []) void sender.replaceTrack(null).catch(() => undefined);
    const patience = new Promise((done) => setTimeout(done, PATIENCE));
    void Promise.race([this.#leave(), patience]).then(() => this.#peer?.close());
  }

  /** Another camera or microphone, without a new connection. */
  async replace(track: MediaStreamTrack): Promise<void> {
    const sender = this.#peer?.getSenders().find((each) => each.track?.kind === track.kind);
    await sender?.replaceTrack(track);
  }

  #add(peer: RTCPeerConnection, track: MediaStreamTrack, stream: MediaStream): void {
    const transceiver = peer.addTransceiver(track, { direction: "sendonly", streams: [stream] });
    if (track.kind !== "video") return;
    const known = RTCRtpSender.getCapabilities?.("video")?.codecs;
    if (known && transceiver.setCodecPreferences) transceiver.setCodecPreferences(preferred(known));
    const wanted = transceiver.sender.getParameters();
    const steady = wanted as RTCRtpSendParameters & { degradationPreference?: string };
    steady.degradationPreference = "maintain-resolution";
    for (const encoding of steady.encodings ?? []) encoding.maxBitrate = 2_500_000;
    void transceiver.sender.setParameters(steady).catch(() => undefined);
  }

  #follow(peer: RTCPeerConnection): void {
    if (this.#stopped || peer !== this.#peer) return;
    if (peer.connectionState === "connected") this.changed("live", "");
    if (peer.connectionState === "disconnected") this.changed("lost", "");
    if (peer.connectionState === "failed") this.#fail("");
  }

  #fail(words: string): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#peer?.close();
    void this.#leave();
    this.changed("refused", words);
  }

  async #leave(): Promise<void> {
    if (!this.#resource) return;
    const gone = this.#resource;
    this.#resource = "";
    await this.send(gone, { method: "DELETE", keepalive: true }).catch(() => undefined);
  }
}
