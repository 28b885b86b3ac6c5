"""Two works to license and a studio that wants them: `python -m journeys.licence_cast`.

One work for each width, so that no journey meets another's chain of title.
"""

from __future__ import annotations

import os
from typing import Any

from journeys.cast import GU, LIN, PASSWORD

PEI = "pei@bailu.example"
STUDIO = "白鹭玩具"
WORKS = {1280: "海市小兽", 390: "潮汐兔"}


def main() -> None:
    """Beside the people of `journeys.cast`."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "haishi.config.settings")
    import django

    django.setup()
    from haishi.foundation import outbox
    from haishi.parties import services as parties
    from haishi.parties.models import Organisation

    pei = _person()
    parties.create_organisation(pei, STUDIO, slug="bailu", city="青岛", sides=["production"])
    firm = Organisation.objects.get(slug="qingya")
    for number, name in enumerate(WORKS.values()):
        _work(firm, name, number)
    outbox.drain(rounds=50)


def _person() -> Any:
    from allauth.account.models import EmailAddress
    from django.contrib.auth.hashers import make_password

    from haishi.parties.models import Person

    row = Person.objects.create(email=PEI, name="裴松", password=make_password(PASSWORD))
    EmailAddress.objects.create(user=row, email=PEI, verified=True, primary=True)
    return row


def _work(firm: Any, name: str, number: int) -> None:
    from haishi.catalogue import services
    from haishi.catalogue.models import Category
    from haishi.config.demo import art
    from haishi.foundation.types import SYSTEM
    from haishi.media import services as media
    from haishi.parties.selectors import person_by_email

    lin, gu = person_by_email(LIN), person_by_email(GU)
    svg = art.product_picture(70 + number, ("tide", "kite")[number])
    picture = media.import_generated(
        SYSTEM, firm.pk, art.encode(svg, ".jpg", 82, 0.5), name="work.jpg", alt=name,
        formats=("jpg",),
    )  # fmt: skip
    row = services.create(
        lin,
        firm.pk,
        category_id=Category.objects.order_by("order")[0].pk,
        kind="licence",
        name=name,
        summary=f"{name}，从风筝纸上走下来的小生灵。",
        description=f"{name}有十二个动作与一套四季配色，附使用规范。",
        price_mode="request",
        picture_ids=[picture.pk],
    )
    services.submit(lin, row.pk)
    services.approve(gu, row.pk)


if __name__ == "__main__":
    main()
