import { define, Island } from "../island";
import { changed } from "./watch";

/**
 * `<hs-renew src="…?part=state" state="awaiting">`: loads the page again once its thing has another state. A page that is shown inside
 * another one is renewed by it: it takes the bubbling event `renew` for itself by preventing its default.
 */
class Renew extends Island {
  override connectedCallback(): void {
    super.connectedCallback();
    const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
    const [src, state] = [this.getAttribute("src") ?? "", this.getAttribute("state") ?? ""];
    void changed(src, state, pause, (...asked) => fetch(...asked), () => !this.isConnected).then((another) => {
      if (!another || !this.isConnected) return;
      if (this.dispatchEvent(new CustomEvent("renew", { bubbles: true, cancelable: true }))) location.reload();
    });
  }
}

define("hs-renew", Renew);
