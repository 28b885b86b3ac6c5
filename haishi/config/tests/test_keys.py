"""Keys are in no log, no error page, no report, no dump."""

import json
import logging
import pickle
import subprocess
import sys
import traceback

import pytest
import structlog
from django.test import RequestFactory
from django.views.debug import ExceptionReporter

from haishi.config import backups, kinds, paying
from haishi.config.env import VARIABLES, Env
from haishi.config.kinds import BadSetting
from haishi.config.logs import logging_config
from haishi.config.supervisor import Home
from haishi.foundation import health
from haishi.foundation.hidden import Hidden
from haishi.foundation.money import Money
from haishi.trade.errors import CallbackRefused, ProviderFailed
from haishi.trade.providers import alipay, openid, stripe, wechat
from haishi.trade.tests.fakes.server import pair
from haishi.trade.tests.fakes.setting import switch_on
from haishi.trade.tests.fakes.stripe import API_KEY as STRIPE
from haishi.trade.tests.fakes.stripe import WEBHOOK_KEY
from haishi.trade.tests.fakes.wechat import API_KEY as WECHAT
from haishi.trade.tests.fakes.wechat import APP_SECRET
from haishi.trade.types import Charge, Known

KNOWN = Known("P1", "cs_P1", Money(100), "1900000002")


def material() -> list[str]:
    """What must be found nowhere: secrets, and the middle of every private key."""
    middles = [pair(name)[0].splitlines()[5] for name in ("alipay-app", "wechat-ours")]
    return [WECHAT, APP_SECRET, STRIPE, WEBHOOK_KEY, *middles]


def clean(text: str) -> bool:
    return not any(secret in text for secret in material())


@pytest.fixture
def ways(settings, firm):
    fakes = [switch_on(name, settings, firm) for name in ("alipay", "wechat", "stripe")]
    yield fakes
    for fake in fakes:
        fake.stop()


def test_a_hidden_text_shows_itself_in_no_form():
    secret = Hidden(WECHAT)
    shown = [repr(secret), str(secret), f"{secret}", f"{secret!r}", str([secret])]
    assert shown == ["***"] * 4 + ["[***]"]
    assert not hasattr(secret, "__dict__")
    with pytest.raises(TypeError):
        json.dumps({"key": secret})
    with pytest.raises(TypeError):
        pickle.dumps(secret)
    assert (secret.reveal(), bool(secret), bool(Hidden(""))) == (WECHAT, True, False)


def test_no_log_line_of_a_failing_provider_holds_a_key(ways, settings, capsys):
    before = structlog.get_config()
    logging_config("DEBUG")
    try:
        for fake in ways:
            fake.broken = 1
        for ask in (
            lambda: alipay.call("alipay.trade.query", {}),
            lambda: wechat.WeChatPay().query(KNOWN),
            lambda: stripe.Stripe().query(KNOWN),
            lambda: wechat.WeChatPay().create(Charge("P1", Money(1), "x", "/")),
        ):
            try:
                ask()
            except ProviderFailed:
                logging.getLogger("haishi").exception("failed")
                structlog.get_logger("haishi").exception(
                    "failed", client=settings.STRIPE_API_KEY, more=settings.WECHAT_PAY_PRIVATE_KEY
                )
    finally:
        structlog.configure(**before)
        logging_config("ERROR")
    told = capsys.readouterr()
    assert '"failed"' in told.err
    assert clean(told.err + told.out)


def test_a_login_at_wechat_logs_neither_its_secret_nor_its_code(ways, settings, capsys):
    before, code = structlog.get_config(), "a-code-of-a-buyer"
    logging_config("DEBUG")
    try:
        settings.WECHAT_PAY_APP_ID = "wx0"  # WeChat's refusal repeats what it was asked with
        with pytest.raises(ProviderFailed):
            openid.exchange(code)
        settings.WECHAT_API_URL = "http://127.0.0.1:1"
        with pytest.raises(ProviderFailed) as lost:
            openid.exchange(code)
        logging.getLogger("haishi").error("failed", exc_info=lost.value)
    finally:
        structlog.configure(**before)
        logging_config("ERROR")
    told = capsys.readouterr().err
    assert ('"errcode": 40125' in told, "provider_unreachable" in told) == (True, True)
    assert (code in told, clean(told)) == (False, True)
    step, frames = lost.value.__traceback__, []
    while step := step.tb_next:
        frames.append(repr(step.tb_frame.f_locals))
    assert len(frames) == 2
    assert clean("".join(frames))


