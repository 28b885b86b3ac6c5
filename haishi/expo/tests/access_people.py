"""Who opens registrations, gates, cards, leads and enquiries."""

from typing import Any

from haishi.expo import services
from haishi.expo.models import CheckinList, Lead
from haishi.expo.tests.factories import ShownExhibitorFactory
from haishi.foundation.tests.access import Row, World


def booth(world: World) -> Any:
    """The firm's shown booth in an edition of the organiser."""
    return ShownExhibitorFactory(
        organisation=world.firm, edition__series__organiser=world.organiser
    )


def edition(world: World) -> dict[str, Any]:
    """The booth's edition."""
    return {"edition": booth(world).edition.slug}


def badge(world: World) -> dict[str, Any]:
    """An edition where the stranger is registered."""
    slug = booth(world).edition.slug
    services.register(world.stranger, slug, kind="visitor")
    return {"edition": slug}


def place(world: World) -> dict[str, Any]:
    """A booth's address."""
    row = booth(world)
    return {"edition": row.edition.slug, "exhibitor_id": row.pk}


def desk(world: World) -> dict[str, Any]:
    """A booth's desk."""
    return {"exhibitor_id": booth(world).pk}


def gate(world: World) -> dict[str, Any]:
    """A gate with its edition."""
    row = CheckinList.objects.create(edition=booth(world).edition, name="东门")
    return {"edition": row.edition.slug, "list_id": row.pk}


def bare_gate(world: World) -> dict[str, Any]:
    """A gate."""
    return {"list_id": gate(world)["list_id"]}


def table(world: World) -> dict[str, Any]:
    """The leads as CSV, of a tier that includes it."""
    row = booth(world)
    row.tier.may_export_leads = True
    row.tier.save()
    return {"exhibitor_id": row.pk, "form": "csv"}


def lead(world: World) -> dict[str, Any]:
    """A lead: the stranger left a card."""
    row = booth(world)
    services.give_card(world.stranger, row.pk)
    return {"exhibitor_id": row.pk, "lead_id": Lead.objects.get(exhibitor=row).pk}


def asked(world: World) -> Any:
    """The stranger asked the firm."""
    return services.enquire(world.stranger, booth(world).pk, subject="报价", message="请报价。")


def mine(world: World) -> dict[str, Any]:
    """From the stranger's side."""
    return {"enquiry_id": asked(world).pk}


def theirs(world: World) -> dict[str, Any]:
    """From the firm's side."""
    row = asked(world)
    return {"exhibitor_id": row.exhibitor_id, "enquiry_id": row.pk}


def answered(world: World) -> dict[str, Any]:
    """From the firm's side, after its answer."""
    row = asked(world)
    services.write_message(world.lin, row.pk, body="每件三百元。")
    return {"exhibitor_id": row.exhibitor_id, "enquiry_id": row.pk}


def template(world: World) -> dict[str, Any]:
    """A stock answer."""
    row = booth(world)
    kept = services.save_template(world.lin, row.pk, title="报价", body="每件三百元。")
    return {"exhibitor_id": row.pk, "template_id": kept.pk}


def grant(world: World) -> dict[str, Any]:
    """The stranger's card at the firm."""
    return {"grant_id": services.give_card(world.stranger, booth(world).pk).pk}


def card(world: World) -> dict[str, Any]:
    """The QR of 林's card."""
    from haishi.expo import selectors

    address = selectors.card_address(services.own_card(world.lin))
    return {"token": address.rstrip("/").rsplit("/", 1)[1]}


def held(world: World) -> dict[str, Any]:
    """周 holds the stranger's card."""
    from haishi.expo import selectors

    address = selectors.card_address(services.own_card(world.stranger))
    row = services.exchange(world.zhou, address.rstrip("/").rsplit("/", 1)[1])
    return {"grant_id": row.pk}


def api_enquiries(world: World) -> dict[str, Any]:
    """The firm's desk, where the tier lets leads out."""
    from haishi.expo.models import Tier

    named = desk(world)
    Tier.objects.update(may_export_leads=True)
    return named


def api_lead(world: World) -> dict[str, Any]:
    """The same lead, as the API names it."""
    return {"lead_id": lead(world)["lead_id"]}


