"""Who gets parts of payments is made known to the provider: once, written down, signed, sealed."""

from urllib.parse import parse_qsl

import pytest
from alipay import AliPay
from wechatpayv3 import utils as wechat_library

from haishi.foundation.models import AuditEntry
from haishi.foundation.money import Money
from haishi.parties.tests.factories import OrganisationFactory
from haishi.trade import services
from haishi.trade.errors import ProviderFailed
from haishi.trade.models import Payout, Receiver
from haishi.trade.providers import alipay, wires
from haishi.trade.providers.alipay import Alipay
from haishi.trade.providers.wechat import WeChatPay
from haishi.trade.tests.fakes.alipay import APP as ALIPAY_APP
from haishi.trade.tests.fakes.server import pair
from haishi.trade.tests.fakes.setting import switch_on
from haishi.trade.tests.fakes.wechat import PLATFORM_SERIAL
from haishi.trade.tests.test_payouts import account, settled, states, turn
from haishi.trade.types import Known, Share, Transfer

pytestmark = pytest.mark.django_db
OPENID = "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"
WISH = Transfer("T261127ABCDEFGH", Money(1_280), "2088999911112222", "登州动画")


@pytest.fixture
def fake(request, settings, firm):
    """A provider, switched on."""
    found = switch_on(request.param, settings, firm)
    yield found
    found.stop()


at = pytest.mark.parametrize("fake", ["alipay", "wechat"], indirect=True)
at_alipay = pytest.mark.parametrize("fake", ["alipay"], indirect=True)
at_wechat = pytest.mark.parametrize("fake", ["wechat"], indirect=True)


def asked(fake, end):
    return [path for _method, path in fake.seen if path.endswith(end)]


@at_wechat
def test_a_receiver_is_added_once_before_the_first_part_and_written_down(
    firm, stranger, fake, monkeypatch
):
    other = OrganisationFactory(name="登州动画")
    account(other, "1900000109", "wechat")
    shares = [Share(firm.pk, 8_000), Share(other.pk, 2_000)]
    settled(stranger, firm, shares, "wechat", fake=fake)
    turn(monkeypatch, 3)
    settled(stranger, firm, shares, "wechat", fake=fake)
    turn(monkeypatch, 3)
    assert set(Payout.objects.values_list("state", flat=True)) == {"done"}
    assert len(asked(fake, "/receivers/add")) == 2  # the partner, and the platform itself
    assert {
        key: (row["type"], row["name"], row["relation_type"]) for key, row in fake.receivers.items()
    } == {
        "1900000109": ("MERCHANT_ID", "登州动画", "SUPPLIER"),
        "1900000001": ("MERCHANT_ID", "海州会展服务有限公司", "PLATFORM"),
    }
    assert sorted(Receiver.objects.values_list("account", flat=True)) == [
        "1900000001",
        "1900000109",
    ]
    assert AuditEntry.objects.filter(action="receiver.admitted").count() == 2
    first = [path.rsplit("/", 2)[-2:] for _m, path in fake.seen if "profitsharing" in path]
    assert first.index(["receivers", "add"]) < first.index(["profitsharing", "orders"])


@at_wechat
def test_a_persons_name_is_sealed_and_the_serial_goes_along(fake):
    assert WeChatPay().admit("R1", OPENID, "林海").done
    told = fake.receivers[OPENID]
    assert (told["type"], "name" in told) == ("PERSONAL_OPENID", False)
    private = wechat_library.load_private_key(pair("wechat")[0])
    assert wechat_library.rsa_decrypt(told["encrypted_name"], private) == "林海"
    known = Known("P1", "42000P1", Money(9_000), "1900000002")
    part = Transfer("T1", Money(100), OPENID, "林海")
    WeChatPay().transfer(known, part)
    sealed = fake.shared["T1"]["receivers"][0]["receiver_name"]
    assert wechat_library.rsa_decrypt(sealed, private) == "林海"


@at_wechat
def test_without_the_serial_a_sealed_name_is_refused(fake, settings, monkeypatch):
    headers = []
    ask = wires.ask
    monkeypatch.setattr(
        wires, "ask", lambda *a, **k: (headers.append(k["headers"]), ask(*a, **k))[1]
    )
    WeChatPay().admit("R1", OPENID, "林海")
    WeChatPay().admit("R2", "1900000109", "登州动画")
    assert [each.get("Wechatpay-Serial") for each in headers] == [PLATFORM_SERIAL, None]


