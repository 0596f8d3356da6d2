"""What tests of accounts share."""

from collections.abc import Iterator

import pytest

from wesentra import clock


@pytest.fixture
def standing_clock() -> Iterator[None]:
    """No time goes by: the first wait after wrong tries is four seconds, and a machine with much
    to do may take longer for one try."""
    with clock.turned_to(clock.now()):
        yield
