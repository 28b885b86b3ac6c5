"""What came of each exhibit stands in the funnel of its booth."""

from typing import Any

import pytest

from haishi.catalogue.tests.factories import ExhibitFactory, ListedFactory
from haishi.expo import services
from haishi.expo.tests.factories import ShownExhibitorFactory

pytestmark = pytest.mark.django_db
CHINESE = {"accept-language": "zh"}


def csv(answer: Any) -> list[str]:
    return b"".join(answer.streaming_content).decode().lstrip("\ufeff").split("\r\n")[:-1]


def test_a_firm_sees_which_exhibit_is_asked_about(
    client: Any, lin: Any, stranger: Any, firm: Any
) -> None:
    booth = ShownExhibitorFactory(organisation=firm)
    tides, kilns = (ListedFactory(organisation=firm, name=name) for name in ("潮汐", "窑火"))
    for product in (tides, kilns):
        ExhibitFactory(exhibitor=booth, product=product)
    services.count(f"product:{tides.pk}", "view", 9)
    about = services.about_token("product", kilns.pk, "窑火")
    services.enquire(stranger, booth.pk, subject="报价", message="请报价。", about=about)
    client.force_login(lin)
    page = client.get(f"/exhibit/{booth.pk}/funnel/", headers=CHINESE).text
    assert page.index("窑火") < page.index("潮汐")
    table = csv(client.get(f"/exhibit/{booth.pk}/funnel/exhibits.csv", headers=CHINESE))
    assert table == ["展品,浏览,收到询价,已回复", "窑火,0,1,0", "潮汐,9,0,0"]
