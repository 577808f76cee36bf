"""The resident index keeps in step with the database and survives what may happen to its files."""

from __future__ import annotations

import os
import shutil
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import event, select

from matchmaker.extensions import changes, db
from matchmaker.extensions.changes import ChangeKind
from matchmaker.jobs.models import Job
from matchmaker.jobs.runner import Runner
from matchmaker.matching import encoding
from matchmaker.matching.index import Filters, Index
from matchmaker.matching.text import vectors
from matchmaker.organisations.models import Need, OrganisationState, PublicationState
from matchmaker.organisations.services.need import update_need
from matchmaker.organisations.services.offer import update_offer
from matchmaker.suggestions import services, versions
from matchmaker.suggestions.resident import building
from matchmaker.suggestions.resident import holder as holding
from matchmaker.suggestions.resident import snapshots as folders
from matchmaker.suggestions.resident.holder import EXTENSION, holder, resident
from matchmaker.suggestions.services.rebuilding import rebuild
from tests.factories import MembershipFactory, NeedFactory, OfferFactory, OrganisationFactory
from tests.suggestions.scene import make_scene

pytestmark = pytest.mark.both

NO_FILTERS = Filters()


def note(session, *rows):
    kinds = {"need": ChangeKind.NEED, "offer": ChangeKind.OFFER,
             "organisation": ChangeKind.ORGANISATION}  # fmt: skip
    for row in rows:
        changes.note(session, kinds[row.__tablename__], row.id)
    session.commit()


def other_worker(app):
    """What another process of this host has: nothing in memory, the same folder."""
    app.extensions.pop(EXTENSION, None)


def snapshots(app):
    return sorted(p for p in (Path(app.config["DATA"]) / "index").iterdir() if p.is_dir())


def fitting(session, need):
    return [one.offer.id for one in services.page_for(session, need, NO_FILTERS).fit]


def test_a_saved_offer_is_in_the_next_answer(app, db_session):
    scene = make_scene(db_session)
    assert fitting(db_session, scene.need) == [scene.offer.id]
    new = OfferFactory()
    note(db_session, new)
    assert sorted(fitting(db_session, scene.need)) == [scene.offer.id, new.id]


def test_an_edit_counts_at_once(app, db_session):
    scene = make_scene(db_session)
    before = services.page_for(db_session, scene.need, NO_FILTERS).fit[0].match.score
    update_offer(db_session, scene.offer, None, purposes=["LAND"], code="GRANT")
    db_session.commit()
    assert services.page_for(db_session, scene.need, NO_FILTERS).fit[0].match.score < before
    update_need(db_session, scene.need, None, title="Something else altogether")
    db_session.commit()
    listed = services.page_for(db_session, scene.offer, NO_FILTERS).fit
    assert listed[0].need.title == "Something else altogether"


@pytest.mark.parametrize("state", [PublicationState.PAUSED, PublicationState.CLOSED])
def test_what_is_taken_back_is_gone_from_the_next_answer(app, db_session, state):
    scene = make_scene(db_session)
    assert fitting(db_session, scene.need)
    scene.offer.state = state
    note(db_session, scene.offer)
    assert fitting(db_session, scene.need) == []


def test_a_suspended_organisation_takes_all_it_has_with_it(app, db_session):
    scene = make_scene(db_session)
    OfferFactory(organisation=scene.offer.organisation)
    db_session.commit()
    assert len(fitting(db_session, scene.need)) == 2
    scene.offer.organisation.state = OrganisationState.SUSPENDED
    note(db_session, scene.offer.organisation)
    assert fitting(db_session, scene.need) == []


def test_what_is_rolled_back_never_shows(app, db_session):
    scene = make_scene(db_session)
    fitting(db_session, scene.need)
    update_offer(db_session, scene.offer, None, title="Never saved")
    db_session.rollback()
    assert services.page_for(db_session, scene.need, NO_FILTERS).fit[0].offer.title != "Never saved"


def test_a_worker_opens_the_snapshot_of_another(app, db_session):
    scene = make_scene(db_session)
    fitting(db_session, scene.need)
    (only,) = snapshots(app)
    other_worker(app)
    assert fitting(db_session, scene.need) == [scene.offer.id]
    assert snapshots(app) == [only]


