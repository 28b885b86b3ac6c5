import { define, Island } from "../island";
import { say } from "../words";
import { wallClock } from "./zones";

/**
 * `<hs-local-times zone="Asia/Shanghai">` around a programme. A reader elsewhere sees their own wall clock under every
 * `<time datetime>`, and the name of their zone in `[data-note]`. Whoever shares the zone's clock sees no difference.
 */
class LocalTimes extends Island {
  override connectedCallback(): void {
    super.connectedCallback();
    const there = this.getAttribute("zone") ?? "UTC";
    const here = new Intl.DateTimeFormat().resolvedOptions().timeZone;
    let differs = false;
    for (const time of this.querySelectorAll<HTMLTimeElement>("time[datetime]")) {
      const moment = new Date(time.dateTime);
      const [mine, theirs] = [wallClock(moment, here), wallClock(moment, there)];
      if (mine.text === theirs.text && mine.day === theirs.day) continue;
      differs = true;
      const days = mine.day === theirs.day ? "" : mine.day > theirs.day ? say("次日 ", "next day ") : say("前一日 ", "day before ");
      const shown = document.createElement("small");
      shown.className = "local-time";
      shown.textContent = say(`你那里 ${days}${mine.text}`, `${days}${mine.text} for you`);
      time.after(shown);
      this.onLeave(() => shown.remove());
    }
    const note = this.querySelector("[data-note]");
    if (differs && note) note.textContent = say(`；你所在的时区是 ${here}`, `; your time zone is ${here}`);
  }
}

define("hs-local-times", LocalTimes);
