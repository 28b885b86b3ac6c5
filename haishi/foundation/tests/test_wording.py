"""Times as people read them."""

import datetime as dt

from django.utils.translation import override

from haishi.foundation.wording import span

EVENING = dt.datetime(2026, 11, 23, 11, 30, tzinfo=dt.UTC)


def test_a_span_names_the_day_of_its_end_only_when_it_is_another(monkeypatch):
    monkeypatch.setattr("haishi.foundation.clock.now", lambda: EVENING)
    later, tomorrow = EVENING + dt.timedelta(minutes=45), EVENING + dt.timedelta(hours=5)
    with override("zh-hans"):
        assert span(EVENING, later, "Asia/Shanghai") == "11 月 23 日 19:30–20:15"
        assert span(EVENING, tomorrow, "Asia/Shanghai") == "11 月 23 日 19:30 – 11 月 24 日 00:30"
        assert span(EVENING, tomorrow, "Europe/London") == "11 月 23 日 11:30–16:30"
        assert span(EVENING, None, "Asia/Shanghai") == "11 月 23 日 19:30"
    with override("en"):
        assert span(EVENING, tomorrow, "Asia/Shanghai") == "23 Nov 19:30 – 24 Nov 00:30"
