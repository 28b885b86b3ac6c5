import { beforeEach, expect, test } from "vitest";
import { renew } from "./renew";

let made: string[];
const ready = (node: HTMLElement): void => void made.push(node.id);
const answers = (text: string, status = 200) => (): Promise<Response> => Promise.resolve(new Response(text, { status }));
const part = (): HTMLElement => document.getElementById("polls")!;
const NEW = `<section id="polls" data-part="/live/a/?part=polls"><button id="vote">新的</button><input id="field"></section>`;

beforeEach(() => {
  made = [];
  document.body.innerHTML = `<section id="polls" data-part="/live/a/?part=polls"><button id="vote">旧的</button><input id="field"></section>`;
});

test("a part is replaced and the focus stays on what it was on", async () => {
  document.getElementById("vote")!.focus();
  await renew(part(), ready, answers(NEW));
  expect([part().querySelector("button")?.textContent, document.activeElement?.id]).toEqual(["新的", "vote"]);
  expect(made).toEqual(["polls"]);
});

test("a page that had no focus in it gets none", async () => {
  await renew(part(), ready, answers(NEW));
  expect(document.activeElement).toBe(document.body);
});

test("a part in which somebody writes is left alone", async () => {
  document.getElementById("field")!.focus();
  await renew(part(), ready, answers(NEW));
  expect(part().querySelector("button")?.textContent).toBe("旧的");
});

test("a refusal or a lost house leaves what stands", async () => {
  await renew(part(), ready, answers("<p>409</p>", 409));
  await renew(part(), ready, () => Promise.reject(new TypeError("offline")));
  await renew(part(), ready, answers("<p>something else</p>"));
  expect(part().querySelector("button")?.textContent).toBe("旧的");
});
