"""The story of a contract of six firms: read, signed, paid, handed over, claimed, shared out.

Whoever reads in these steps is logged in; `contract` is the address of the contract's page.
"""

import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from playwright.sync_api import expect

from journeys.cast import PASSWORD
from journeys.house import Installation
from journeys.reader import Reader

PYHANKO = Path(sys.executable).with_name("pyhanko")


def agrees(one: Reader, contract: str, *firms: str) -> None:
    """Reads the text and agrees to it for each firm that the person speaks for."""
    one.go(f"{contract}text/")
    for firm in firms:
        one.press(f"代表{firm}同意这一版")
        one.sees("已同意这一版。")
        one.go(f"{contract}text/")


def opens_the_signing(one: Reader, contract: str) -> None:
    """All agree: the text is sealed."""
    one.go(contract)
    one.press("定稿并开放签署")
    one.sees("文本已定稿封存，各方可以签署。")


def signs(one: Reader, contract: str, firm: str, total: str) -> None:
    """What is signed, for whom; then the password; then the signature."""
    one.go(contract)
    one.follow("查看并签署")
    one.sees(f"{firm}（", total)
    expect(one.page.get_by_role("button", name="签署", exact=True)).to_have_count(0)
    shows_who_is_there(one)
    one.press("签署")
    one.sees(f"已代表{firm}签署。")


def shows_who_is_there(one: Reader) -> None:
    """The password once more, on the page that asks for it; one comes back."""
    here = one.page.url
    one.press("确认身份")
    one.fill("密码", PASSWORD)
    one.press("确认")
    expect(one.page).to_have_url(here)


def funds(one: Reader, milestone: str, amount: str) -> str:
    """Chooses how to pay, pays at the sandbox's cashier. Returns the number of the order."""
    one.go(milestone)
    one.press(f"为这个节点付款 {amount}")
    order = one.page.url.removeprefix(one.base)
    one.go(f"{order}pay/")
    one.sees("选择付款方式", amount)
    expect(one.page.get_by_role("radio")).to_have_count(1)
    one.press(f"去付款 {amount}")
    one.sees("沙箱收银台", amount)
    one.press("模拟支付")
    one.go(milestone)
    one.until("已托管，待交付")
    return order.strip("/").rpartition("/")[2]


def hands_over(one: Reader, milestone: str, words: str) -> None:
    """The supplier says what was delivered."""
    one.go(milestone)
    one.fill("交付说明", words)
    one.press("提交交付")
    one.sees("已交付。付款方 7 天内验收或退回，逾期视为合格。", words)


def accepts(one: Reader, milestone: str, held: str, parts: Mapping[str, str]) -> None:
    """The payer sees who is going to get what, signs the acceptance, and the money is shared."""
    one.go(milestone)
    one.follow("验收合格")
    one.sees(held)
    shares_are(one, parts, "应得")
    shows_who_is_there(one)
    one.press("签署验收单并放款")
    one.sees("已验收。验收单已签署，款项即将按约定分账。")
    one.until("已结算")
    shares_are(one, parts, "已放款")


def shares_are(one: Reader, parts: Mapping[str, str], column: str) -> None:
    """The column of the table of shares says exactly these amounts, in this order."""
    rows = one.page.get_by_role("table").locator("tbody tr")
    found = {
        row.locator("th").inner_text(): row.locator(f"td[data-label='{column}']").inner_text()
        for row in rows.all()
    }
    assert list(found.items()) == list(parts.items()), found


def claims(one: Reader, order: str, amount: str, words: str) -> str:
    """The buyer wants a part of the money back. Returns the address of the claim."""
    one.go(f"/orders/{order}/")
    one.follow("商品或交付有问题？提出索赔")
    one.choose("争议事由", "数量不足")
    one.fill("索赔金额", "999999.00")
    one.fill("经过", words)
    with one.refused():
        one.press("提出索赔")
    one.fill("索赔金额", amount)
    one.press("提出索赔")
    one.sees("索赔已提出，卖家会在期限内答复。", words)
    return one.page.url.removeprefix(one.base)


def gives_in(one: Reader, claim: str, amount: str, rest: str) -> None:
    """The seller agrees to what the buyer wants."""
    one.go(claim)
    one.press(f"同意退款 {amount}")
    stats = one.page.locator(".stat")
    expect(stats.filter(has_text="退给买家")).to_contain_text(amount)
    expect(stats.filter(has_text="归卖家方")).to_contain_text(rest)


def has_it_back(one: Reader, order: str, amount: str, held: str) -> None:
    """The provider confirms the refund; the rest is still held."""
    one.go(f"/orders/{order}/")
    one.until("已到账")
    refund = one.page.locator(".panel").filter(has_text="已到账")
    expect(refund.locator(".price")).to_have_text(amount)
    expect(one.page.locator(".facts").filter(has_text="托管中")).to_contain_text(held)


def adds_up(house: Installation, order: str) -> None:
    """Every figure of the order, rebuilt from the audit chain, is what tables and ledger say."""
    run = house.call("audit", "deal", order)
    assert run.returncode == 0, run.stdout + run.stderr


def holds_before_others(one: Reader, contract: str, signers: int, folder: Path) -> None:
    """The paper from the page, before a program that is not ours: every signature is valid."""
    one.go(contract)
    link = one.page.get_by_role("link", name=re.compile("下载 PDF"))
    files = {"root.pem": "/papers/root.pem", "paper.pdf": str(link.get_attribute("href"))}
    for name, address in files.items():
        answer = one.context.request.get(one.base + address)
        assert answer.status == 200
        (folder / name).write_bytes(answer.body())
    command = [str(PYHANKO), "sign", "validate", "--trust", str(folder / "root.pem")]
    command += ["--trust-replace", "--pretty-print", str(folder / "paper.pdf")]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    said = run.stdout + run.stderr
    assert run.returncode == 0, said
    assert said.count("The signature is judged VALID.") == signers
    assert "INVALID" not in said
