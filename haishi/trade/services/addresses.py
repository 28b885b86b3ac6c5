"""A person's address book."""

from haishi.foundation import audit
from haishi.foundation.errors import Forbidden, NotFound
from haishi.foundation.service import service
from haishi.foundation.types import Actor
from haishi.trade import policies
from haishi.trade.errors import AddressesFull
from haishi.trade.models import Address


@service
def add_address(actor: Actor, **fields: str) -> Address:
    """Write an address into one's book. Raises Forbidden, AddressesFull."""
    if not actor.is_authenticated:
        raise Forbidden
    if Address.objects.filter(person=actor.pk).count() >= policies.MOST_ADDRESSES:
        raise AddressesFull(limit=policies.MOST_ADDRESSES)
    row = Address.objects.create(person_id=actor.pk, **fields)
    audit.record(actor, "address.added", row)
    return row


@service
def drop_address(actor: Actor, address_id: int) -> None:
    """Delete an address; orders keep their copy. Raises NotFound."""
    row = Address.objects.filter(person=actor.pk, pk=address_id).first()
    if row is None:
        raise NotFound
    audit.record(actor, "address.dropped", row)
    row.delete()
