"""Lets the helpers here explain a failed assertion as the tests do."""

import pytest

pytest.register_assert_rewrite("tests.api.matrix.parties")
