// @vitest-environment jsdom
import { beforeEach, describe, expect, it, vi } from "vitest";
import { ask, type Bridge, bridge } from "./bridge";

type Page = Window & { WeixinJSBridge?: Bridge };
const page = window as Page;
const answering = (words: string): Bridge => ({ invoke: (_name, _wish, heard) => heard({ err_msg: words }) });

beforeEach(() => {
  delete page.WeixinJSBridge;
});

describe("the bridge of WeChat's browser", () => {
  it("is taken at once when it is there", async () => {
    page.WeixinJSBridge = answering("");
    expect(await bridge(page, 0)).toBe(page.WeixinJSBridge);
  });

  it("is waited for when it comes after the page", async () => {
    const late = answering("");
    const found = bridge(page, 60_000);
    page.WeixinJSBridge = late;
    document.dispatchEvent(new Event("WeixinJSBridgeReady"));
    expect(await found).toBe(late);
  });

  it("is missing in another browser", async () => {
    vi.useFakeTimers();
    const found = bridge(page, 3000);
    vi.advanceTimersByTime(3000);
    vi.useRealTimers();
    expect(await found).toBeUndefined();
  });
});

describe("a payment", () => {
  it.each([
    ["get_brand_wcpay_request:ok", "paid"],
    ["get_brand_wcpay_request:cancel", "cancelled"],
    ["get_brand_wcpay_request:fail", "failed"],
    ["system:access_denied", "failed"],
    ["", "failed"],
  ])("that ends with %s is %s", async (words, end) => {
    expect(await ask(answering(words), {})).toBe(end);
  });

  it("is asked for with what the server signed", async () => {
    const invoke = vi.fn<Bridge["invoke"]>((_name, _wish, heard) => heard({ err_msg: "x:ok" }));
    await ask({ invoke }, { appId: "wx1" });
    expect(invoke).toHaveBeenCalledWith("getBrandWCPayRequest", { appId: "wx1" }, expect.any(Function));
  });
});