@at
def test_a_receiver_that_the_provider_refuses_fails_the_part_and_is_not_written_down(
    firm, stranger, fake, monkeypatch, settings
):
    settings.WECHAT_PAY_NAME = ""
    settings.ALIPAY_SELLER_ID = "2088000000000001"
    refusal = {"code": "40004", "sub_msg": "缺少商户全称"}
    monkeypatch.setattr(type(fake), "_royalty_relation_bind", lambda *_args: refusal, raising=False)
    name = "wechat" if hasattr(fake, "receivers") else "alipay"
    settled(stranger, firm, provider=name, fake=fake)
    turn(monkeypatch, 2)
    assert states() == {97_000: "sent", 3_000: "failed"}
    assert Payout.objects.get(rest=False).reason == "缺少商户全称"
    assert Receiver.objects.count() == 0
    assert fake.settled == {} if name == "alipay" else fake.shared == {}


@at
def test_a_provider_that_is_down_is_asked_for_the_receiver_again(firm, stranger, fake, monkeypatch):
    name = "wechat" if hasattr(fake, "receivers") else "alipay"
    settled(stranger, firm, provider=name, fake=fake)
    fake.broken = 1
    services.send_payouts_due()
    assert (Receiver.objects.count(), states()[3_000]) == (0, "sent")
    turn(monkeypatch, 4)
    assert states() == {97_000: "done", 3_000: "done"}
    assert Receiver.objects.count() == 1


def library() -> AliPay:
    return AliPay(
        appid=ALIPAY_APP,
        app_notify_url=None,
        app_private_key_string=pair("alipay-app")[0],
        alipay_public_key_string=pair("alipay")[1],
        sign_type="RSA2",
    )


KNOWN = Known("P1", "2026112722", Money(9_000), "")
CALLS = [
    ("alipay.trade.royalty.relation.bind", lambda to: to.admit("R1", WISH.account, WISH.holder)),
    ("alipay.trade.order.settle", lambda to: to.transfer(KNOWN, WISH)),
    ("alipay.trade.order.onsettle.query", lambda to: to.unsettled(KNOWN)),
]


@at_alipay
@pytest.mark.parametrize(("method", "speak"), CALLS, ids=[name for name, _speak in CALLS])
def test_the_library_signs_the_same_request_and_believes_the_same_answer(
    fake, monkeypatch, method, speak
):
    sent, answers = [], []
    ask = wires.ask

    def heard(*args, **kwargs):
        sent.append(dict(parse_qsl(kwargs["content"].decode())))
        answers.append(ask(*args, **kwargs))
        return answers[-1]

    fake.bound[WISH.account] = {}
    monkeypatch.setattr(wires, "ask", heard)
    speak(Alipay())
    (fields,) = sent
    sign = fields.pop("sign")
    assert fields["method"] == method
    assert library()._sign("&".join(f"{k}={v}" for k, v in sorted(fields.items()))) == sign
    key = method.replace(".", "_") + "_response"
    told = library()._verify_and_return_sync_response(answers[0].text, key)
    assert told["code"] == "10000"


@at_alipay
def test_what_the_library_sends_to_bind_and_settle_our_fake_accepts(fake):
    receiver = {"type": "userId", "account": WISH.account, "memo": "R1"}
    content = {"out_request_no": "R1", "receiver_list": [receiver]}
    body = library().build_body("alipay.trade.royalty.relation.bind", content)
    text = library().sign_data(body)
    assert fake.genuine("POST", "/gateway.do", {}, text.encode())
    assert not fake.genuine("POST", "/gateway.do", {}, text.replace("R1", "R2").encode())


@at_alipay
def test_a_part_carries_what_the_documentation_names(fake):
    assert Alipay().admit("R1", "lin@penglai.example", "林海").done
    assert Alipay().admit("R2", WISH.account, WISH.holder).done
    assert fake.bound["lin@penglai.example"]["type"] == "loginName"
    assert fake.bound[WISH.account]["type"] == "userId"
    assert Alipay().transfer(KNOWN, WISH).done
    told = fake.settled[WISH.number]
    assert (told["royalty_mode"], told["trade_no"]) == ("sync", "2026112722")
    assert told["royalty_parameters"] == [
        {
            "royalty_type": "transfer", "trans_in": WISH.account, "trans_in_type": "userId",
            "amount": "12.80", "desc": WISH.number,
        }
    ]  # fmt: skip


@at_alipay
def test_a_refused_part_says_how_much_is_left(fake):
    outcome = Alipay().transfer(KNOWN, WISH)
    assert (outcome.done, outcome.reason) == (False, "分账关系未绑定（剩余可分 ¥12.34）")
    assert fake.settled == {}


@at_alipay
def test_a_login_name_without_its_holder_is_refused(fake):
    outcome = Alipay().admit("R1", "lin@penglai.example", "")
    assert (outcome.done, outcome.reason, fake.bound) == (False, "缺少真实姓名", {})


def test_busy_is_tried_again():
    with pytest.raises(ProviderFailed):
        alipay._refused({"code": "20000"})