@pytest.mark.slow
@pytest.mark.once
@pytest.mark.parametrize(
    "harm", ["empty", "truncated", "evil", "gone", "foreign", "planted", "aged"]
)
def test_a_broken_snapshot_is_built_anew(app, page, db_session, harm):
    scene = make_scene(db_session)
    client = page.sign_in(scene.owner)
    client.get(scene.need_url)
    (folder,) = snapshots(app)
    for file in folder.iterdir():
        if harm == "empty":
            file.write_bytes(b"")
        elif harm == "truncated":
            file.write_bytes(file.read_bytes()[:-1])
        elif harm == "evil":
            file.write_bytes(b"cos\nsystem\n(S'touch evil'\ntR.")
    if harm == "gone":
        shutil.rmtree(folder)
    if harm == "planted":
        # Whole in itself, but nobody is in it, and who wrote it does not know our key.
        shutil.rmtree(folder)
        Index.build([], [], versions.in_force(db_session).model(), folder, 0)
    if harm == "foreign":
        folder.rename(folder.with_name(folder.name.replace(".000", ".999", 1)))
    if harm == "aged":
        # Our own, under another day: ages would be counted from there.
        database, number, version, _day, token = folder.name.split(".")
        folder = folder.rename(folder.with_name(f"{database}.{number}.{version}.20200101.{token}"))
    other_worker(app)
    assert len(client.get(scene.need_url).all("article.card")) == 1
    assert not Path("evil").exists()
    assert [one.name for one in snapshots(app)] != [folder.name]


@pytest.mark.once
def test_a_folder_that_cannot_be_written_still_answers(app, page, db_session):
    scene = make_scene(db_session)
    (Path(app.config["DATA"]) / "index").write_text("in the way")
    found = page.sign_in(scene.owner).get(scene.need_url)
    assert len(found.all("article.card")) == 1


@pytest.mark.once
def test_a_folder_that_may_not_be_read_still_answers(app, page, db_session, monkeypatch):
    """Whoever runs the tests may read everything: the refusal is put in its place."""
    scene = make_scene(db_session)
    root, listed = Path(app.config["DATA"]) / "index", Path.iterdir

    def refused(folder):
        if folder == root:
            raise PermissionError(13, "Permission denied")
        return listed(folder)

    monkeypatch.setattr(Path, "iterdir", refused)
    found = page.sign_in(scene.owner).get(scene.need_url)
    assert len(found.all("article.card")) == 1


def test_a_restored_older_database_is_not_answered_from_a_newer_index(app, db_session):
    scene = make_scene(db_session)
    note(db_session, scene.offer, scene.need)
    fitting(db_session, scene.need)
    db_session.execute(changes.ChangeCounter.__table__.update().values(n=0))
    db_session.execute(changes.Change.__table__.delete())
    scene.offer.state = PublicationState.PAUSED
    db_session.commit()
    assert fitting(db_session, scene.need) == []
    assert resident(db_session).index.number == 0


def test_an_empty_programme_has_pages_too(app, page, db_session):
    need = NeedFactory(state=PublicationState.DRAFT)
    owner = MembershipFactory(organisation=need.organisation).account
    db_session.commit()
    found = page.sign_in(owner).get(f"/matches/needs/{need.public_id}")
    assert "Nobody fits yet" in found.text


def test_more_changes_than_a_request_takes_wait_for_the_rebuild(app, page, db_session, monkeypatch):
    monkeypatch.setattr(holding, "MOST_IN_A_REQUEST", 3)
    scene = make_scene(db_session)
    client, url = page.sign_in(scene.owner), scene.need_url
    client.get(url)
    offers = [OfferFactory(title=f"Imported {n}") for n in range(5)]
    note(db_session, *offers)
    behind = client.get(url)
    assert len(behind.all("article.card")) == 1
    behind.response.close()
    db_session.rollback()
    assert db_session.scalars(select(Job.name)).all().count("suggestions.rebuild") == 1
    Runner().run_all()
    assert len(client.get(url).all("article.card")) == 6


def test_all_workers_change_over_to_a_published_version(app, db_session):
    make_scene(db_session)
    first = holder()
    assert first.current(db_session).version == 1
    text = versions.in_force(db_session).text.replace('"version": "1"', '"version": "2"')
    row = versions.draft(db_session, text, figures={}, note="by hand")
    versions.publish(db_session, row, None)
    db_session.commit()
    assert first.current(db_session).version == 1, "the old one serves until the new one is built"
    Runner().run_all()
    other_worker(app)
    assert first.current(db_session).version == holder().current(db_session).version == 2
    need = db_session.scalars(select(Need)).one()
    assert len(fitting(db_session, need)) == 1


