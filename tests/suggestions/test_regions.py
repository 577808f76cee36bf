"""The regions that htmx fetches: the same mark-up as on their page, and pages without script."""

from __future__ import annotations

from tests.suggestions.scene import make_scene


def test_the_list_alone_is_one_region(page, db_session):
    scene = make_scene(db_session)
    found = page.sign_in(scene.owner).get(scene.need_url, htmx=True)
    roots = [tag for tag in found.soup.contents if getattr(tag, "name", None)]
    assert [root.get("id") for root in roots] == ["match-list"]
    assert "HX-Request" in found.response.headers["Vary"]


def test_the_page_holds_the_same_list(page, db_session):
    scene = make_scene(db_session)
    client = page.sign_in(scene.owner)
    alone = client.get(scene.need_url, htmx=True).one("#match-list")
    whole = client.get(scene.need_url).one("#match-list")
    assert whole.get_text().split() == alone.get_text().split()


def test_going_back_in_history_gets_a_page(page, db_session):
    scene = make_scene(db_session)
    headers = {"HX_Request": "true", "HX_History_Restore_Request": "true"}
    found = page.sign_in(scene.owner).get(scene.need_url, **headers)
    assert found.one("h1")


def test_the_filter_form_renews_the_list_and_works_without_script(page, db_session):
    scene = make_scene(db_session)
    form = page.sign_in(scene.owner).get(scene.need_url).one("details.filters form")
    assert form["action"] == form["hx-get"] == scene.need_url
    assert form["hx-target"] == "#match-list"
    assert form["hx-push-url"] == "true"
    assert form["method"] == "get"


def test_not_for_me_takes_the_place_of_the_card(page, db_session):
    scene = make_scene(db_session)
    client = page.sign_in(scene.owner)
    link = client.get(scene.need_url).one("article.card a.bare")
    asked = client.get(str(link["hx-get"]), htmx=True)
    region = asked.one("article")
    assert f"#{region['id']}" == link["hx-target"]
    form = asked.form("form") | {"reason": "too_far"}
    done = client.post(str(link["hx-get"]), form, status=200, htmx=True, token=False)
    assert done.one("article")["id"] == region["id"]
    assert "Gone from your list" in done.text
    assert client.get(scene.need_url).all("article.card") == []
