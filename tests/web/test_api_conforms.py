"""What the API says of itself holds: whatever is asked, the answer is one that it describes."""

from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.web.serving import served

EXAMPLES = 8  # of each operation
NO_HTTP = "Invalid HTTP request received."  # the server itself, before anything of ours
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


@pytest.mark.filterwarnings("default")
def test_whatever_is_asked_is_answered_as_described(sqlite_url: str) -> None:
    with served(sqlite_url) as (url, secret):
        described = httpx.get(f"{url}/openapi.json").json()
        del described["paths"]["/events"]  # it never ends
        schema = schemathesis.openapi.from_dict(described)
        schema.config.update(base_url=url)
        asked = 0
        for found in schema.get_all_operations():
            assert isinstance(found, Ok)
            operation = found.ok()

            @settings(
                max_examples=EXAMPLES,
                deadline=None,
                database=None,
                derandomize=True,
                phases=[Phase.explicit, Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            @given(case=operation.as_strategy())
            def ask(case: Any) -> None:
                answer = case.call(headers={"authorization": f"Bearer {secret}"})
                if answer.text != NO_HTTP:
                    case.validate_response(answer, checks=CHECKS)

            ask()
            asked += 1

    assert asked > 60