def test_only_one_of_two_rebuilds_at_once_does_the_work(app, db_session):
    make_scene(db_session)
    with folders.building(folders.Place.of(app.config), wait=True) as mine:
        assert mine
        assert rebuild(db_session) is False
    assert rebuild(db_session) is True


def test_a_rebuild_reads_only_texts_that_nobody_has_read(app, db_session, monkeypatch):
    scene = make_scene(db_session)
    rebuild(db_session)
    read = []
    monkeypatch.setattr(
        encoding, "vectors", lambda told, idf: read.extend(told) or vectors(told, idf)
    )
    rebuild(db_session)
    assert read == []
    update_need(db_session, scene.need, None, title="Something else altogether")
    db_session.commit()
    rebuild(db_session)
    [(text, _lang)] = read
    assert "Something else altogether" in text


def test_a_snapshot_of_another_release_is_not_asked_and_left_to_it(app, db_session, monkeypatch):
    scene = make_scene(db_session)
    with monkeypatch.context() as older:
        older.setattr(building, "encoder", lambda: "the release before")
        rebuild(db_session)
    (old,) = snapshots(app)
    other_worker(app)
    assert fitting(db_session, scene.need) == [scene.offer.id]
    assert len(snapshots(app)) == 2
    assert old in snapshots(app)
    new = ({*snapshots(app)} - {old}).pop()
    other_worker(app)
    assert fitting(db_session, scene.need) == [scene.offer.id]
    assert {*snapshots(app)} == {old, new}
    rebuild(db_session)
    assert old not in snapshots(app)
    assert new in snapshots(app)


def test_of_snapshots_of_one_number_the_one_written_last_is_the_newest(app):
    place = folders.Place.of(app.config)
    made = [folders.Snapshot.new(place, 3, 1, date(2026, 1, 5)) for _ in range(4)]
    for at, one in enumerate(made):
        one.folder.mkdir(parents=True)
        os.utime(one.folder, (at, at))
    assert [one.folder for one in folders.newest(place, 3)] == [one.folder for one in made[::-1]]


def test_two_snapshots_are_kept(app, db_session):
    scene = make_scene(db_session)
    for _ in range(4):
        note(db_session, scene.offer)
        rebuild(db_session)
        db_session.commit()
    assert len(snapshots(app)) == 2


def test_a_first_version_is_frozen_to_a_pool_that_is_large_enough(app, db_session):
    for n in range(20):
        NeedFactory(title=f"A dryer for village {n}", organisation=OrganisationFactory())
    OfferFactory()
    db_session.commit()
    rebuild(db_session)
    db_session.commit()
    assert versions.number_in_force(db_session) == 2
    rebuild(db_session)
    db_session.commit()
    assert versions.number_in_force(db_session) == 2


def counted(app, action):
    statements: list[str] = []

    def count(connection, cursor, statement, *rest):
        statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", count)
    try:
        action()
    finally:
        event.remove(db.engine, "before_cursor_execute", count)
    return len(statements)


@pytest.mark.once
@pytest.mark.slow
def test_a_page_asks_as_often_at_ten_as_at_three_hundred(app, page, new_page, db_session):
    scene = make_scene(db_session)
    OfferFactory.create_batch(9, organisation=scene.offer.organisation)
    NeedFactory.create_batch(9)
    db_session.commit()
    first, second = page.sign_in(scene.owner), new_page().sign_in(scene.banker)

    # Made here: the scene's rows are the test's own, and would be read anew and counted.
    pages = [
        (first, scene.need_url),
        (second, scene.offer_url),
        (first, scene.match_url),
    ]

    def measure():
        for client, url in pages:
            client.get(url)
        return [counted(app, lambda c=client, u=url: c.get(u)) for client, url in pages]

    small = measure()
    firm = OrganisationFactory()
    OfferFactory.create_batch(290, organisation=scene.offer.organisation)
    NeedFactory.create_batch(290, organisation=firm)
    db_session.commit()
    rebuild(db_session)
    db_session.commit()
    large = measure()
    assert large == small
    # PostgreSQL counts the statement that makes the transaction read-only.
    assert max(large) <= 12 + (db.engine.dialect.name == "postgresql")
