import { define, Island } from "../island";
import { say } from "../words";

/** `<hs-copy-button>` around a field (or `data-copy` text) and a hidden button that appears with script and copies the text. */
class CopyButton extends Island {
  override connectedCallback(): void {
    super.connectedCallback();
    const button = this.querySelector("button");
    const field = this.querySelector("input");
    if (!button || !navigator.clipboard) return;
    button.hidden = false;
    button.type = "button";
    const words = button.textContent ?? "";
    this.listen(button, "click", () => {
      navigator.clipboard.writeText(field?.value ?? this.dataset["copy"] ?? "").then(
        () => this.#tell(button, this.dataset["copied"] ?? say("已复制", "Copied"), words),
        () => field?.select(),
      );
    });
  }

  #tell(button: HTMLButtonElement, said: string, words: string): void {
    button.textContent = said;
    const timer = setTimeout(() => (button.textContent = words), 2000);
    this.onLeave(() => clearTimeout(timer));
  }
}

define("hs-copy-button", CopyButton);
