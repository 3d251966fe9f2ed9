"""Style sheets, scripts and pictures, as they lie in bot/web/static/."""

from pathlib import Path

from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

STATIC = Path(__file__).resolve().parents[1] / "static"


def mount() -> Mount:
    """Return the route /static. Only what lies there is compressed: a page that holds a secret should not be."""
    return Mount("/static", GZipMiddleware(StaticFiles(directory=STATIC)))
