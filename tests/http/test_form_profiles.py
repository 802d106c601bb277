"""What a paper form makes is checked against the profiles that it claims when it arrives."""

from __future__ import annotations

from pathlib import Path

import pytest

from fhir_server.settings import Settings
from tests.http.conftest import open_api
from tests.mapping.cases import inputs, read
from tests.profiles.package import profiles

CASES = [(form.id, path) for form, path in inputs() if form.profiles]


@pytest.mark.parametrize("form", sorted({name for name, _ in CASES}))
async def test_every_case_is_taken_where_profiles_are_checked(form: str, tmp_path: Path) -> None:
    store = f"sqlite:{tmp_path / 'fhir.db'}"
    settings = Settings(store=store, publish="operations", validation="declared")
    async for api in open_api(settings):
        for profile in profiles().values():
            if profile["type"] == "ServiceRequest":
                assert (await api.update(profile)).status_code in (200, 201)
        for path in [p for name, p in CASES if name == form]:
            answer = await api.post(f"/forms/{form}", json=read(path))
            assert answer.status_code == 201, answer.text
        found = (await api.get("/fhir/ServiceRequest")).json()["entry"]
        name = "up" if form == "national-up" else "down"
        for entry in found:
            profile = entry["resource"]["meta"]["profile"][0]
            assert profile.endswith(f"/{name}-referral-request")
            # The claim is checked: without what the profile asks for, it is refused.
            changed = {k: v for k, v in entry["resource"].items() if k != "performer"}
            refused = await api.update(changed)
            assert refused.status_code == 422
            assert "valid-min" in refused.text
