"""What holds for every document: short lines, links that lead somewhere, an index, and figures that were measured."""

import re

import pytest

from bot.settings import ROOT

LONGEST_LINE = 120
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


def documents():
    return [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]


def each_document():
    return pytest.mark.parametrize("document", documents(), ids=lambda file: str(file.relative_to(ROOT)))


def without_code(text):
    return re.sub(r"```.*?```", "", text, flags=re.S)


def anchors(document):
    """Return the anchors of the headings of ``document``, as GitHub makes them."""
    headings = re.findall(r"^#+ (.*)$", without_code(document.read_text("utf-8")), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def rows_of_figures():
    """Yield each row of the README's table of figures: what it is, the figure, and the document that has it."""
    source = None
    for line in (ROOT / "README.md").read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if line.startswith("|") and len(cells) == 4 and NUMBER.search(cells[1]):
            link = re.search(r"\]\(([^)]*)\)", cells[3])
            source = link[1] if link else source
            yield cells[0], cells[1], source


@each_document()
def test_lines_are_wrapped(document):
    """Rows of tables and lines with a link may be longer: they cannot be broken everywhere."""
    long = [
        f"{document.name}:{number}"
        for number, line in enumerate(document.read_text("utf-8").splitlines(), 1)
        if len(line) > LONGEST_LINE and not line.lstrip().startswith("|") and "](" not in line
    ]
    assert long == []


@each_document()
def test_anchors_exist(document):
    wrong = [
        f"{target}#{anchor}"
        for target, anchor in re.findall(r"\]\(([^)#:]*)#([^)]+)\)", without_code(document.read_text("utf-8")))
        if anchor not in anchors(document.parent / target if target else document)
    ]
    assert wrong == []


def test_the_index_lists_every_document():
    index = ROOT / "docs" / "README.md"
    listed = {(index.parent / target).resolve() for target in re.findall(r"\]\(([^)#:]+)", index.read_text("utf-8"))}
    chosen = [file for file in (ROOT / "docs").rglob("*.md") if file.parent.name != "decisions" and file != index]
    assert [str(file.relative_to(ROOT)) for file in chosen if file.resolve() not in listed] == []


def test_the_index_of_decisions_lists_every_decision_by_its_title():
    folder = ROOT / "docs" / "decisions"
    index = (folder / "README.md").read_text("utf-8")
    titles = {file.name: file.read_text("utf-8").splitlines()[0] for file in folder.glob("0*.md")}
    wrong = [
        name
        for name, title in titles.items()
        if f"| [{name[:4]}]({name}) | {title.removeprefix(f'# {name[:4]}: ')} |" not in index
    ]
    assert wrong == []


@pytest.mark.parametrize(("what", "figure", "source"), rows_of_figures())
def test_a_figure_of_the_readme_was_measured(what, figure, source):
    """Every number stands in the document that a command wrote."""
    measured = (ROOT / source).read_text("utf-8")
    assert set(NUMBER.findall(figure)) | set(NUMBER.findall(what.partition("(stock")[2])) <= set(
        NUMBER.findall(measured)
    )
