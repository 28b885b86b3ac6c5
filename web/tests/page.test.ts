import { beforeEach, expect, test } from "vitest";
import { flash, showRefusal, troubleFor } from "../page/flash";
import { focusAfterSwap } from "../page/focus";
import { startMenus } from "../page/menus";
import { startTheme } from "../page/theme";

startMenus();
startTheme();

beforeEach(() => {
  Element.prototype.scrollIntoView = () => {};
  document.documentElement.removeAttribute("data-theme");
  document.body.innerHTML = `<div id="flashes"></div>
    <template data-flash="server"><div class="notice">服务器出了差错</div></template><main></main>`;
});
const main = (): HTMLElement => document.querySelector("main")!;
const flashes = (): (string | null)[] => [...document.querySelectorAll("#flashes .notice")].map((notice) => notice.textContent);

test("each status has its words", () => {
  expect([401, 403, 404, 410, 413, 429, 500, 503].map(troubleFor)).toEqual([
    "sign-in", "forbidden", "missing", "missing", "too-large", "too-many", "server", "server",
  ]);
});

test("the same trouble is shown once", () => {
  flash("server");
  flash("server");
  expect(flashes()).toEqual(["服务器出了差错"]);
});

test("a refusal is shown among the notices and nothing else is", () => {
  expect(showRefusal('<div data-refusal><div class="notice">有人先一步改动了</div></div>')).toBe(true);
  expect(showRefusal("<p>别的</p>")).toBe(false);
  expect(flashes()).toEqual(["有人先一步改动了"]);
});

test("after a swap the summary of mistakes takes the focus", () => {
  main().innerHTML = '<form id="f"><div data-error-summary tabindex="-1">错</div><input data-focus></form>';
  focusAfterSwap(main().querySelector<HTMLElement>("#f")!);
  expect(document.activeElement?.textContent).toBe("错");
});

test("after a swap the focus stays on a control that is still there", () => {
  main().innerHTML = '<button id="b"></button><div id="f"></div>';
  document.getElementById("b")!.focus();
  focusAfterSwap(document.getElementById("f")!);
  expect(document.activeElement?.id).toBe("b");
});

test("after a swap that took the pressed button away the new fragment has the focus", () => {
  main().innerHTML = '<div id="f"></div>';
  focusAfterSwap(document.getElementById("f")!);
  expect(document.activeElement?.id).toBe("f");
});

test("a theme link changes the page and the cookie without leaving", () => {
  main().innerHTML = '<a href="?theme=dark" data-set-theme="dark">暗</a><a href="?theme=auto" data-set-theme="auto" aria-current="true">随系统</a>';
  const [dark, auto] = [...main().querySelectorAll("a")] as [HTMLAnchorElement, HTMLAnchorElement];
  dark.click();
  expect(document.documentElement.dataset["theme"]).toBe("dark");
  expect(document.cookie).toContain("theme=dark");
  expect(dark.getAttribute("aria-current")).toBe("true");
  expect(auto.hasAttribute("aria-current")).toBe(false);
  auto.click();
  expect(document.documentElement.dataset["theme"]).toBeUndefined();
  expect(document.cookie).not.toContain("theme=");
});

test("Escape closes an open menu and gives the focus back to its button", () => {
  main().innerHTML = '<details class="menu" open><summary tabindex="0">更多</summary><a href="#x">改</a></details>';
  main().querySelector("a")!.focus();
  document.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape" }));
  expect(main().querySelector("details")!.open).toBe(false);
  expect(document.activeElement?.textContent).toBe("更多");
});

test("a notice can be put away", () => {
  flash("server");
  document.querySelector("#flashes .notice")!.innerHTML += "<button data-dismiss></button>";
  document.querySelector<HTMLElement>("[data-dismiss]")!.click();
  expect(flashes()).toEqual([]);
});
