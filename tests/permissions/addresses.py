"""Fills the variable parts of an address with the ids of one relation's things."""

from __future__ import annotations

from werkzeug.routing import Rule

from tests.permissions.world import (
    EVIDENCE,
    IMPORT,
    MISSING,
    PHOTO,
    PRODUCT,
    SHOWROOM,
    Things,
    World,
)

#: Parts that name no object.
FIXED = {
    "kind": "finance",
    "step": "pause",
    "answer": "accept",
    "ending": "csv",
    "purpose": "news",
    "dimension": "papers",
    "page": "terms",
    "token": "no-such-token",
    "link_id": "1",
    "row_id": "1",
    "fact": EVIDENCE,
    "join_id": MISSING,
    "account_id": MISSING,
    "filename": "robots.txt",
    "import_id": IMPORT,
    "code": SHOWROOM,
    "photo": PHOTO,
    "product_id": PRODUCT,
}
#: Which of the things `public_id` names, by the start of the endpoint; the first that fits.
NAMED = (
    ("organisations.need_new", "organisation"),
    ("organisations.offer_new", "organisation"),
    ("organisations.need", "need"),
    ("organisations.offer", "offer"),
    ("organisations.catalogue", "offer"),
    ("organisations.", "organisation"),
    ("suggestions.need", "need"),
    ("suggestions.offer", "offer"),
    ("contacts.group", "group"),
    ("contacts.ask_set", "need"),
    ("contacts.", "request"),
    ("programme.request", "request"),
    ("programme.review", "organisation"),
    ("screening.", "organisation"),
)
SINGLE = {
    "home.help_message": "help_message",
    "programme.task": "task",
    "programme.job": "job",
    "programme.staff": "staff",
    "accounts.person": "person",
}
STEPS = {
    "contacts.group_step": "leave",
    "organisations.profile_step": "name",
    "organisations.offer_edit": "what",
    "organisations.member_step": "owner",
    "organisations.product_step": "remove",
    "organisations.showroom_step": "close",
    "accounts.change_consent": "give",
    "screening.entry_step": "move",
}


#: What `answer` may be, where it is not that of a colleague.
ANSWERS = {"programme.story_review": "publish"}


def values(rule: Rule, things: Things, world: World) -> dict[str, str]:
    known = FIXED | {"offers": world.single["set"]}
    found = {name: known.get(name, MISSING) for name in rule.arguments}
    endpoint = rule.endpoint
    if "need_id" in found:
        found["need_id"], found["offer_id"] = things.pair
    if "organisation_id" in found:
        found["organisation_id"] = things.organisation
    if "public_id" in found:
        found["public_id"] = _public_id(endpoint, things, world)
    found |= {"answer": ANSWERS[endpoint]} if endpoint in ANSWERS else {}
    for name in found.keys() & {"entry_id", "pass_id", "task_id"}:
        found[name] = world.pipeline.get(things.organisation, {}).get(name, MISSING)
    if "view_id" in found:
        found["view_id"] = world.views.get(things.organisation, MISSING)
    for name in found.keys() & {"file_id", "ask_id"}:
        found[name] = world.papers.get(things.request, {}).get(name, MISSING)
    if "firm_id" in found:
        found["firm_id"] = world.group_firms.get(things.group, MISSING)
    for name in ("step", "step_key"):
        if name in found:
            found[name] = STEPS.get(endpoint, found[name])
    return found


def _public_id(endpoint: str, things: Things, world: World) -> str:
    for start, name in SINGLE.items():
        if endpoint.startswith(start):
            return MISSING if things == Things() else world.single[name]
    for start, name in NAMED:
        if endpoint.startswith(start):
            return str(getattr(things, name))
    return MISSING


def has_object(rule: Rule) -> bool:
    return bool(rule.arguments & {"public_id", "need_id", "organisation_id"})
