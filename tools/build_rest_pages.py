"""Fill in what the examples of docs/rest/ answer, by running them.

    python tools/build_rest_pages.py

In a page, a block ```sh with one curl command may be followed by a block ```http or ```json: its
answer. The commands of a page run in their order on an empty server.
"""

from __future__ import annotations

import asyncio
import re
import shlex
import tempfile
from http import HTTPStatus
from pathlib import Path

import httpx2

from fhir_server.app import create_app
from fhir_server.settings import Settings

FOLDER = Path(__file__).parent.parent / "docs" / "rest"
ADDRESS = "http://127.0.0.1:8080"
_EXAMPLE = re.compile(
    r"```sh\n(curl (?:(?!```).)*)\n```(?:\n\n```(http|json)\n(.*?)```)?", re.DOTALL
)
# What is another each time: instants, dates of HTTP, ids made by the server, ids of requests.
_VOLATILE = (
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)"), "<instant>"),
    (re.compile(r"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT"), "<date>"),
    (re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b"), "<id>"),
    (re.compile(r"Unprocessable (?:Entity|Content)"), "Unprocessable Content"),  # by Python's age
    (re.compile(r"(x-request-id: )\S+"), r"\1<request>"),
    (re.compile(r"(content-length: )\d+"), r"\1<length>"),
    (re.compile(r'(etag: W/")[0-9a-f]{8}"'), r'\1<digest>"'),
    (re.compile(r"_cursor=[\w-]+"), "_cursor=<cursor>"),
)


def examples(text: str) -> list[tuple[str, str]]:
    """Shape: (command, the answer that is written down, "" where there is none)."""
    return [(found[1], found[3] or "") for found in _EXAMPLE.finditer(text)]


def settled(text: str) -> str:
    """Without what is another each time."""
    for pattern, name in _VOLATILE:
        text = pattern.sub(name, text)
    return text


async def answer(client: httpx2.AsyncClient, command: str) -> str:
    """What curl prints. Shape of `command`: the few options of curl that the pages use."""
    words = iter(shlex.split(command.replace("\\\n", " "))[1:])
    method, url, headers, body, shown = "", "", {}, None, False
    for word in words:
        if word == "-X":
            method = next(words)
        elif word == "-H":
            name, _, value = next(words).partition(":")
            headers[name] = value.strip()
        elif word == "-d":
            body = next(words)
        elif word in ("-i", "-I"):
            shown, method = True, "HEAD" if word == "-I" else method
        else:
            url = word.replace("$BASE", f"{ADDRESS}/fhir").replace("\\$", "$")
    method = method or ("POST" if body is not None else "GET")
    if body is not None and not any(name.lower() == "content-type" for name in headers):
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    headers = {"accept": "*/*", "accept-encoding": "identity", "user-agent": "curl", **headers}
    found = await client.request(method, url, headers=headers, content=body)
    head = f"HTTP/1.1 {found.status_code} {HTTPStatus(found.status_code).phrase}\n"
    head += "".join(f"{name}: {value}\n" for name, value in found.headers.items())
    text = head + "\n" * bool(found.text) if shown else ""
    return text + (found.text.rstrip("\n") + "\n" if found.text else "")


async def run_page(text: str) -> list[str]:
    """The answers to the examples of a page, on a server of its own."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings(store=f"sqlite:{folder}/fhir.db"))
        transport = httpx2.ASGITransport(app=app)
        async with (
            app.router.lifespan_context(app),
            httpx2.AsyncClient(transport=transport, base_url=ADDRESS) as client,
        ):
            return [await answer(client, command) for command, _ in examples(text)]


def filled(text: str) -> str:
    """The page with the answers of now, where they differ in more than what is another each
    time."""
    answers = iter(asyncio.run(run_page(text)))

    def fill(found: re.Match[str]) -> str:
        new = next(answers)
        if not found[2] or settled(new) == settled(found[3]):
            return found[0]
        return f"```sh\n{found[1]}\n```\n\n```{found[2]}\n{new}```"

    return _EXAMPLE.sub(fill, text)


if __name__ == "__main__":
    for page in sorted(FOLDER.glob("*.md")):
        content = page.read_text("utf-8")
        if any(answer for _, answer in examples(content)) or "```http\n```" in content:
            page.write_text(filled(content), "utf-8")
