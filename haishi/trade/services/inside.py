"""Paying inside WeChat's own browser: learn who the buyer is to our account, then ask for money.

Nothing of WeChat's login is kept in the database; the caller holds the openid in the session.
"""

from django.conf import settings

from haishi.foundation.service import inside_service
from haishi.foundation.types import Actor
from haishi.trade import policies, providers, selectors
from haishi.trade.errors import PaymentClosed, WeChatLoginRefused
from haishi.trade.models import Payment
from haishi.trade.providers import openid
from haishi.trade.providers.wechat import WeChatPay
from haishi.trade.services.payments import ask_about
from haishi.trade.states import PaymentState
from haishi.trade.types import Charge


def _payable(actor: Actor, reference: str) -> Payment:
    payment = selectors.get_payable(actor, providers.WECHAT, reference)
    if not (payment.inside and policies.takes_money(payment.order)):
        raise PaymentClosed
    return payment


def wechat_login(actor: Actor, reference: str) -> str:
    """Where the buyer's browser learns who it is, to come back here.

    Raises NotFound, PaymentClosed.
    """
    payment = _payable(actor, reference)
    back = f"{settings.PUBLIC_URL}{payment.pay_url}"
    return openid.authorize_url(back, openid.state(actor.pk, reference))


def wechat_openid(actor: Actor, reference: str, code: str, state: str) -> str:
    """The openid that a browser came back with.

    Raises NotFound, PaymentClosed, WeChatLoginRefused (a state that is not ours, somebody else's,
    or older than ten minutes; a code that was used, made up or too old), ProviderFailed.
    """
    assert not inside_service(), "a provider is not asked inside a transaction"
    _payable(actor, reference)
    if not (code and openid.is_ours(state, actor.pk, reference)):
        raise WeChatLoginRefused
    return openid.exchange(code)


def wechat_prepay(actor: Actor, reference: str, openid: str) -> dict[str, str]:
    """What `getBrandWCPayRequest` is called with.

    {appId, timeStamp (s since 1970), nonceStr, package, signType "RSA", paySign (base64)}.
    Raises NotFound, PaymentClosed, ProviderFailed.
    """
    assert not inside_service(), "a provider is not asked inside a transaction"
    payment = _payable(actor, reference)
    charge = Charge(reference, payment.amount, payment.order.number, "", payment.payee, inside=True)
    return WeChatPay().prepay(charge, openid)


def wechat_done(actor: Actor, reference: str) -> bool:
    """The buyer says it is paid: ask WeChat, who alone is believed; whether it is paid.

    Raises NotFound.
    """
    assert not inside_service(), "a provider is not asked inside a transaction"
    payment = selectors.get_payable(actor, providers.WECHAT, reference)
    ask_about(payment)
    payment.refresh_from_db(fields=["state"])
    return payment.state == PaymentState.SUCCEEDED
