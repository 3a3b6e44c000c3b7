from dlviz.optimizers import OPTIMIZERS
from dlviz.update_formulas import UPDATE_FORMULAS


def test_every_update_rule_has_a_formula():
    assert list(UPDATE_FORMULAS) == list(OPTIMIZERS)
