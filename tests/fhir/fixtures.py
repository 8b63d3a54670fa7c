"""The validators, once for the run."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fhir.validator import FhirValidator


@pytest.fixture(scope="session")
def fhir() -> Iterator[FhirValidator]:
    """Both validators, on the Node.js that stands beside this Python."""
    validator = FhirValidator(Path(sys.executable).with_name("node"))
    yield validator
    validator.close()
