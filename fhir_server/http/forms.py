"""Paper forms for vendors without FHIR: /forms.

Spec of the shapes: docs/forms.md. Errors are RFC 9457 problems, or an OperationOutcome for a client
that asks for FHIR.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from starlette.requests import Request as WebRequest
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from ..errors import FhirError, Issue, define
from ..exchange import Call, Service
from ..exchange.forms import find_request, read_request, related, to_bundle
from ..interactions.transaction import transaction
from ..mapping import Form, FormErrors, load_forms, read_file
from ..model.json import decode, decode_stored
from ..settings import Settings
from ..storage.base import Stored
from .asgi import Request
from .negotiate import FHIR_JSON, JSON, ranked
from .problems import PROBLEM, failure, fhir_failure, json_response, wants_fhir
from .site import Site

log = structlog.get_logger("fhir_server.forms")
TABLES = {
    "text/csv": ".csv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
}
ACCEPTED = f"{JSON}, {', '.join(TABLES)}"
Answer = Callable[[WebRequest], Awaitable[Response]]

define(
    "form-unknown", "not-found", 404,
    "没有此表单；可用：{expected}", "no such form; available: {expected}",
)  # fmt: skip
define(
    "form-other", "not-found", 404,
    "此转诊不是由该表单产生的", "this referral was not made from this form",
)  # fmt: skip
define(
    "form-many", "value", 422,
    "一次只能提交一张表单，此文件中有 {count} 张",
    "send one form at a time; the file holds {count}",
)  # fmt: skip
define("form-field", "value", 422, "{message}", "{message_en}")


def forms_routes(service: Service, settings: Settings) -> list[Route]:
    """GET /forms, GET and POST /forms/{form}, GET /forms/{form}/{ServiceRequest id}."""
    forms = Forms(service, settings)
    return [
        Route("/forms", forms.guard(forms.listing), methods=["GET"]),
        Route("/forms/{form}", forms.guard(forms.definition), methods=["GET"]),
        Route("/forms/{form}", forms.guard(forms.send), methods=["POST"]),
        Route("/forms/{form}/{id}", forms.guard(forms.filled), methods=["GET"]),
    ]


class Forms:
    """The handlers, with the service and the loaded forms. Forms are read on first use."""

    def __init__(self, service: Service, settings: Settings) -> None:
        self._service, self._settings = service, settings
        self._site = Site(settings.public_url, settings.trusted_proxies)
        self._loaded: dict[str, Form] | None = None

    @property
    def forms(self) -> dict[str, Form]:
        if self._loaded is None:
            self._loaded = load_forms(self._settings.form_folders)
        return self._loaded

    def guard(self, answer: Answer) -> Answer:
        """Failures as the client wants them, never a traceback."""

        async def guarded(web: WebRequest) -> Response:
            try:
                return await answer(web)
            except FormErrors as error:
                return _wrong_fields(web, error)
            except FhirError as error:
                return failure(web, error)
            except Exception:
                log.exception("request failed", method=web.method)
                return failure(web, FhirError("internal"))

        return guarded

    def _form(self, web: WebRequest) -> Form:
        form = self.forms.get(web.path_params["form"])
        if form is None:
            raise FhirError("form-unknown", expected=", ".join(self.forms))
        return form

    def _call(self, web: WebRequest) -> Call:
        request = Request(web.scope, web.receive, self._site)
        return Call(self._service, request.base)

    async def listing(self, web: WebRequest) -> Response:
        rows = [
            {"id": f.id, "title": f.title, "description": f.description}
            for f in self.forms.values()
        ]
        return json_response({"forms": rows})

    async def definition(self, web: WebRequest) -> Response:
        return json_response(self._form(web).definition())

    async def send(self, web: WebRequest) -> Response:
        """201 with the referral's Location; 200 with the first one's for the same form again."""
        form, call = self._form(web), self._call(web)
        values = await self._values(web, form)
        bundle = to_bundle(form, values)
        if _flag(web.query_params.get("dry-run")):
            return json_response(bundle, media_type=FHIR_JSON)
        first = await find_request(call, form, values)
        if first is not None:
            return _sent(call, form, first, 200, _duplicate(call, first))
        call.resource = bundle
        reply = await transaction(call)
        assert reply.body is not None
        response = decode_stored(reply.body)
        made, fresh = await self._made(call, response)
        return _sent(call, form, made, 201 if fresh else 200, response)

    async def _made(self, call: Call, response: dict[str, Any]) -> tuple[Stored, bool]:
        for entry in response["entry"]:
            answer = entry["response"]
            parts = answer.get("location", "").split("/")
            if parts[0] == "ServiceRequest":
                return await read_request(call, parts[1]), answer["status"].startswith("201")
        raise AssertionError("a form always makes a ServiceRequest")

    async def _values(self, web: WebRequest, form: Form) -> dict[str, Any]:
        """The one filled form in the body. Errors: media-unsupported, json-*, form-*."""
        request = Request(web.scope, web.receive, self._site)
        media = web.headers.get("content-type", "").partition(";")[0].strip().lower()
        body = await request.body(self._service.limits.body_bytes)
        if media in TABLES:
            rows = read_file(body, TABLES[media], form)
            if len(rows) != 1:
                raise FhirError("form-many", count=len(rows))
            return rows[0]
        if media != JSON:
            raise FhirError("media-unsupported", expected=ACCEPTED)
        # The form itself says which box holds a control character.
        value = decode(body, control=True)
        if type(value) is not dict:
            raise FhirError("json-not-object")
        return value

    async def filled(self, web: WebRequest) -> Response:
        """The form as it was written: JSON, or a page to print."""
        form, call = self._form(web), self._call(web)
        request = await read_request(call, web.path_params["id"])
        if not form.made(request.resource):
            raise FhirError("form-other")
        values = form.from_resources(await related(call, request))
        wanted = [name for name, _ in ranked(web.headers.get("accept", ""))]
        first = next((n for n in wanted if n in ("text/html", JSON, "*/*", "application/*")), JSON)
        if wanted and first == JSON and not {JSON, "*/*", "application/*"} & set(wanted):
            raise FhirError("media-not-acceptable", expected=f"{JSON}, text/html")
        if first == "text/html":
            return HTMLResponse(form.print_html(values), headers={"vary": "Accept"})
        return json_response(values, headers={"vary": "Accept"})


def _flag(text: str | None) -> bool:
    return text is not None and text.lower() in ("true", "1", "")


def _sent(
    call: Call, form: Form, request: Stored, status: int, response: dict[str, Any]
) -> Response:
    """Location is the ServiceRequest; Content-Location is the form printed again."""
    root = call.base.removesuffix("/fhir")
    headers = {
        "location": f"{call.base}/ServiceRequest/{request.id}",
        "content-location": f"{root}/forms/{form.id}/{request.id}",
    }
    return json_response(response, status, FHIR_JSON, headers)


def _duplicate(call: Call, first: Stored) -> dict[str, Any]:
    """The answer to a form that is here already, in the shape of a transaction response."""
    location = f"ServiceRequest/{first.id}/_history/{first.version}"
    response = {"status": "200 OK", "location": location, "etag": f'W/"{first.version}"'}
    entry = {"fullUrl": f"{call.base}/ServiceRequest/{first.id}", "response": response}
    return {"resourceType": "Bundle", "type": "transaction-response", "entry": [entry]}


def _wrong_fields(web: WebRequest, error: FormErrors) -> Response:
    if wants_fhir(web):
        issues = [
            Issue(
                "form-field",
                f"{each.field}" + (f" ({each.box})" if each.box else ""),
                {
                    "message": f"{each.field}：{each.message}",
                    "message_en": f"{each.field}: {each.message_en}",
                },
            )
            for each in error.errors
        ]
        return fhir_failure(web, FhirError.of(issues))
    problem = {
        "type": "about:blank#form-field",
        "title": "表单中有填写错误 / the form has wrong fields",
        "status": 422,
        "errors": [
            {"field": e.field, "box": e.box, "message": e.message, "message_en": e.message_en}
            for e in error.errors
        ],
    }
    return json_response(problem, 422, PROBLEM)
