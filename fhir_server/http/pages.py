"""The page a browser sees first, and the two that machines ask: /health and /ready."""

from __future__ import annotations

from html import escape

import structlog
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from .. import __version__
from ..errors import FhirError
from ..exchange import Service
from ..mapping import load_forms
from ..settings import Settings
from .asgi import Request as FhirRequest
from .site import Site

log = structlog.get_logger("fhir_server.http")

PAGE = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>双向转诊 FHIR 服务器</title>
<style>
:root {{ color-scheme: light dark; --line: #8886; --accent: #0b6e4f; }}
body {{ font: 16px/1.7 system-ui, "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei",
  "WenQuanYi Zen Hei", sans-serif; max-width: 52rem; margin: 3rem auto; padding: 0 1.25rem; }}
h1 {{ font-size: 1.7rem; margin: 0; }} h2 {{ font-size: 1.1rem; margin: 2rem 0 .5rem; }}
.en {{ opacity: .7; font-size: .92em; }} a {{ color: var(--accent); }}
table {{ border-collapse: collapse; width: 100%; }}
td, th {{ border-bottom: 1px solid var(--line); padding: .45rem .6rem; text-align: left;
  vertical-align: top; }} code {{ font-size: .9em; }}
pre {{ border: 1px solid var(--line); border-radius: 6px; padding: .8rem; white-space: pre-wrap;
  overflow-wrap: anywhere; }}
</style></head><body>
<h1>双向转诊 FHIR 服务器</h1>
<p class="en">FHIR R4 server for two-way referrals in medical consortiums · {version}</p>
<p>服务正在运行。FHIR 地址是 <code>{base}</code>。<br>
<span class="en">The server is running. Its FHIR address is the one above.</span></p>
<h2>从这里开始 <span class="en">Where to go next</span></h2>
<table>
<tr><td><a href="fhir/metadata?_pretty=true">/fhir/metadata</a></td>
<td>能力声明 <span class="en">CapabilityStatement: what the server can do</span></td></tr>
<tr><td><a href="fhir/ServiceRequest?_sort=-authored&amp;_count=10&amp;_pretty=true"
>/fhir/ServiceRequest</a></td>
<td>最近的转诊申请 <span class="en">the latest referral requests</span></td></tr>
<tr><td><a href="guide/">/guide</a></td>
<td>实施指南：数据规范、术语、流程、示例 <span class="en">the implementation guide</span></td></tr>
<tr><td><a href="forms">/forms</a></td>
<td>纸质表单目录 <span class="en">the paper forms this server reads and prints</span></td></tr>
{forms}
<tr><td><a href="ready">/ready</a></td>
<td>就绪状态 <span class="en">readiness of the server and its store</span></td></tr>
</table>
<h2>查询一位患者的转诊历史 <span class="en">A patient's referral history</span></h2>
<pre>curl -G '{base}/Patient/$referral-history' \\
  --data-urlencode 'identifier=urn:oid:2.16.156.10011.1.3|身份证号'</pre>
</body></html>
"""


def page_routes(service: Service, settings: Settings) -> list[Route]:
    """/, /health and /live (the process runs), and /ready (the store answers)."""

    site = Site(settings.public_url, settings.trusted_proxies)

    async def index(request: Request) -> Response:
        base = FhirRequest(request.scope, request.receive, site).base
        rows = "".join(
            f'<tr><td><a href="forms/{escape(form.id)}">/forms/{escape(form.id)}</a></td>'
            f"<td>{escape(form.title)}</td></tr>"
            for form in load_forms(settings.form_folders).values()
        )
        page = PAGE.format(version=__version__, base=escape(base), forms=rows)
        return HTMLResponse(page)

    async def health(_: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def ready(_: Request) -> Response:
        try:
            facts = await service.store.ready()
        except FhirError as error:
            body = {"status": "unavailable", "code": error.code}
            return JSONResponse(body, error.status, headers={"Retry-After": "5"})
        return JSONResponse({"status": "ready", **facts})

    return [
        Route("/", index, methods=["GET"]),
        Route("/health", health, methods=["GET"]),
        Route("/live", health, methods=["GET"]),
        Route("/ready", ready, methods=["GET"]),
    ]
