"""Two buyers, a seller and two products: `python -m journeys.deals_cast` beside a home.

Prints one JSON object: sessions of the people, products and an address of each buyer.
"""

from __future__ import annotations

import json
import os


def main() -> None:
    """Fill an empty platform with what a deal needs."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "haishi.config.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.test import Client

    from haishi.parties.tests.factories import (
        MembershipFactory,
        OrganisationFactory,
        PersonFactory,
    )
    from haishi.trade import services
    from haishi.trade.tests.factories import address, product

    def session(person: object) -> str:
        client = Client()
        client.force_login(person)
        return client.cookies[settings.SESSION_COOKIE_NAME].value

    firm = OrganisationFactory(name="青崖风筝坊", slug="qingya")
    owner = PersonFactory(name="林海")
    MembershipFactory(person=owner, organisation=firm, role="owner")
    buyers = [PersonFactory(name=name) for name in ("苏晚", "程见山")]
    goods, work = product(firm, 12_800, name="沙燕风筝"), product(firm, 3_333, kind="service")
    services.set_stock(owner, goods.pk, 40)
    print(
        json.dumps(
            {
                "seller": session(owner),
                "buyers": [[session(row), address(row).pk] for row in buyers],
                "goods": [goods.pk, 12_800],
                "work": [work.pk, 3_333],
            }
        )
    )


if __name__ == "__main__":
    main()
