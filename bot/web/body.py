"""A request's body, of bounded length."""

from starlette.exceptions import HTTPException
from starlette.requests import Request

MAX_BODY = 64 * 1024


async def read(request: Request, longest: int = MAX_BODY) -> bytes:
    """Return the body; answer 413 to one over ``longest``, in bytes."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > longest:
            raise HTTPException(413, f"The message is too long: expected at most {longest} bytes.")
    return bytes(body)
