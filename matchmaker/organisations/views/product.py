"""Products of one's own showroom: adding, changing, ordering and removing them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.accounts.access import current_account
from matchmaker.errors import StaleVersion, WrongState
from matchmaker.extensions import db
from matchmaker.organisations import showroom_card
from matchmaker.organisations.access import MEMBERS, Relation, own_organisation
from matchmaker.organisations.evidence_files import photos, store
from matchmaker.organisations.evidence_files.problems import Problem, UnfitFileError
from matchmaker.organisations.forms.product import ProductForm
from matchmaker.organisations.models import Organisation, Product
from matchmaker.organisations.services import product as products
from matchmaker.organisations.services import product_photo
from matchmaker.organisations.services.errors import FullError
from matchmaker.organisations.services.product_photo import Kept
from matchmaker.organisations.views.blueprint import (
    CONFLICT,
    Difference,
    bp,
    overtaken,
    start_again,
    status_of,
)
from matchmaker.web.access import signed_in
from matchmaker.web.locale import locale_code

#: Its own people, and who helps them with their consent.
EDITORS = MEMBERS | {Relation.INTRODUCER}
#: Of the whole form: photos a little too large get a sentence beside their field.
MOST_BODY = 40 * 1024 * 1024
STEPS = {"up": -1, "down": 1}
#: Fields of which the saved answer can be shown beside the one just typed.
KEPT = products.EDITABLE
_FORMS = ("organisations.product_new", "organisations.product_edit")


@bp.url_value_preprocessor
def _make_room(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Here because the token is read, and with it the whole form, before any view begins."""
    if endpoint in _FORMS:
        request.max_content_length = max(MOST_BODY, current_app.config["MAX_CONTENT_LENGTH"])


@bp.route("/organisations/<public_id>/showroom/products/new", methods=["GET", "POST"])
@signed_in
def product_new(public_id: str) -> ResponseReturnValue:
    organisation = own_organisation(public_id, EDITORS)
    defaults = {
        "lang": organisation.name_lang or locale_code(),
        "currency": organisation.currency,
        "sector": organisation.sector,
        "languages": organisation.languages,
    }
    form = ProductForm(organisation, (), product_photo.MOST, data=defaults)
    if not form.validate_on_submit():
        return _page(organisation, form)
    try:
        with _sent(form) as kept:
            by = current_account().id
            products.add(db.session(), organisation, by, kept, **form.values())
            db.session.commit()
    except UnfitFileError as error:
        return _refused(organisation, form, error)
    except FullError:
        start_again()
        flash(_("Twelve products are there already. Take one away first."), "error")
        return _to(public_id)
    flash(_("Saved."), "success")
    return _to(public_id)


@bp.route("/organisations/<public_id>/showroom/products/<product_id>", methods=["GET", "POST"])
@signed_in
def product_edit(public_id: str, product_id: str) -> ResponseReturnValue:
    organisation = own_organisation(public_id, EDITORS)
    product = _own(organisation, product_id)
    form = _form(organisation, product)
    if not form.validate_on_submit():
        return _page(organisation, form, product)
    try:
        with _sent(form) as kept:
            products.change(
                db.session(),
                organisation,
                product,
                current_account().id,
                photos=kept,
                removed=form.removed.data,
                version=form.version.data,
                **form.values(),
            )
            db.session.commit()
    except UnfitFileError as error:
        return _refused(organisation, form, error, product)
    except (StaleVersion, FullError, WrongState):
        start_again()
        product = _own(organisation, product_id)
        saved = overtaken(form, _form(organisation, product, formdata=None))
        return _page(organisation, form, product, [one for one in saved if one.field_id in KEPT])
    flash(_("Saved."), "success")
    return _to(public_id)


@bp.post("/organisations/<public_id>/showroom/products/<product_id>/<step>")
@signed_in
def product_step(public_id: str, product_id: str, step: str) -> ResponseReturnValue:
    """One place up or down, or out of the showroom."""
    organisation = own_organisation(public_id, EDITORS)
    product = _own(organisation, product_id)
    session, by = db.session(), current_account().id
    try:
        if step == "remove":
            products.remove(session, organisation, product, by)
        elif step in STEPS:
            products.move(session, organisation, product, by, STEPS[step])
        else:
            abort(404)
        db.session.commit()
    except WrongState:
        start_again()
    if step == "remove":
        flash(_("The product is taken away."), "success")
    return _to(public_id)


@contextmanager
def _sent(form: ProductForm) -> Iterator[list[Kept]]:
    """The files first, then the rows that name them; without rows they go again."""
    # Nothing is held while files are read: on SQLite there is one lock for all who write.
    db.session.commit()
    written = [photos.clean(one.stream) for one in form.new_photos()]
    data = Path(current_app.config["DATA"])
    names: list[str] = []
    try:
        yield [_kept(data, one, names) for one in written]
    except BaseException as error:
        db.session.rollback()
        for name in names:
            store.remove(data, name, store.PHOTOS)
        if isinstance(error, OSError):
            raise UnfitFileError(Problem.NOT_KEPT) from error
        raise


def _kept(data: Path, photo: photos.Photo, names: list[str]) -> Kept:
    small, large = (store.put(data, one, store.PHOTOS) for one in (photo.small, photo.large))
    names += (small, large)
    return Kept(small, large, photo.width, photo.height)


def _own(organisation: Organisation, product_id: str) -> Product:
    return products.find(db.session(), organisation, product_id) or abort(404)


def _form(organisation: Organisation, product: Product, **more: Any) -> ProductForm:
    """Not by ``obj``: its photos are rows, the form's are files."""
    there = [one.small for one in product.photos]
    data = {name: getattr(product, name) for name in ("version", *products.EDITABLE)}
    return ProductForm(organisation, there, product_photo.MOST, data=data, **more)


def _refused(
    organisation: Organisation,
    form: ProductForm,
    error: UnfitFileError,
    product: Product | None = None,
) -> ResponseReturnValue:
    start_again()
    form.photos.errors = [showroom_card.problem(error.problem)]
    return _page(organisation, form, product)


def _page(
    organisation: Organisation,
    form: ProductForm,
    product: Product | None = None,
    differences: Sequence[Difference] = (),
) -> ResponseReturnValue:
    page = render_template(
        "organisations/product_form.html",
        organisation=organisation,
        form=form,
        product=product,
        differences=differences,
    )
    return page, CONFLICT if differences else status_of(form)


def _to(public_id: str) -> ResponseReturnValue:
    return redirect(url_for(".showroom", public_id=public_id), 303)
