"""Pages for what went wrong: short, in plain words, and with nothing in them of what was asked for."""

from jinja2 import Environment
from starlette.responses import HTMLResponse

WORDS = {
    400: ("That could not be used", "Go back, check what you entered and try again."),
    403: ("You cannot open this page", "Your role does not cover it, or the page had been open for too long."),
    404: ("Page not found", "If you typed the address, check it. What it showed may also have been removed."),
    405: ("Page not found", "If you typed the address, check it. What it showed may also have been removed."),
    413: ("That was too long", "Go back, shorten it and try again."),
    429: ("Too many tries", "Wait a few minutes and try again."),
    500: (
        "Something went wrong",
        "Nothing was changed. Try again; if it stays like this, tell whoever looks after it.",
    ),
    503: ("Not available just now", "The records cannot be reached. Nothing was changed. Try again in a minute."),
}


def text(status: int) -> str:
    """Return what is said about ``status``."""
    title, words = WORDS.get(status, WORDS[500])
    return f"{title}. {words}"


def page(environment: Environment, status: int, home: str) -> HTMLResponse:
    """Return the page for ``status``; ``home`` is where it leads back to."""
    title, words = WORDS.get(status, WORDS[500])
    content = environment.get_template("frontend/error.html").render(title=title, text=words, home=home)
    return HTMLResponse(content, status)
