import { define, Island } from "../island";
import { say } from "../words";
import { ask, type Bridge, bridge } from "./bridge";

const PATIENCE = 3000;

/** `<hs-wechat-pay>` around its JSON (what `getBrandWCPayRequest` wants), a line `[data-said]` and a form with `[data-pay]`. */
class WeChatPay extends Island {
  override connectedCallback(): void {
    super.connectedCallback();
    const button = this.querySelector<HTMLButtonElement>("[data-pay]");
    if (!button) return;
    void bridge(window as Window & { WeixinJSBridge?: Bridge }, PATIENCE).then((found) => {
      if (!this.isConnected) return;
      if (!found) return this.#say(say("请在微信里打开这一页。", "Please open this page inside WeChat."));
      button.hidden = false;
      this.listen(button, "click", () => void this.#pay(button, found));
    });
  }

  async #pay(button: HTMLButtonElement, through: Bridge): Promise<void> {
    button.disabled = true;
    const end = await ask(through, this.props);
    button.disabled = false;
    if (end === "paid") return this.querySelector("form")?.requestSubmit();
    this.#say(
      end === "cancelled"
        ? say("已取消，没有扣款。可以再付。", "Cancelled; nothing was charged. You can pay again.")
        : say("微信没有完成付款，没有扣款。请再试一次。", "WeChat did not complete the payment; nothing was charged. Please try again."),
    );
  }

  #say(words: string): void {
    const line = this.querySelector<HTMLElement>("[data-said]");
    if (!line) return;
    line.textContent = words;
    line.hidden = false;
  }
}

define("hs-wechat-pay", WeChatPay);
