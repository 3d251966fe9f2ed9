"""What happens to a request whose session has ended, and to what was entered, once the member has signed in again."""

from dataclasses import replace

from starlette.responses import RedirectResponse, Response

from bot.records.staff import kept_forms
from bot.web.staff import restored_forms
from bot.web.staff.navigation import HOME, SIGN_IN
from bot.web.staff.request import StaffRequest, View


def ask_to_sign_in(request: StaffRequest, *, used: bool) -> Response:
    """Return a redirect to the sign-in page; keep what was sent, and remember the page.

    ``used`` says that somebody asked for the page, not a script of another page.
    """
    secure = request.app.settings.secure_cookies
    if request.sent_form:
        return _with_form_kept(request, secure=secure)
    response = RedirectResponse(SIGN_IN, 303)
    if used and request.http.method == "GET" and request.path != HOME:
        query = request.http.url.query
        restored_forms.remember(response, request.path + (f"?{query}" if query else ""), secure=secure)
    return response


def _with_form_kept(request: StaffRequest, *, secure: bool) -> Response:
    assert request.sent_form is not None  # noqa: S101  # the caller has looked
    form = restored_forms.from_fields(request.sent_form, request.path, request.form)
    if form is not None:
        kept_forms.keep(request.connection, request.token, request.sent_form.member, form, request.now)
    response = request.redirect(SIGN_IN, "kept" if form is not None else "")
    restored_forms.remember(response, request.sent_form.page, secure=secure)
    return response


def show_with_kept_form(request: StaffRequest, view: View, *, may_write: bool) -> Response | None:
    """Show a page, once with what the member had entered there before they signed in again.

    None where that takes a transaction that writes, and this one only reads.
    """
    form = kept_forms.find(request.connection, request.token, request.member.id, request.path, request.now)
    if form is None:
        return view(request)
    if not may_write:
        return None
    response = view(replace(request, kept=form))
    if response.status_code != 200:
        return response
    filled = restored_forms.filled(response, request.http, form)
    if filled is None and request.path != form.action and restored_forms.is_page(request.http, form.action):
        return RedirectResponse(form.action, 303)
    kept_forms.forget(request.connection, request.token, form)
    return filled or view(replace(request, kept=form, kept_is_lost=True))