@pytest.mark.parametrize("lost", ["ALIPAY_URL", "WECHAT_PAY_URL", "STRIPE_URL"])
def test_developer_error_pages_and_tracebacks_hold_no_key(ways, settings, lost):
    settings.DEBUG = True
    setattr(settings, lost, "http://127.0.0.1:1")
    request = RequestFactory().get("/orders/", HAISHI_STRIPE_API_KEY=STRIPE)
    calls = {
        "ALIPAY_URL": lambda: alipay.call("alipay.trade.query", {}),
        "WECHAT_PAY_URL": lambda: wechat.call("GET", "/v3/x"),
        "STRIPE_URL": lambda: stripe.Stripe().query(KNOWN),
    }
    try:
        calls[lost]()
    except ProviderFailed:
        reporter = ExceptionReporter(request, *sys.exc_info())
        html, text = reporter.get_traceback_html(), reporter.get_traceback_text()
        plain = traceback.format_exc()
    assert ("ProviderFailed" in html, "ALIPAY_PRIVATE_KEY" in html) == (True, True)
    assert clean(html + text + plain)


def test_refused_callbacks_and_the_doctor_hold_no_key(ways, settings):
    with pytest.raises(CallbackRefused) as refused:
        stripe.check({"Stripe-Signature": "t=1,v1=00"}, b"{}")
    told = "".join(traceback.format_exception(refused.value))
    findings = json.dumps({n: vars(f) for n, f in health.run_checks().items()}, default=str)
    assert "payments" in findings
    assert clean(told + findings)


def test_a_bad_key_stops_the_boot_without_repeating_it():
    for name, value in (
        ("HAISHI_ALIPAY_PRIVATE_KEY", pair("alipay-app")[0][:900]),
        ("HAISHI_WECHAT_PAY_PRIVATE_KEY", pair("wechat-ours")[0].replace("A", "B", 3)),
        ("HAISHI_WECHAT_PAY_API_KEY", WECHAT + "x"),
        ("HAISHI_ALIPAY_PUBLIC_KEY", "/nowhere/key.pem"),
    ):
        with pytest.raises(BadSetting) as refused:
            Env({name: value})
        told = "".join(traceback.format_exception(refused.value))
        assert f"{name}='***'" in told
        assert clean(told)


def test_a_provider_that_lacks_a_setting_stops_the_boot_and_says_which():
    with pytest.raises(BadSetting, match=r"HAISHI_STRIPE_API_KEY.*names stripe"):
        Env({"HAISHI_PAYMENT_PROVIDERS": "stripe"})
    with pytest.raises(BadSetting, match="HAISHI_BANK_ACCOUNT"):
        Env({
            "HAISHI_PAYMENT_PROVIDERS": "sandbox, bank",
            "HAISHI_BANK_HOLDER": "海市专户",
            "HAISHI_BANK_NAME": "海州银行",
        })  # fmt: skip
    with pytest.raises(BadSetting, match="alipay, wechat, bank, stripe, sandbox"):
        Env({"HAISHI_PAYMENT_PROVIDERS": "cheque"})
    with pytest.raises(BadSetting, match="HAISHI_BANK_CURRENCIES"):
        Env({"HAISHI_BANK_CURRENCIES": "CNY,XXX"})
    assert Env({"HAISHI_PAYMENT_PROVIDERS": "none"}).payment_providers == ()


def test_a_key_is_taken_as_text_as_bare_base64_and_from_a_file(tmp_path):
    private, public = pair("alipay-app")
    bare = "".join(private.splitlines()[1:-1])
    path = tmp_path / "key.pem"
    path.write_text(private)
    for value in (private, bare, str(path), private.replace("\n", "\\n")):
        env = Env({"HAISHI_ALIPAY_PRIVATE_KEY": value})
        assert env.alipay_private_key.reveal() == private
    assert kinds.public_key("".join(public.splitlines()[1:-1])) == public


def test_every_key_among_the_settings_is_hidden_or_public():
    named = [one for one in VARIABLES if one.secret and one in paying.PAYING]
    env = Env({})
    shown = {
        one.name
        for one in named
        if not isinstance(getattr(env, one.name.removeprefix("HAISHI_").lower()), Hidden)
    }
    assert len(named) == 8
    assert shown == {"HAISHI_ALIPAY_PUBLIC_KEY", "HAISHI_WECHAT_PAY_PLATFORM_KEY"}


def test_a_backup_leaves_the_keys_of_payments_out(tmp_path):
    home = tmp_path / "home"
    (home / "secrets" / "payments").mkdir(parents=True)
    (home / "secrets" / "payments" / "alipay.pem").write_text(pair("alipay-app")[0])
    (home / "secrets" / "sandbox_provider.pem").write_text(pair("wechat-ours")[0])
    (home / "secrets" / "secret_key").write_text("signs sessions")
    packed = dict(backups._files(Home(home)))
    assert list(packed) == ["secrets/secret_key"]


def test_settings_can_be_printed_whole(ways):
    told = subprocess.run(
        [sys.executable, "-m", "haishi", "manage", "diffsettings", "--all"],
        capture_output=True, text=True, check=True,
        env={"PATH": "/usr/bin", "HAISHI_STRIPE_API_KEY": STRIPE, "HAISHI_HOME": "/tmp/none",
             "HAISHI_WECHAT_PAY_API_KEY": WECHAT, "HAISHI_SECRET_KEY": "x"},
    )  # fmt: skip
    assert "STRIPE_API_KEY = ***" in told.stdout
    assert clean(told.stdout)
