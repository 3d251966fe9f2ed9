"""Writes reports/faq.html: how the regression set was answered, with a confusion matrix and every miss.

The shares and the picture by style also go to docs/, for the README.
"""

import asyncio
import base64
import io
import sys
from collections.abc import Mapping, Sequence

from jinja2 import Environment
from matplotlib.figure import Figure

from bot import bootstrap, logs
from bot.messages import ReplyFormat
from bot.settings import ROOT, Settings
from bot.training.outcome import Judgement
from evaluation import scoring, sets
from evaluation.limits import Bar, bars
from evaluation.progress import say
from evaluation.scoring import Result
from evaluation.sets import Dialogue

REPORT = ROOT / "reports" / "faq.html"
SUMMARY = ROOT / "docs" / "reference" / "measurements" / "understanding.md"
PICTURE = ROOT / "docs" / "pictures" / "understanding-by-style.png"
ASKED_BACK = "(asked back)"

PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>FAQ regression report</title>
<style>
body{font:16px/1.5 system-ui,Arial,sans-serif;margin:2rem auto;max-width:76rem;padding:0 1rem;color:#14231d}
table{border-collapse:collapse;margin:1rem 0}td,th{border-bottom:1px solid #c3d1ca;padding:.3rem .7rem;text-align:left}
td.n{text-align:right}img{max-width:100%}.bad{color:#a31515;font-weight:600}
</style>
<h1>FAQ regression report</h1>
<p>{{ results|length }} questions that nothing was trained or tuned on, and {{ talks }} conversations, on screen.</p>
<h2>Bars</h2>
<table><tr><th>What</th><th>Share</th><th>Limit</th></tr>
{% for bar in bars %}<tr><td>{{ bar.name }}</td>
<td class="n {{ '' if bar.holds else 'bad' }}">{{ '%.1f'|format(100 * bar.share) }} %</td>
<td>{{ limit(bar) }}</td></tr>{% endfor %}</table>
{% for title, picture in pictures %}<h2>{{ title }}</h2>
<img alt="{{ title }}" src="data:image/png;base64,{{ picture }}">
{% endfor %}
<h2>Every question that was not answered right</h2>
<table><tr><th>Question</th><th>Style</th><th>Right topic</th><th>What the bot did</th><th>Confidence</th></tr>
{% for r in misses %}<tr><td>{{ r.case.text }}</td><td>{{ r.case.style }}</td><td>{{ r.case.topic }}</td>
<td class="{{ 'bad' if r.outcome == 'wrong' else '' }}">{{ did(r) }}</td>
<td class="n">{{ '%.2f'|format(r.answer.confidence) }}</td></tr>{% endfor %}</table>
<h2>Conversations that went astray</h2>
<table>{% for name, lines in astray %}<tr><td>{{ name }}</td><td>{{ lines|join('; ') }}</td></tr>{% else %}
<tr><td>None.</td></tr>{% endfor %}</table></html>
"""


SUMMARY_HEAD = """# Understanding, on the regression set

`make faq-report` measures this and writes it here: {questions} questions and three sets of conversations, written by
people who saw neither the training questions nor the answers, and on which nothing is trained or tuned. Conversations
of dialogue acts go on after danger, ask for an answer again, or say what nobody could understand; the misses of all but
the last thirty were read while the rules for them were made. "Offered" means that the right topic was among at most
three that the bot asked about. Any answered topic that is not a right one makes the reply wrong. The questions were
asked on screen; text message and Telegram answer the same topics.

| | Share | Limit |
|---|---|---|"""


def main() -> int:
    """Ask every question and write the page and the summary."""
    logs.configure()
    say("loading the bot")
    conversation = bootstrap.conversation(Settings())
    kinds = {"dialogues": sets.dialogues(), "dialogue acts": sets.moves(), "dialogue acts, unseen": sets.unseen_moves()}
    talks = [talk for kind in kinds.values() for talk in kind]
    say("asking every question of the set")
    with asyncio.Runner() as runner:
        results = runner.run(scoring.run(conversation, sets.cases(), ReplyFormat.SCREEN))
        lost = {t.name: runner.run(scoring.misled(conversation, t, ReplyFormat.SCREEN)) for t in talks}
    say("drawing")
    REPORT.parent.mkdir(exist_ok=True)
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    astray = [(name, lines) for name, lines in lost.items() if lines]
    REPORT.write_text(page(results, len(lost), astray), "utf-8")
    SUMMARY.write_text(summary(results, [followed(kind, talks, lost) for kind, talks in kinds.items()]), "utf-8")
    PICTURE.write_bytes(_png(_styles(results)))
    say(f"written: {REPORT}, {SUMMARY} and {PICTURE}")
    return 0


def page(results: Sequence[Result], talks: int, astray: Sequence[tuple[str, list[str]]]) -> str:
    """Return the report as one HTML page with its pictures inside."""
    pictures = [
        ("Confusion: the right topic (rows) and the topic answered", _inline(_confusion(results))),
        ("By style", _inline(_styles(results))),
    ]
    misses = sorted((r for r in results if r.outcome is not Judgement.RIGHT), key=lambda r: (r.outcome, r.case.topic))
    template = Environment(autoescape=True).from_string(PAGE)
    return template.render(
        results=results, talks=talks, bars=bars(results), pictures=pictures, misses=misses, astray=astray,
        limit=_limit, did=_did,
    )  # fmt: skip


def followed(name: str, talks: Sequence[Dialogue], lost: Mapping[str, list[str]]) -> str:
    """Return how many ``talks`` were followed to the end, and how many of their turns went astray, as a row."""
    whole = sum(not lost[talk.name] for talk in talks)
    turns, astray = sum(len(talk.turns) for talk in talks), sum(len(lost[talk.name]) for talk in talks)
    counts = f"{whole} of {len(talks)}; {astray} of {turns} turns astray"
    return f"| conversations followed to the end: {name} | {counts} | all |"


def summary(results: Sequence[Result], talks: Sequence[str]) -> str:
    """Return the shares in Markdown, with the rows about ``talks``."""
    lines = [SUMMARY_HEAD.format(questions=len(results))]
    lines += [f"| {bar.name} | {bar.share:.1%} | {_limit(bar)} |" for bar in bars(results)]
    lines += talks
    lines.append("\n![Right, offered, missed and wrong answers by style](../../pictures/understanding-by-style.png)\n")
    return "\n".join(lines)


def _limit(bar: Bar) -> str:
    return f"at least {bar.at_least:.0%}" if bar.at_least else f"at most {bar.at_most:.0%}"


def _did(result: Result) -> str:
    if result.answer.topics:
        return "answered " + ", ".join(result.answer.topics)
    return "offered " + ", ".join(result.answer.suggestions) if result.answer.suggestions else "not understood"


def _confusion(results: Sequence[Result]) -> Figure:
    topics = sorted({result.case.topic for result in results})
    columns = [*topics, ASKED_BACK]
    counts = [[0] * len(columns) for _ in topics]
    for result in results:
        answered = next(iter(result.answer.topics), ASKED_BACK)
        # An answer that a fair reader accepts counts as right, so it stands on the diagonal.
        column = result.case.topic if result.outcome is Judgement.RIGHT else answered
        counts[topics.index(result.case.topic)][columns.index(column) if column in columns else -1] += 1
    figure = Figure(figsize=(15, 14), layout="constrained")
    axes = figure.add_subplot()
    axes.imshow([[c / max(1, sum(row)) for c in row] for row in counts], cmap="Greens", vmin=0, vmax=1)
    for y, row in enumerate(counts):
        for x, count in enumerate(row):
            if count:
                axes.text(
                    x, y, str(count), ha="center", va="center", fontsize=7, color="white" if x == y else "#a31515"
                )
    axes.set_xticks(range(len(columns)), columns, rotation=90, fontsize=8)
    axes.set_yticks(range(len(topics)), topics, fontsize=8)
    axes.set_xlabel("answered")
    axes.set_ylabel("right topic")
    return figure


def _styles(results: Sequence[Result]) -> Figure:
    colours = {
        Judgement.RIGHT: "#1d6b4f",
        Judgement.OFFERED: "#8fc1a9",
        Judgement.MISSED: "#d9d9d9",
        Judgement.WRONG: "#a31515",
    }
    styles = sorted({result.case.style for result in results})
    figure = Figure(figsize=(10, 0.4 * len(styles) + 1.5), layout="constrained")
    axes = figure.add_subplot()
    left = [0.0] * len(styles)
    for outcome, colour in colours.items():
        widths = [100 * scoring.shares([r for r in results if r.case.style == style])[outcome] for style in styles]
        axes.barh(styles, widths, left=left, color=colour, label=outcome.value)
        left = [a + b for a, b in zip(left, widths, strict=True)]
    axes.set_xlabel("per cent of questions")
    axes.legend(ncol=4, loc="lower center", bbox_to_anchor=(0.5, 1.0), frameon=False)
    return figure


def _png(figure: Figure) -> bytes:
    content = io.BytesIO()
    figure.savefig(content, format="png", dpi=110)
    return content.getvalue()


def _inline(figure: Figure) -> str:
    return base64.b64encode(_png(figure)).decode()


if __name__ == "__main__":
    sys.exit(main())
