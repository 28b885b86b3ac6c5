"""Signing, party by party, in any order.

A key is read and a time stamp may be asked for between two transactions, never inside one: what is
about to be signed is checked first, and checked again when the signature is kept.
"""

from dataclasses import dataclass

from haishi.contracts import policies, selectors
from haishi.contracts.errors import AlreadySigned, NotSignatory, SigningOver
from haishi.contracts.events import ContractConcluded, ContractSigned
from haishi.contracts.models import Contract, Party
from haishi.contracts.services.moving import facts, move
from haishi.contracts.states import CONTRACT
from haishi.foundation import audit, clock
from haishi.foundation.errors import NotFound
from haishi.foundation.models import PaperRevision
from haishi.foundation.outbox import publish
from haishi.foundation.papers import registry
from haishi.foundation.papers.keys import Signatory
from haishi.foundation.papers.registry import PaperAltered, PaperMovedOn
from haishi.foundation.papers.signing import sign as sign_paper
from haishi.foundation.service import inside_service, service
from haishi.foundation.types import Actor
from haishi.parties import selectors as parties


@dataclass(frozen=True)
class Ready:
    """What is about to be signed, by whom and where."""

    before: PaperRevision
    signatory: Signatory
    field: str
    reason: str


def sign(actor: Actor, contract_id: int, organisation_id: int, seen: str) -> Contract:
    """Sign for a party. `seen`: the SHA-256 of the file that the person was shown.

    Whoever calls has just asked the person for a password or passkey. Raises NotFound,
    NotSignatory, Conflict, SigningOver, AlreadySigned, PaperMovedOn (another party signed since),
    PaperAltered (the stored file is not the one that was sealed; nothing changed), KeyLocked.
    """
    assert not inside_service(), "keys and time stamps are no part of a transaction"
    ready = _about_to_sign(actor, contract_id, organisation_id, seen)
    pdf = sign_paper(bytes(ready.before.content), ready.field, ready.signatory, ready.reason)
    return _signed(actor, contract_id, organisation_id, ready.before, pdf)


@service
def _about_to_sign(actor: Actor, contract_id: int, organisation_id: int, seen: str) -> Ready:
    contract, party = _lock_signable(actor, contract_id, organisation_id)
    before = registry.latest(contract.paper_id or 0)
    if seen != before.sha256:
        known = before.paper.revisions.filter(sha256=seen).exists()
        raise PaperMovedOn if known else PaperAltered
    return Ready(before, signatory(actor, party), party.field, f"签署合同 {contract.number}")


def signatory(actor: Actor, party: Party) -> Signatory:
    """The person for the party, as the certificate names them."""
    person = parties.get_self(actor)
    firm = party.organisation
    return Signatory(firm.pk, person.pk, firm.name, person.name)


def _lock_signable(actor: Actor, contract_id: int, organisation_id: int) -> tuple[Contract, Party]:
    contract = selectors.lock_contract(actor, contract_id)
    party = contract.parties.filter(organisation=organisation_id).first()
    if party is None:
        raise NotFound
    if not policies.acts_for(actor, organisation_id):
        raise NotSignatory
    CONTRACT.after(contract.state, "conclude")
    if not policies.is_signable(contract):
        raise SigningOver
    if party.signed_at:
        raise AlreadySigned
    return contract, party


@service
def _signed(
    actor: Actor, contract_id: int, organisation_id: int, before: PaperRevision, pdf: bytes
) -> Contract:
    contract, party = _lock_signable(actor, contract_id, organisation_id)
    name = party.organisation.name
    revision = registry.add_signature(actor, contract.paper_id or 0, before, pdf, name)
    party.signed_at, party.signed_by_id = clock.now(), actor.pk
    party.save(update_fields=["signed_at", "signed_by"])
    audit.record(
        actor, "contract.signed", contract,
        organisation=organisation_id, revision=revision.number, sha256=revision.sha256,
    )  # fmt: skip
    publish(ContractSigned(**facts(contract), by_id=organisation_id, person_id=actor.pk))
    if not contract.parties.filter(signed_at=None).exists():
        contract.concluded_at, contract.closes_at = clock.now(), None
        move(actor, contract, "conclude", "concluded_at", "closes_at", sha256=revision.sha256)
        publish(ContractConcluded(**facts(contract)))
    return contract
