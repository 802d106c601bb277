"""One validator with the package and the terminology for all tests here."""

from __future__ import annotations

import pytest

from fhir_server.model.json import decode_object
from fhir_server.validation import Validator
from tests.profiles.package import ROOT, conformance


def package_validator() -> Validator:
    paths = sorted((ROOT / "terminology").glob("*/*.json"))
    terms = [decode_object(path.read_bytes()) for path in paths]
    return Validator([*conformance(), *terms], unknown_extensions="error")


@pytest.fixture(scope="session")
def validator() -> Validator:
    return package_validator()
