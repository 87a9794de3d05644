"""What every response gets."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

GetResponse = Callable[[HttpRequest], HttpResponse]


def no_store(get_response: GetResponse) -> GetResponse:
    """Pages hold a person's answers: no cache, shared or the browser's own, may keep them.

    It also makes the back button ask the server, so that it shows what is saved. Static files
    set their own header (they never reach the views) and keep it.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return middleware
