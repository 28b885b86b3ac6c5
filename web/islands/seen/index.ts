import { define, Island } from "../island";

/**
 * `<hs-seen subject="exhibitor:12"></hs-seen>`: tells the house once a visit that this page was looked at. Sent when the reader has stayed
 * for two seconds, so that a page passed in haste does not count. Pages kept in memory count too, because the browser tells.
 */
class Seen extends Island {
  override connectedCallback(): void {
    super.connectedCallback();
    const subject = this.getAttribute("subject") ?? "";
    const key = `seen:${subject}`;
    if (!subject || sessionStorage.getItem(key)) return;
    const timer = window.setTimeout(() => {
      sessionStorage.setItem(key, "1");
      navigator.sendBeacon("/seen/", new URLSearchParams({ subject }));
    }, 2000);
    this.onLeave(() => window.clearTimeout(timer));
  }
}

define("hs-seen", Seen);
