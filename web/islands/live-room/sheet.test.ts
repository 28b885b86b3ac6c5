import { beforeEach, expect, test, vi } from "vitest";
import { inside, leafOf, Sheet } from "./sheet";

const PAGE = `<!doctype html><title>青瓷 · 海市</title><div id="flashes"><div class="notice">已加入购物车。</div></div>
  <main><div class="wrap"><h1>青瓷</h1><form action="/cart/" method="post"><input name="n" value="2"><button name="then" value="cart">加</button></form>
  <a href="../other/">另一件</a><a class="back" href="/">回到直播间</a><script>globalThis.ran = true</script></div></main>`;
const dialog = (): HTMLDialogElement => document.querySelector("dialog")!;
const body = (): HTMLElement => document.querySelector("[data-sheet-body]")!;
let asked: [string, RequestInit | undefined][];

function sheet(answers: Record<string, string>, arrived?: string): Sheet {
  return new Sheet(dialog(), (input, init) => {
    const address = String(input);
    asked.push([address, init]);
    const text = answers[new URL(address).pathname];
    if (text === undefined) return Promise.reject(new TypeError("refused"));
    const answer = new Response(text);
    Object.defineProperty(answer, "url", { value: arrived ?? address });
    return Promise.resolve(answer);
  });
}

beforeEach(() => {
  asked = [];
  document.body.innerHTML = `<dialog><h2 tabindex="-1" data-sheet-title></h2><a data-sheet-whole href="/"></a><div data-sheet-body></div></dialog>`;
  HTMLDialogElement.prototype.showModal = function () {
    this.open = true;
  };
  HTMLDialogElement.prototype.close = function () {
    this.open = false;
  };
});

test("a page of the house is read in the sheet, its notices first, and nothing of it runs", async () => {
  await sheet({ "/products/celadon/": PAGE }).open("/products/celadon/");
  expect(dialog().open).toBe(true);
  expect(body().firstElementChild?.textContent).toBe("已加入购物车。");
  expect(document.querySelector("[data-sheet-title]")?.textContent).toBe("青瓷");
  expect((globalThis as { ran?: boolean }).ran).toBeUndefined();
  expect(document.querySelector<HTMLAnchorElement>("[data-sheet-whole]")?.pathname).toBe("/products/celadon/");
});

test("a page of a desk comes without the ways to the rest of it", () => {
  const leaf = leafOf(`<main><div class="wrap dashboard"><nav class="side-nav"><a href="/cart/">购物车</a></nav><div><h1>订单</h1><p>待付款</p></div></div></main>`, "/o/");
  expect([leaf?.title, leaf?.content.map((each) => each.textContent)]).toEqual(["订单", ["待付款"]]);
});

test("a page that has news comes again in the sheet, and the live stays", async () => {
  const one = sheet({ "/products/celadon/": PAGE });
  await one.open("/products/celadon/");
  const news = new CustomEvent("renew", { bubbles: true, cancelable: true });
  body().firstElementChild!.dispatchEvent(news);
  expect([news.defaultPrevented, asked.map(([address]) => new URL(address).pathname)]).toEqual([true, ["/products/celadon/", "/products/celadon/"]]);
});

test("links lead on inside the sheet, from where its page stands", async () => {
  const one = sheet({ "/products/celadon/": PAGE, "/products/other/": PAGE });
  await one.open("/products/celadon/");
  body().querySelector("a")!.click();
  await vi.waitFor(() => expect(asked.map(([address]) => new URL(address).pathname)).toEqual(["/products/celadon/", "/products/other/"]));
});

test("the way back to the live closes the sheet, where the live still is", async () => {
  await sheet({ "/products/celadon/": PAGE }).open("/products/celadon/");
  expect(body().querySelector("h1")).toBeNull();
  body().querySelector<HTMLElement>(".back")!.click();
  await vi.waitFor(() => expect(dialog().open).toBe(false));
  expect(asked.length).toBe(1);
});

test("a form is sent with the button that was pressed", async () => {
  await sheet({ "/products/celadon/": PAGE, "/cart/": PAGE }).open("/products/celadon/");
  body().querySelector("button")!.click();
  await vi.waitFor(() => expect(asked.length).toBe(2));
  const [address, init] = asked[1]!;
  expect([new URL(address).pathname, init?.method, [...(init?.body as FormData)]]).toEqual(["/cart/", "POST", [["n", "2"], ["then", "cart"]]]);
});

test("what the sheet cannot show is offered in a window of its own", async () => {
  await sheet({}).open("/pay/");
  const link = body().querySelector("a")!;
  expect([link.target, link.pathname]).toEqual(["_blank", "/pay/"]);
});

test("signing in and other sites are not for the sheet", () => {
  const here = new URL("https://expo.example/live/a/");
  expect(["/cart/", "/account/login/", "https://pay.example/x"].map((path) => inside(new URL(path, here), here))).toEqual([true, false, false]);
  expect(leafOf("{}", "/x")).toBeNull();
});
