import pytest

from dlviz.ui.teaching import fill, told

FACTS = {"lr": 0.25, "steps": 12, "outcome": "cycles", "limit": None, "tiny": -1e-9, "met": True}


@pytest.mark.parametrize(
    ("template", "filled"),
    [
        ("η = «lr»", "η = 0.25"),
        ("«steps» steps, it «outcome»", "12 steps, it cycles"),
        ("2/λ = «limit»", "2/λ = –"),
        ("«tiny»", "−1.00e−9"),
        ("no facts {lr} here", "no facts {lr} here"),
        (r"\frac{1}{«lr»}", r"\frac{1}{0.25}"),
        ("is it? «met»", "is it? yes"),
        ("", ""),
    ],
)
def test_facts_are_filled_in_as_the_app_writes_numbers(template, filled):
    assert fill(template, FACTS) == filled


def test_braces_can_quote_facts_too():
    assert fill("2/λ = {lr}, «lr»", FACTS, "{}") == "2/λ = 0.25, «lr»"


def test_a_line_about_what_a_run_does_not_have_is_left_out():
    assert told(("η = «lr»", "2/λ = «limit»", "«lr» < «limit»", "plain"), FACTS) == [
        "η = 0.25", "plain",
    ]  # fmt: skip


def test_a_fact_that_nobody_states_is_a_mistake_of_ours():
    with pytest.raises(KeyError, match="unheard_of"):
        fill("«unheard_of»", FACTS)
