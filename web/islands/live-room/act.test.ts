import { expect, test } from "vitest";
import { act } from "./act";

function form(): HTMLFormElement {
  document.body.innerHTML = `<form method="post" action="/live/a/ask/"><input name="text" value="什么时候开窑？"><button>问</button></form>`;
  return document.querySelector("form")!;
}
const answers = (status: number, body: string) => (): Promise<Response> => Promise.resolve(new Response(body, { status }));

test("a form is sent as it stands and asks for JSON", async () => {
  let sent: [string, RequestInit | undefined] | undefined;
  const outcome = await act(form(), null, (input, init) => {
    sent = [String(input), init];
    return Promise.resolve(Response.json({ done: true }));
  });
  expect(outcome).toEqual({ ok: true, words: "", status: 200 });
  expect([new URL(sent![0]).pathname, sent![1]?.method, new Headers(sent![1]?.headers).get("Accept")]).toEqual(["/live/a/ask/", "POST", "application/json"]);
  expect([...(sent![1]?.body as FormData)]).toEqual([["text", "什么时候开窑？"]]);
});

test("a refusal is passed on in the house's words", async () => {
  expect(await act(form(), null, answers(409, '{"error":"PollNotOpen","message":"投票没有开始，或已经结束。"}'))).toEqual({
    ok: false, words: "投票没有开始，或已经结束。", status: 409,
  });
  expect((await act(form(), null, answers(422, '{"done":false,"errors":{"text":["请填写。"]}}'))).words).toBe("请填写。");
});

test("a house that answers no JSON, or not at all, loses nothing", async () => {
  expect(await act(form(), null, answers(502, "<h1>Bad gateway</h1>"))).toEqual({ ok: false, words: "", status: 502 });
  expect(await act(form(), null, () => Promise.reject(new TypeError("offline")))).toEqual({ ok: false, words: "", status: 0 });
});