def api_edition(world: World) -> dict[str, Any]:
    """The same edition, as the API names it."""
    return {"slug": edition(world)["edition"]}


def outcome(world: World) -> dict[str, Any]:
    """The funnel of an edition, by day."""
    return {**edition(world), "what": "days", "form": "csv"}


def words(world: World) -> dict[str, str]:
    """A message or a note."""
    return {"body": "每件三百元。"}


ROWS = [
    Row("api:expo_my_registrations", "401 200 200 200 200 200"),
    Row(
        "api:expo_register",
        "401 201 201 201 201 201",
        api_edition,
        "post",
        lambda world: {"kind": "visitor"},
        json=True,
    ),
    Row("api:expo_api_enquiries", "401 404 200 200 404 403", api_enquiries),
    Row("api:expo_api_enquiry", "401 200 200 200 404 404", mine),
    Row("api:expo_api_answer", "401 201 201 201 404 404", mine, "post", words, json=True),
    Row("api:expo_api_leads", "401 404 200 200 404 403", api_enquiries),
    Row("api:expo_api_lead", "401 404 200 200 404 404", api_lead),
    Row("api:expo_api_note", "401 404 201 201 404 404", api_lead, "post", words, json=True),
    #                                nobody 外人 周 林 陈 operator
    Row("expo:register", "302 200 200 200 200 200", edition),
    Row("expo:badges", "302 200 200 200 200 200"),
    Row("expo:badge", "302 200 404 404 404 404", badge),
    Row("expo:cancel_registration", "302 302 404 404 404 404", badge, "post"),
    Row("expo:registrations", "302 404 404 404 200 200", edition),
    Row("expo:gates", "302 404 404 404 200 200", edition),
    Row("expo:gate", "302 404 404 404 200 200", gate),
    Row("expo:gate_edit", "302 404 404 404 200 200", gate),
    Row("expo:gate_remove", "302 404 404 404 302 302", gate, "post"),
    Row("expo:outcome", "302 404 404 404 200 200", edition),
    Row("expo:outcome_table", "302 404 404 404 200 200", outcome),
    Row("expo:gate_worker", "200", edition),
    Row("expo:gate_badges", "302 404 404 404 200 200", bare_gate),
    Row("expo:gate_sync", "302 422 422 422 422 422", bare_gate, "post"),
    Row("expo:my_card", "302 200 200 200 200 200"),
    Row("expo:rotate_card", "302", lambda world: {}, "post"),
    Row("expo:my_cards", "302 200 200 200 200 200"),
    Row("expo:held_cards", "302 200 200 200 200 200", lambda world: {"form": "csv"}),
    Row("expo:held_card", "302 404 200 404 404 404", held),
    Row("expo:revoke_card", "302 302 404 404 404 404", grant, "post"),
    Row("expo:card", "302 200 200 200 200 200", card),
    Row("expo:leave_card", "302 200 200 200 200 200", place),
    Row("expo:withdraw_card", "302", place, "post"),
    Row("expo:leads", "302 404 200 200 404 403", desk),
    Row("expo:leads_table", "302 404 200 200 404 403", table),
    Row("expo:lead", "302 404 200 200 404 403", lead),
    Row("expo:funnel", "302 404 200 200 404 403", desk),
    Row("expo:funnel_table", "302 404 200 200 404 403", table),
    Row("expo:enquire", "302 200 200 200 200 200", place),
    Row("expo:my_enquiries", "302 200 200 200 200 200"),
    Row("expo:my_enquiry", "302 200 404 404 404 404", mine),
    Row("expo:my_enquiry_close", "302 302 404 404 404 404", mine, "post"),
    Row("expo:enquiries", "302 404 200 200 404 403", desk),
    Row("expo:enquiry", "302 404 200 200 404 403", theirs),
    Row("expo:enquiry_owner", "302 404 422 422 404 403", theirs, "post"),
    Row("expo:enquiry_close", "302 404 302 302 404 403", answered, "post"),
    Row("expo:reply_templates", "302 404 200 200 404 403", desk),
    Row("expo:template_remove", "302 404 302 302 404 403", template, "post"),
]
