"""`flask matches`: rebuild, explain, backtest; one line and exit code 2 when something is wrong."""

from __future__ import annotations

import csv
import re
from errno import ENOSPC

import pytest

from matchmaker.extensions import clock
from matchmaker.matching.index import Index
from matchmaker.matching.parity import LEAST_FIRMS
from matchmaker.matching.simulation import bench
from matchmaker.matching.simulation.game import ORDERS
from matchmaker.matching.simulation.market import Setting
from matchmaker.suggestions.models import Exposure, Feedback, FeedbackKind, Side
from matchmaker.suggestions.resident import snapshots
from matchmaker.suggestions.services.parity import drawn
from tests.factories import NeedFactory, OfferFactory
from tests.suggestions.scene import make_scene

ORGANISATIONS = "org_id,org_key,name,period,date,text,sectors,country,stage,amount_sought"
PARTNERS = "partner_id,name,text,sectors,countries,stages,ticket_min,ticket_median,ticket_max"


def run(app, *arguments):
    return app.test_cli_runner().invoke(args=["matches", *map(str, arguments)])


@pytest.fixture
def folder(tmp_path):
    """A benchmark folder in small: coffee goes to one partner, software to the other."""
    sought = [ORGANISATIONS]
    for n in range(12):
        topic, period = ("coffee dryer", "software")[n % 2], "train" if n < 8 else "test"
        day = f"2020-0{1 + n // 4}-1{n % 4}"
        sought.append(f"o{n},k{n},Firm {n},{period},{day},{topic} {n},{topic},LA,seed,{10_000 + n}")
    partners = [PARTNERS]
    for n, topic in enumerate(("coffee dryer", "software")):
        partners.append(f"p{n},Fund {n},{topic},{topic},LA,seed,5000,10000,50000")
    matches = {name: ["org_id,partner_id,date,is_lead"] for name in ("train", "test")}
    for n in range(12):
        name = "train" if n < 8 else "test"
        matches[name].append(f"o{n},p{n % 2},2020-0{1 + n // 4}-2{n % 4},1")
    files = {"organisations": sought, "partners": partners,
             **{f"matches_{name}": rows for name, rows in matches.items()}}  # fmt: skip
    for name, rows in files.items():
        (tmp_path / f"{name}.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return tmp_path


def test_rebuild_makes_a_snapshot(app, db_session):
    make_scene(db_session)
    found = run(app, "rebuild")
    assert (found.exit_code, found.output.strip().splitlines()[-1]) == (0, "index built")
    assert any((app.config["DATA"] / "index").glob("*/manifest.json"))


def test_rebuild_says_so_when_another_is_at_it(app, db_session):
    with snapshots.building(snapshots.Place.of(app.config), wait=True):
        found = run(app, "rebuild")
    assert found.exit_code == 2
    assert "another process is building the index" in found.output


def test_rebuild_says_so_when_it_cannot_be_kept(app, db_session, monkeypatch):
    def full(*args, **more):
        raise OSError(ENOSPC, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(Index, "build", full)
        found = run(app, "rebuild")
    assert found.exit_code == 2
    assert "No space left on device" in found.output.strip().splitlines()[-1]
    (app.config["DATA"] / "index").rename(app.config["DATA"] / "elsewhere")
    (app.config["DATA"] / "index").write_text("in the way")
    found = run(app, "rebuild")
    assert (found.exit_code, found.output.count("Traceback")) == (2, 0)
    assert "could not be written" in found.output


def test_explain_prints_how_the_score_comes_about(app, db_session):
    scene = make_scene(db_session)
    found = run(app, "explain", scene.need.public_id, scene.offer.public_id)
    assert found.exit_code == 0
    assert "met     must   country one_of iso3166-1:LA; shown: iso3166-1:LA" in found.output
    assert re.search(r"^forward = [\d. +]+ = \d+\.\d$", found.output, re.M)
    assert re.search(r"^score = 2 x .* shown as \d+$", found.output, re.M)


def test_explain_names_what_is_not_there(app, db_session):
    need = NeedFactory()
    db_session.commit()
    for arguments, said in ((("a", "b"), "no need 'a'"), ((need.public_id, "b"), "no offer 'b'")):
        found = run(app, "explain", *arguments)
        assert (found.exit_code, said in found.output) == (2, True)


def test_explain_refuses_what_cannot_be_compared(app, db_session):
    need, offer = NeedFactory(), OfferFactory(kind="service", code="ACCOUNTING")
    db_session.commit()
    found = run(app, "explain", need.public_id, offer.public_id)
    assert found.exit_code == 2
    assert "cannot be compared; name a need and an offer of one kind" in found.output


def test_backtest_ranks_the_test_pairs_and_prints_measures(app, folder, tmp_path):
    out, reverse = tmp_path / "ranked.csv", tmp_path / "reverse.csv"
    found = run(app, "backtest", folder, "--out", out, "--out-reverse", reverse)
    assert found.exit_code == 0, found.output
    assert "nDCG@10" in found.output
    assert "coverage@10" in found.output
    for file in (out, reverse):
        rows = list(csv.DictReader(file.open(encoding="utf-8")))
        assert list(rows[0]) == ["org_id", "partner_id", "score"]
        assert len(rows) == 4 * 2


def test_backtest_without_history_says_so(app, folder):
    found = run(app, "backtest", folder, "--no-history")
    assert found.exit_code == 0, found.output
    assert "no history" in found.output


@pytest.mark.parametrize("name", ["organisations", "partners"])
def test_backtest_names_the_file_that_is_missing(app, folder, name):
    (folder / f"{name}.csv").unlink()
    found = run(app, "backtest", folder)
    assert found.exit_code == 2
    assert name in found.output
    assert len(found.output.strip().splitlines()) == 1


@pytest.mark.parametrize("sizes", ["many", "100,0", "-5"])
def test_bench_refuses_pools_of_nothing(app, sizes):
    found = run(app, "bench", "--sizes", sizes)
    assert found.exit_code == 2
    assert len(found.output.strip().splitlines()) == 1


def test_a_file_that_cannot_be_made_is_told_before_the_work(app, folder, tmp_path):
    found = run(app, "backtest", folder, "--out", tmp_path / "nowhere" / "ranked.csv")
    assert found.exit_code == 2
    assert "make it first" in found.output


def test_backtest_tells_what_it_passed_over(app, folder):
    with (folder / "matches_test.csv").open("a", encoding="utf-8") as file:
        file.write("nobody,p0,2020-03-30,1\n")
    found = run(app, "backtest", folder)
    assert found.exit_code == 0, found.output
    assert "1 rows name ids that are not listed" in found.output


def test_simulate_prints_every_order(app, monkeypatch):
    short = Setting(rounds=20)
    monkeypatch.setattr(bench, "BENCH", ((short, 1), (short, 2)))
    found = run(app, "simulate", "--large")
    assert found.exit_code == 0, found.output
    for order in ORDERS:
        assert found.output.count(f"\n{order:20}") == 2
    assert "twins, 1 times" in found.output


def test_parity_prints_exposure_and_quality_by_group(app, db_session):
    scene = make_scene(db_session)
    # Fewer firms are not a group.
    for need in (scene.need, *NeedFactory.create_batch(LEAST_FIRMS - 1)):
        db_session.add(Feedback(need_id=need.id, offer_id=scene.offer.id,
                                kind=FeedbackKind.ACCEPTED, side=Side.OFFER))  # fmt: skip
        db_session.add(Exposure(side=Side.OFFER, row_id=need.id, day=clock.today(),
                                count=4, top_tens=4))  # fmt: skip
    db_session.commit()
    found = run(app, "parity")
    assert found.exit_code == 0, found.output
    (line,) = [one for one in found.output.splitlines() if one.startswith("script")]
    assert "latin" in line
    assert "4.000" in line
    assert line.endswith("1.000 [1.000, 1.000] (5)")


def test_of_a_large_pool_as_many_needs_are_drawn_evenly():
    first = sum(one < 50 for one in drawn(range(1000), 200))
    assert len(set(drawn(range(1000), 200))) == 200
    assert 4 <= first <= 17
    assert drawn(range(5), 200) == [0, 1, 2, 3, 4]
