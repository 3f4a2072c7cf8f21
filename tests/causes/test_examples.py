"""The example of every page is diagnosed as the page says."""

import pytest

from preflight.causes import page
from preflight.diagnose import diagnose
from preflight.model import Cause, Refusal


@pytest.mark.parametrize("cause", Cause, ids=str)
def test_an_example_leads_to_its_page(cause: Cause) -> None:
    """Who pastes the example gets this cause first, or behind the one that the page names."""
    found = [candidate.cause for candidate in diagnose(Refusal(text=page(cause).example)).candidates]
    assert found[0] == (page(cause).behind or cause)
    assert cause in found


@pytest.mark.parametrize("cause", [cause for cause in Cause if page(cause).behind], ids=str)
def test_a_page_that_comes_second_says_why(cause: Cause) -> None:
    """The reader learns why the answer alone does not decide."""
    line = next(line for line in page(cause).text.splitlines() if line.startswith("ranked: "))
    assert len(line.partition(",")[2].split()) >= 5


def test_a_page_that_comes_second_is_the_exception() -> None:
    """Only causes that no provider ever names may stand behind another one."""
    assert {cause for cause in Cause if page(cause).behind} == {Cause.CONDITION_UNMET, Cause.NOT_PROPAGATED}
