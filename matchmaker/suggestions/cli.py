"""`flask matches`: rebuild the index, explain a pair, measure, learn from outcomes."""

from __future__ import annotations

from pathlib import Path
from time import monotonic

import click
from flask.cli import AppGroup
from sqlalchemy import select

from matchmaker.errors import CommandError, MatchmakerError
from matchmaker.extensions import clock, db
from matchmaker.matching.text_backtest import rank_texts
from matchmaker.matching.told import arithmetic_of
from matchmaker.organisations.models import Need, Offer
from matchmaker.suggestions import services
from matchmaker.suggestions.resident.holder import IndexNotWrittenError
from matchmaker.suggestions.services.rebuilding import rebuild

#: A smaller pool gives a bench nothing to measure.
SMALLEST_POOL = 100
group = AppGroup("matches", help="The index of matches, one match, measures.")


@group.command("rebuild")
def rebuild_index() -> None:
    """Build the index from the database; workers change over at their next question."""
    try:
        built = rebuild(db.session())
    except IndexNotWrittenError as error:
        told = f"the index could not be written: {error}; make room, or give the right to."
        raise CommandError(told) from None
    if not built:
        raise CommandError("another process is building the index; wait for it.")
    db.session.commit()
    click.echo("index built")


@group.command("explain")
@click.argument("need")
@click.argument("offer")
def explain(need: str, offer: str) -> None:
    """Print the whole arithmetic of NEED and OFFER (public ids), from raw values to the score."""
    session = db.session()
    asked = session.scalar(select(Need).where(Need.public_id == need))
    given = session.scalar(select(Offer).where(Offer.public_id == offer))
    if asked is None or given is None:
        missing = f"need {need!r}" if asked is None else f"offer {offer!r}"
        raise CommandError(f"there is no {missing}; give the ends of its address, the need first.")
    try:
        found = services.explain(session, asked, given)
    except services.NotComparableError as error:
        raise CommandError(
            "these cannot be compared; name a need and an offer of one kind and two organisations."
        ) from error
    click.echo(f"model version {found.version}")
    click.echo(arithmetic_of(found.need, found.offer, found.model))


@group.command("backtest")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--out-reverse", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--no-history", is_flag=True, help="Hide what was matched before the cut.")
@click.option("--frontier", is_flag=True, help="Accuracy against coverage of further orders.")
def run_backtest(
    folder: Path, out: Path | None, out_reverse: Path | None, no_history: bool, frontier: bool
) -> None:
    """Learn from the training matches of FOLDER, rank its test pairs, print the measures."""
    # scikit-learn takes a second to load; no other command needs it.
    from matchmaker.matching.backtest import run

    _may_write(out, out_reverse)
    try:
        report = run(folder, out, out_reverse, no_history, frontier=frontier, say=_Progress())
    except MatchmakerError as error:
        raise CommandError(str(error)) from error
    except OSError as error:
        raise CommandError(f"{error.filename}: {error.strerror}") from error
    for note in report.notes:
        click.echo(note, err=True)
    click.echo(report.table())


def _may_write(*files: Path | None) -> None:
    """See that files can be made before the work is done that fills them."""
    for file in files:
        if file is not None and not file.absolute().parent.is_dir():
            raise CommandError(f"the folder of {file} is not there; make it first.")


class _Progress:
    """Tells how far a long run has come, at most every few seconds; a short one tells nothing."""

    EVERY_S = 3.0

    def __init__(self) -> None:
        self._told = monotonic()

    def __call__(self, text: str) -> None:
        if monotonic() - self._told >= self.EVERY_S:
            self._told = monotonic()
            click.echo(text, err=True)


@group.command("evaluate")
def run_evaluation() -> None:
    """Measure the model in force on the programme's own later outcomes, as a backtest does."""
    # scikit-learn takes a second to load; no other command needs it.
    from matchmaker.suggestions.services.evaluation import evaluate

    click.echo(evaluate(db.engine, clock.today()))


@group.command("learn")
def learn_now() -> None:
    """Fit on the programme's outcomes now, as the weekly job does."""
    # The same.
    from matchmaker.suggestions.services.learning import learn

    found = learn(db.session(), db.engine, clock.today())
    db.session.commit()
    click.echo(found.note)


@group.command("backtest-text")
@click.argument("needs", type=click.Path(dir_okay=False, path_type=Path))
@click.argument("offers", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True)
def run_text_backtest(needs: Path, offers: Path, out: Path) -> None:
    """Rank the OFFERS for each of the NEEDS by text and glossary alone; writes every pair."""
    _may_write(out)
    if out.resolve() in (needs.resolve(), offers.resolve()):
        raise CommandError(f"{out} is read from; write to another file.")
    try:
        pairs = rank_texts(needs, offers, out)
    except MatchmakerError as error:
        raise CommandError(str(error)) from error
    except OSError as error:
        raise CommandError(f"{error.filename}: {error.strerror}") from error
    click.echo(f"{out}: {pairs:,} pairs")


@group.command("bench")
@click.option("--sizes", default="10000,100000", help="Pool sizes, parted by commas.")
@click.option("--rounds", default=3, type=click.IntRange(1))
@click.option("--json", "json_out", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--outcomes", type=click.Path(path_type=Path), help="A benchmark folder: nDCG there.")
def run_bench(sizes: str, rounds: int, json_out: Path | None, outcomes: Path | None) -> None:
    """Time the ranking beside its yardstick; prints a table, writes JSON where asked."""
    # scikit-learn takes a second to load; no other command needs it.
    from matchmaker.matching.bench import as_json, bench, table

    try:
        pools = [int(size) for size in sizes.split(",")]
    except ValueError as error:
        raise CommandError("sizes are whole numbers parted by commas.") from error
    if min(pools) < SMALLEST_POOL:
        raise CommandError(f"a pool has {SMALLEST_POOL} offers at least.")
    _may_write(json_out)
    timings = bench(pools, rounds)
    click.echo(table(timings))
    if json_out is not None:
        json_out.write_text(as_json(timings), encoding="utf-8")
    if outcomes is not None:
        click.echo(_bench_on(outcomes))


def _bench_on(folder: Path) -> str:
    from matchmaker.matching.bench_quality import on_outcomes

    try:
        return on_outcomes(folder).told()
    except MatchmakerError as error:
        raise CommandError(str(error)) from error


@group.command("simulate")
@click.option("--large", is_flag=True, help="60 funders and 3,000 firms too; takes a minute.")
def simulate(large: bool) -> None:
    """Play a month of attention under every order; prints who is seen and what it costs."""
    from matchmaker.matching.simulation import bench

    for setting, times in bench.BENCH if large else bench.BENCH[:1]:
        click.echo(bench.table(setting, times))
    click.echo(bench.twins_line(bench.BENCH[0][1]))


@group.command("parity")
def show_parity() -> None:
    """Print exposure and nDCG of the live pool by sex of owner, size, province and script."""
    from matchmaker.matching.parity import parity_table
    from matchmaker.suggestions.services.parity import report

    click.echo(parity_table(report(db.session())))
