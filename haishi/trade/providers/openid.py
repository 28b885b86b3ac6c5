"""Who somebody is to an official account of WeChat: OAuth 2.0 in WeChat's own browser.

The browser is sent to WeChat with a state, comes back with a code, and we change the code for the
openid that JSAPI pay wants. snsapi_base asks nobody anything. A code is good once, for five
minutes. Source: developers.weixin.qq.com/doc/service, 网页授权.
"""

import datetime as dt
import re
from urllib.parse import urlencode

import structlog
from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from haishi.foundation import clock
from haishi.foundation.hidden import Hidden
from haishi.trade.errors import ProviderFailed, WeChatLoginRefused
from haishi.trade.providers import wires

log = structlog.get_logger("haishi.trade")
GOOD_FOR = dt.timedelta(minutes=10)
# What WeChat says about a code, not about us: missing, invalid, expired, used.
OF_THE_CODE = (41008, 40029, 42003, 40163)
OPENID = re.compile(r"[\w-]{1,128}", re.ASCII)


def offered() -> bool:
    """Whether this installation can learn openids, and so take payments inside WeChat."""
    return bool(settings.WECHAT_PAY_APP_SECRET)


def _mark(expires: str, person_id: int, reference: str) -> str:
    salt, words = "haishi.trade.wechat", f"{expires}.{person_id}.{reference}"
    return salted_hmac(salt, words, algorithm="sha256").hexdigest()


def state(person_id: int, reference: str) -> str:
    """A state for one person, one payment and ten minutes: 72 of the letters WeChat allows."""
    expires = f"{int((clock.now() + GOOD_FOR).timestamp()):08x}"
    return expires + _mark(expires, person_id, reference)


def is_ours(given: str, person_id: int, reference: str) -> bool:
    """Whether `given` is a state that we gave to this person for this payment, and still good."""
    expires, mark = given[:8], given[8:]
    return constant_time_compare(mark, _mark(expires, person_id, reference)) and (
        int(expires, 16) > clock.now().timestamp()
    )


def authorize_url(back: str, state: str) -> str:
    """Where the browser goes to come back to `back` (a whole address) with a code."""
    query = urlencode({
        "appid": settings.WECHAT_PAY_APP_ID,
        "redirect_uri": back,
        "response_type": "code",
        "scope": "snsapi_base",
        "state": state,
    })  # fmt: skip
    return f"{settings.WECHAT_OPEN_URL}/connect/oauth2/authorize?{query}#wechat_redirect"


def exchange(code: str) -> str:
    """The openid behind a code. Raises WeChatLoginRefused, ProviderFailed."""
    query = Hidden(
        urlencode({
            "appid": settings.WECHAT_PAY_APP_ID,
            "secret": settings.WECHAT_PAY_APP_SECRET.reveal(),
            "code": code,
            "grant_type": "authorization_code",
        })
    )  # fmt: skip
    answer = wires.ask("GET", f"{settings.WECHAT_API_URL}/sns/oauth2/access_token", query=query)
    try:
        told = dict(answer.json())
    except ValueError:
        raise ProviderFailed from None
    if told.get("errcode") in OF_THE_CODE:
        raise WeChatLoginRefused
    openid = told.get("openid")
    if answer.status_code != 200 or not (isinstance(openid, str) and OPENID.fullmatch(openid)):
        # The number alone: what stands beside it may repeat the request.
        log.warning("wechat_login_failed", errcode=told.get("errcode"))
        raise ProviderFailed
    return openid
