"""A plan of sharing is checked against the rails before anybody signs it."""

import pytest
from django.utils import translation

from haishi.foundation.money import Money
from haishi.trade import selectors, services
from haishi.trade.errors import RailRefuses
from haishi.trade.models import Entry, Order
from haishi.trade.types import Share

pytestmark = pytest.mark.django_db
SELLER, OTHER = 1, 2
YUAN = Money(1_000_000)


@pytest.fixture(autouse=True)
def _all_ways(settings):
    settings.PAYMENT_PROVIDERS = ("alipay", "wechat", "bank", "stripe", "sandbox")
    settings.ALIPAY_SPLIT_PERCENT, settings.SANDBOX_SPLIT_PERCENT = 30, 100
    settings.BANK_CURRENCIES = ("CNY", "USD")


def able(total=YUAN, seller=10_000, days=0, fee=0):
    """Names of the ways to pay that can carry the plan."""
    shares = [Share(SELLER, seller), Share(OTHER, 10_000 - seller)][: 1 + (seller < 10_000)]
    answers = selectors.rails_for(total, shares, SELLER, days, fee)
    assert all(answer.ok == (not answer.reasons) for answer in answers)
    return [answer.provider for answer in answers if answer.ok]


@pytest.mark.parametrize(
    ("seller", "fee", "fits"),
    [
        (7_000, 0, ["alipay", "wechat", "bank", "stripe", "sandbox"]),
        (6_999, 0, ["bank", "stripe", "sandbox"]),
        # 72.17 % of what a fee of 3 % leaves is 70.0049 %, 72.16 % is 69.9952 %.
        (7_217, 300, ["alipay", "wechat", "bank", "stripe", "sandbox"]),
        (7_216, 300, ["bank", "stripe", "sandbox"]),
        (10_000, 3_000, ["alipay", "wechat", "bank", "stripe", "sandbox"]),
        (10_000, 3_001, ["bank", "stripe", "sandbox"]),
    ],
)
def test_wechat_and_alipay_pay_at_most_thirty_percent_to_others(seller, fee, fits):
    assert able(seller=seller, fee=fee) == fits


@pytest.mark.parametrize(
    ("days", "fits"),
    [
        (30, ["alipay", "wechat", "bank", "stripe", "sandbox"]),
        (31, ["wechat", "bank", "stripe", "sandbox"]),
        (91, ["wechat", "bank", "sandbox"]),
        (180, ["wechat", "bank", "sandbox"]),
        (181, ["bank", "sandbox"]),
    ],
)
def test_each_rail_holds_money_only_so_long(days, fits):
    assert able(days=days) == fits


@pytest.mark.parametrize(
    ("total", "fits"),
    [
        (Money(1), ["alipay", "wechat", "bank", "sandbox"]),
        (Money(100, "USD"), ["bank", "stripe", "sandbox"]),
        (Money(100, "JPY"), ["stripe", "sandbox"]),
        (Money(10_000_000_000), ["alipay", "bank", "sandbox"]),
        (Money(10_000_000_001), ["bank", "sandbox"]),
    ],
)
def test_currencies_and_amounts_decide_too(total, fits):
    assert able(total) == fits


def test_ceilings_that_were_agreed_come_from_settings(settings):
    settings.ALIPAY_SPLIT_PERCENT, settings.SANDBOX_SPLIT_PERCENT = 45, 20
    assert able(seller=5_500) == ["alipay", "bank", "stripe"]
    assert able(seller=8_000) == ["alipay", "wechat", "bank", "stripe", "sandbox"]


def test_the_usual_fee_counts_and_a_seller_without_a_share_gets_nothing():
    whole = selectors.rails_for(YUAN, [], SELLER, 0)
    assert [answer.ok for answer in whole] == [True] * 5
    foreign = selectors.rails_for(YUAN, [Share(OTHER, 10_000)], SELLER, 0)
    assert foreign[1].reasons == ("卖家以外各方（含平台服务费）最多分得 30%，此方案为 100%",)


def test_a_way_that_is_switched_off_is_no_answer(settings):
    settings.PAYMENT_PROVIDERS = ("sandbox",)
    assert able() == ["sandbox"]
    settings.PAYMENT_PROVIDERS = ()
    assert able() == []


def test_a_plan_that_no_rail_carries_is_refused_with_every_reason(settings):
    settings.PAYMENT_PROVIDERS = ("alipay", "wechat")
    shares = [Share(SELLER, 6_500), Share(OTHER, 3_500)]
    with pytest.raises(RailRefuses) as refused:
        services.check_rail(YUAN, shares, SELLER, 200, fee_points=0)
    assert str(refused.value) == (
        "没有支付渠道能执行这个分账方案。"
        "支付宝：卖家以外各方（含平台服务费）最多分得 30%，此方案为 35%，"
        "款项最多托管 30 天，此方案需要 200 天；"
        "微信支付：卖家以外各方（含平台服务费）最多分得 30%，此方案为 35%，"
        "款项最多托管 180 天，此方案需要 200 天。"
        "请调整比例、期限或货币，或分成几笔付款。"
    )
    with translation.override("en"), pytest.raises(RailRefuses) as refused:
        services.check_rail(Money(100, "USD"), [], SELLER, 0, provider="wechat")
    assert "WeChat Pay: takes CNY only, not USD" in str(refused.value)
    assert (Order.objects.count(), Entry.objects.count()) == (0, 0)


def test_the_answer_names_who_can_and_one_way_may_be_asked_alone():
    shares = [Share(SELLER, 6_500), Share(OTHER, 3_500)]
    assert services.check_rail(YUAN, shares, SELLER, 200) == ["bank", "sandbox"]
    assert services.check_rail(YUAN, shares, SELLER, 10, provider="bank") == ["bank"]
    with pytest.raises(RailRefuses, match="微信支付：卖家以外"):
        services.check_rail(YUAN, shares, SELLER, 10, provider="wechat")
    with pytest.raises(RailRefuses, match="没有启用这种支付方式"):
        services.check_rail(YUAN, shares, SELLER, 10, provider="cheque")
