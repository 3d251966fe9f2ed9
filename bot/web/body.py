"""A request's body, of bounded length."""

from starlette.exceptions import HTTPException
from starlette.requests import Request

MAX_BODY = 64 * 1024


async def read(request: Request) -> bytes:
    """Return the body; answer 413 to one over MAX_BODY."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            raise HTTPException(413, f"The message is too long: expected at most {MAX_BODY} bytes.")
    return body
