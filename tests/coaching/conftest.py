"""Pages that link to others of the desk can be tried before those are built."""

from django.http import HttpResponse
from django.urls import path

from assessments.coaching import urls
from assessments.http.access import personal_page


@personal_page
def _not_built_yet(request, **kwargs):
    return HttpResponse()


_NAMES = {pattern.name for pattern in urls.urlpatterns}
for _name, _end in {
    "client": "",
    "client-answers": "answers/",
    "client-result": "result/",
}.items():
    if _name not in _NAMES:
        _route = f"coach/clients/<uuid:client>/{_end}"
        urls.urlpatterns.append(path(_route, _not_built_yet, name=_name))
