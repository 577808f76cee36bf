"""Up to five firms side by side for one offer. A plain address: a colleague can be sent it."""

from __future__ import annotations

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from matchmaker.extensions import db
from matchmaker.organisations.models import Organisation
from matchmaker.screening import compare_words
from matchmaker.screening.access import own_desk
from matchmaker.screening.services import comparing
from matchmaker.screening.views.blueprint import bp
from matchmaker.suggestions import afterwards
from matchmaker.suggestions.services.match import is_live
from matchmaker.web.access import signed_in


@bp.get("/<public_id>/compare")
@signed_in
def compare(public_id: str) -> ResponseReturnValue:
    organisation = own_desk(public_id)
    offer_id = request.args.get("offer", "")[:20]
    if not offer_id:
        return redirect(url_for(".firms", public_id=organisation.public_id), 303)
    offer = comparing.offer_of(db.session(), organisation, offer_id) or abort(404)
    # As many as somebody may have ticked on a page; what goes beyond five is said, not shown.
    asked = list(dict.fromkeys(one[:20] for one in request.args.getlist("need")[:50] if one))
    firms = comparing.firms_of(db.session(), offer, asked)
    if firms:
        afterwards.name_version(firms[0].found.version)
    only = request.args.get("only") == "differing" and len(firms) > 1
    return render_template(
        "screening/compare.html",
        organisation=organisation,
        offer=offer,
        live=is_live(offer),
        heads=compare_words.heads(firms, organisation.public_id, offer.public_id),
        groups=compare_words.groups(firms, offer.public_id, only_differing=only) if firms else [],
        version=firms[0].found.version if firms else None,
        most=comparing.MOST,
        too_many=max(0, len(asked) - comparing.MOST),
        gone=min(len(asked), comparing.MOST) - len(firms),
        only=only,
        switch_url=_url(organisation, offer_id, [one.need.public_id for one in firms], not only),
        list_url=url_for("suggestions.offer_matches", public_id=offer.public_id),
    )


def _url(organisation: Organisation, offer_id: str, need_ids: list[str], only: bool) -> str:
    return url_for(
        ".compare",
        public_id=organisation.public_id,
        offer=offer_id,
        need=need_ids,
        only="differing" if only else None,
    )
