"""Offers and licences as ODRL 2.2, judged by the vocabulary that lies beside this file."""

import copy
import json
from pathlib import Path

import pytest

from haishi.licences import odrl
from haishi.licences.tests import factories

WORDS = json.loads((Path(__file__).parent / "odrl22.json").read_text(encoding="utf-8"))
RULES = {"permission": "Permission", "prohibition": "Prohibition", "obligation": "Duty"}
OWN = "haishi:"
pytestmark = pytest.mark.django_db


def faults(policy) -> list[str]:
    """What the vocabulary and the information model (sections 2.1, 2.5, 2.6) do not allow."""
    found = []
    if policy["@context"][0] != "http://www.w3.org/ns/odrl.jsonld":
        found.append("context")
    known = {"@context", "@type", "dcterms:title", *WORDS["policy"]}
    found += [f"policy: {key}" for key in policy if key not in known]
    wanted = {"Offer": ("assigner",), "Agreement": ("assigner", "assignee")}[policy["@type"]]
    found += [f"without {key}" for key in ("uid", "target", *wanted) if not policy.get(key)]
    if not any(policy.get(key) for key in RULES):
        found.append("no rule")
    for key, kind in RULES.items():
        for rule in policy.get(key, []):
            found += _rule(rule, kind)
    return found


def _rule(rule, kind) -> list[str]:
    found = [f"{kind}: {key}" for key in rule if key not in {"@type", *WORDS["rule"]}]
    if rule["@type"] != kind:
        found.append(f"{rule['@type']} is no {kind}")
    found += _action(rule["action"])
    for constraint in rule.get("constraint", []):
        found += _constraint(constraint)
    for duty in rule.get("duty", []):
        found += _rule(duty, "Duty")
    return found


def _action(action) -> list[str]:
    if isinstance(action, str):
        return [] if action in WORDS["actions"] else [f"action: {action}"]
    if isinstance(action, list):
        return [fault for each in action for fault in _action(each)]
    found = [f"action: {key}" for key in action if key not in {"@id", *WORDS["action"]}]
    if "@id" in action:
        fine = action["@id"].startswith(OWN) and action.get("includedIn") in WORDS["actions"]
        found += [] if fine else [f"profile: {action}"]
    else:
        found += _action(action["rdf:value"]["@id"].removeprefix("odrl:"))
    for constraint in action.get("refinement", []):
        found += _constraint(constraint)
    return found


def _constraint(row) -> list[str]:
    found = [f"constraint: {key}" for key in row if key not in {"@type", *WORDS["constraint"]}]
    if row["leftOperand"] not in WORDS["leftOperands"]:
        found.append(f"left: {row['leftOperand']}")
    if row["operator"] not in WORDS["operators"]:
        found.append(f"operator: {row['operator']}")
    right = row["rightOperand"]
    if isinstance(right, list) != (row["operator"] in ("isAnyOf", "isAllOf", "isNoneOf")):
        found.append(f"right: {right}")
    return found


FULL = {
    "rights": [
        "reproduce", "distribute", "adapt", "merchandise", "broadcast", "exhibit", "game",
    ],
    "exclusivity": "exclusive",
    "territories": ["CN", "HK"],
    "media": ["toys", "film"],
    "stages": ["concept", "sample", "production"],
    "rates": {"online": 850, "offline": 600, "wholesale": 300, "digital": 1_200},
}  # fmt: skip


def test_an_offer_holds_to_the_vocabulary(firm):
    for fields in ({}, FULL, {"territories": ["001"], "media": ["all"], "sublicensing": True}):
        row = factories.offer(firm, **fields)
        policy = json.loads(json.dumps(odrl.offer(row)))
        assert faults(policy) == []
        assert policy["uid"].endswith(f"/licences/offers/{row.number}/")


def test_a_licence_names_both_parties_and_its_days(licence):
    policy = json.loads(json.dumps(odrl.agreement(licence)))
    assert faults(policy) == []
    assert policy["@type"] == "Agreement"
    days = {
        row["operator"]: row["rightOperand"]["@value"]
        for row in policy["permission"][0]["constraint"]
        if row["leftOperand"] == "dateTime"
    }
    terms = licence.terms
    assert days == {"gteq": terms.starts_on.isoformat(), "lt": terms.ends_on.isoformat()}


def test_what_is_owed_is_said_to_the_fen(firm):
    row = factories.offer(firm, guarantee_minor=123_456, rates={"online": 850})
    duties = odrl.offer(row)["permission"][0]["duty"]
    said = [
        (line["leftOperand"], line["rightOperand"])
        for duty in duties
        if duty["action"] != "obtainConsent"
        for line in duty["action"][0]["refinement"]
    ]
    assert said == [
        ("payAmount", {"@value": "1234.56", "@type": "xsd:decimal"}),
        ("percentage", {"@value": "8.50", "@type": "xsd:decimal"}),
        ("deliveryChannel", "haishi:online"),
    ]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda policy: policy.pop("assigner"),
        lambda policy: policy.update(price=1),
        lambda policy: policy["permission"][0].update(action="sublicense"),
        lambda policy: policy["permission"][0]["constraint"][0].update(leftOperand="where"),
        lambda policy: policy["permission"][0]["constraint"][-1].update(operator="before"),
        lambda policy: policy["obligation"][0].update({"@type": "Permission"}),
    ],
)
def test_control_what_the_vocabulary_does_not_know_is_found(firm, spoil):
    policy = copy.deepcopy(odrl.offer(factories.offer(firm)))
    spoil(policy)
    assert len(faults(policy)) == 1


def test_programs_get_data_and_people_a_page_at_one_address(client, shown):
    url = f"/licences/offers/{shown.number}/"
    page = client.get(url, headers={"Accept": "text/html,application/ld+json;q=0.1"})
    data = client.get(url, headers={"Accept": "application/ld+json"})
    own = client.get(f"{url}odrl.jsonld")
    assert page.headers["Content-Type"].startswith("text/html")
    assert data.headers["Content-Type"] == own.headers["Content-Type"] == "application/ld+json"
    assert data.json() == own.json() == json.loads(json.dumps(odrl.offer(shown)))
    assert "Accept" in data.headers["Vary"]
    assert "Accept" in page.headers["Vary"]


def test_a_concluded_licence_is_data_for_its_parties_only(client, licence, su, stranger):
    url = f"/licences/{licence.number}/odrl.jsonld"
    client.force_login(stranger)
    assert client.get(url).status_code == 404
    client.force_login(su)
    assert client.get(url).json()["assignee"]["uid"].endswith(licence.licensee.slug + "/")
    plain = client.get(f"/licences/{licence.number}/", headers={"Accept": "application/ld+json"})
    assert (plain.json()["@type"], plain.headers["Cache-Control"]) == ("Agreement", "no-store")


def test_an_offer_without_a_first_day_says_how_long(firm):
    row = factories.offer(firm, months=18)
    lines = odrl.offer(row)["permission"][0]["constraint"]
    found = [line["rightOperand"] for line in lines if line["leftOperand"] == "elapsedTime"]
    assert found == [{"@value": "P18M", "@type": "xsd:duration"}]
