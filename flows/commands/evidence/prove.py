"""`barometer prove`: who says so? A published figure made again from the archived answers, without network.

Exit codes: 0 every figure is equal; 1 one differs, or an archive file is not as it was written; 2 wrong
usage, or a figure that is not published.
"""

from typing import Annotated

import typer

from flows.console.say import print_lines, say_problem
from flows.console.table import Grid, print_grid
from warehouse.config.ecosystem import read_ecosystem
from warehouse.config.settings import read_settings
from warehouse.proof.prove import Proof
from warehouse.proof.prove import prove as prove_figures
from warehouse.published.figure_id import parse_figure_id

DIFFERS = 1
# Of more answers than these the files are no help; the rest is counted.
MOST_ANSWERS = 40


def prove(
    ids: Annotated[list[str], typer.Argument(metavar="ID...", help="Figures: SUBJECT.METRIC.FIRST-DAY.")],
) -> None:
    """Make published figures again from the archived answers, and say whether they are equal."""
    figures = [parse_figure_id(text) for text in ids]
    settings = read_settings()
    ecosystem = read_ecosystem(settings.config)
    proofs = prove_figures(figures, settings, ecosystem, with_answers=len(figures) == 1)
    if len(proofs) == 1:
        _explain(proofs[0])
    else:
        rows = [(str(one.figure), one.published["value"], _verdict(one)) for one in proofs]
        print_grid(Grid(("figure", "value", "made again"), rows))
    if differing := [str(one.figure) for one in proofs if not one.is_equal]:
        say_problem(
            f"barometer: {len(differing)} of {len(proofs)} differ: the archive, the configuration or the "
            "models are others than when the file was published; `barometer build` publishes what they say"
        )
        raise typer.Exit(DIFFERS)


def _verdict(proof: Proof) -> str:
    if proof.is_equal:
        return "equal"
    told = (f"{one.what}: published {one.published}, made again {one.again}" for one in proof.differences)
    return "differs: " + "; ".join(told)


def _explain(proof: Proof) -> None:
    told = proof.published
    figures = {
        "figure": str(proof.figure),
        "value": f"{told['value']:,.12g} {told['unit']} ({told['name']}, {told['period_start']} to "
        f"{told['period_end']})",
        "state": " - ".join(filter(None, (told["state"], told["state_reason"]))),
        "counted": told["basis"],
        "source": f"{told['source_id']}, newest answer of {told['observed_at']:%Y-%m-%d %H:%M:%S} UTC",
        "terms": told["licence"],
        "sql": f"sql/models/sources/{told['source_id']}, then sql/models/core",
        "read": f"{proof.read} answers in {proof.files} archive files, each as its digest says",
    }
    print_lines(f"{name:<8} {text}" for name, text in figures.items())
    print_lines(
        f"revised  {one['changed_at']:%Y-%m-%d %H:%M}, "
        f"from {one['old_value']:,.12g} to {one['new_value']:,.12g}"
        for one in proof.revisions
    )
    if proof.answers:
        rows = [
            (one.file, one.line, one.sha256, f"{one.fetched_at:%Y-%m-%d %H:%M:%S}", one.question)
            for one in proof.answers[-MOST_ANSWERS:]
        ]
        print_lines([f"answers  of these alone it is made, too ({len(proof.answers)}), the newest last:"])
        print_grid(Grid(("file", "line", "sha256 of the answer", "fetched at", "question"), rows))
    elif proof.answers is None and proof.read:
        print_lines(["answers  all that were read are needed to make it"])
    elif not proof.read:
        print_lines(["answers  none: this source's figures come with the program"])
    print_lines([f"proof    {_verdict(proof)}"])
