/** What WeChat's own browser puts beside the page; it may come after the page (`WeixinJSBridgeReady`). */
export interface Bridge {
  invoke(name: string, wish: object, heard: (answer: { err_msg: string }) => void): void;
}

export type Outcome = "paid" | "cancelled" | "failed";

/** The bridge, as soon as it is there; undefined when it has not come after `patience` milliseconds. */
export function bridge(page: Window & { WeixinJSBridge?: Bridge }, patience: number): Promise<Bridge | undefined> {
  if (page.WeixinJSBridge) return Promise.resolve(page.WeixinJSBridge);
  return new Promise((found) => {
    const come = (): void => found(page.WeixinJSBridge);
    page.document.addEventListener("WeixinJSBridgeReady", come, { once: true });
    page.setTimeout(come, patience);
  });
}

/**
 * Opens the payment over the page and tells how it ended.
 *
 * "paid" is what the browser says; the server asks WeChat itself. Source: pay.weixin.qq.com/doc/v3, JSAPI 调起支付.
 */
export function ask(through: Bridge, wish: object): Promise<Outcome> {
  return new Promise((told) => {
    through.invoke("getBrandWCPayRequest", wish, ({ err_msg: words }) => {
      const ends: Record<string, Outcome> = { ok: "paid", cancel: "cancelled" };
      told(ends[words.split(":")[1] ?? ""] ?? "failed");
    });
  });
}
