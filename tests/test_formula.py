import builtins
import re

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from dlviz.expressions import FUNCTIONS
from dlviz.formula import formula_surface, parse
from dlviz.grammar import LONGEST
from dlviz.stationary import MOST, lowest_points, stationary_points
from dlviz.surfaces import SURFACES


def plane(text):
    """Return a formula's surface, and points (N, 2) or (N, 1) at which its terms are defined."""
    surface = formula_surface(text)
    points = np.random.default_rng(0).uniform(0.2, 2.5, (40, surface.dim))
    return surface, points


def differentiate(loss, points):
    """Return value (N,), gradient (N, D) and Hessian (N, D, D) by torch's autograd."""
    axes = [torch.tensor(axis, requires_grad=True) for axis in points.T.copy()]
    value = loss(*axes) + 0 * sum(axes)
    slopes = torch.autograd.grad(value.sum(), axes, create_graph=True)
    rows = [
        torch.autograd.grad(slope.sum() + 0 * sum(axes).sum(), axes, retain_graph=True)
        for slope in slopes
    ]
    numbers = [torch.stack(slopes, -1), torch.stack([torch.stack(row, -1) for row in rows], -2)]
    return value.detach().numpy(), *(part.detach().numpy() for part in numbers)


def assert_same(ours, theirs):
    np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-9 * (1 + np.abs(theirs).max()))


def assert_differentiated_as(loss, surface, points):
    value, gradient, hessian = differentiate(loss, points)
    assert_same(surface.value(points), value)
    assert_same(surface.gradient(points), gradient)
    assert_same(surface.hessian(points), hessian)


def refusal(text):
    with pytest.raises(ValueError) as caught:
        formula_surface(text)
    return str(caught.value)


# Meaning


FORMULAS = {
    "x**2 + 3*y**2": lambda x, y: x**2 + 3 * y**2,
    "x^2+3y^2": lambda x, y: x**2 + 3 * y**2,
    "−x·y × 2 ÷ 3": lambda x, y: -x * y * 2 / 3,
    "x² − y³": lambda x, y: x**2 - y**3,
    "2x": lambda x: 2 * x,
    "3(x+1)": lambda x: 3 * (x + 1),
    "x y": lambda x, y: x * y,
    "xy - yx + xxy": lambda x, y: x**2 * y,
    "x(x+1)(x+2)": lambda x: x * (x + 1) * (x + 2),
    "1/2x": lambda x: x / 2,
    "x - 2 - 3": lambda x: (x - 2) - 3,
    "x - (2 - 3)": lambda x: x + 1,
    "8/x/2": lambda x: 4 / x,
    "8/(x/2)": lambda x: 16 / x,
    "-x^2": lambda x: -(x**2),
    "(-x)^2": lambda x: x**2,
    "2^-x": lambda x: 2**-x,
    "x^x^0.5": lambda x: x ** (x**0.5),
    "(x^x)^0.5": lambda x: (x**x) ** 0.5,
    "x^y": lambda x, y: x**y,
    "(1+x^2)^(y-x)": lambda x, y: (1 + x**2) ** (y - x),
    "x^0 + y^1": lambda x, y: 1 + y,
    "x^-2 + x^7 - x^3 + x^4": lambda x: x**-2.0 + x**7 - x**3 + x**4,
    "x^(1+1)": lambda x: x**2,
    "x^2.5": lambda x: x**2.5,
    "x/(1+y^2)": lambda x, y: x / (1 + y**2),
    "1/(x*y)": lambda x, y: 1 / (x * y),
    "pi x + e y + π": lambda x, y: np.pi * x + np.e * y + np.pi,
    "e^x": lambda x: torch.exp(x),
    "2e1x": lambda x: 20 * x,
    ".5x + 5.": lambda x: x / 2 + 5,
    "sin(x)*cos(y) + tan(x/3)": lambda x, y: torch.sin(x) * torch.cos(y) + torch.tan(x / 3),
    "exp(-x y)": lambda x, y: torch.exp(-x * y),
    "ln(x) + log(y)^2": lambda x, y: torch.log(x) + torch.log(y) ** 2,
    "sqrt(x^2 + y^2)": lambda x, y: torch.sqrt(x**2 + y**2),
    "abs(x - y)*y": lambda x, y: torch.abs(x - y) * y,
    "tanh(x^2 - y)": lambda x, y: torch.tanh(x**2 - y),
    "sigmoid(3x - y)^2": lambda x, y: torch.sigmoid(3 * x - y) ** 2,
    "relu(x - y)^2": lambda x, y: torch.relu(x - y) ** 2,
    "atan(x y)": lambda x, y: torch.atan(x * y),
    "sinh(x) - cosh(x - y)": lambda x, y: torch.sinh(x) - torch.cosh(x - y),
    "x^2 sin(pi x)/(1 + ln(x))": lambda x: x**2 * torch.sin(np.pi * x) / (1 + torch.log(x)),
    "y": lambda x, y: y,
    "--x + +x": lambda x: 2 * x,
}


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_means_what_it_says_and_is_differentiated_as_by_autograd(text):
    surface, points = plane(text)
    assert_differentiated_as(FORMULAS[text], surface, points)


@pytest.mark.parametrize("text", FORMULAS)
def test_the_source_line_run_by_torch_gives_the_same_values(text):
    surface, points = plane(text)
    axes = dict(zip("xy", torch.tensor(points).unbind(-1), strict=False))
    assert_same(surface.value(points), eval(surface.source, {"torch": torch, **axes}).numpy())


@pytest.mark.parametrize(
    ("short", "expanded"),
    [
        ("(x + y)^2", "x^2 + 2 x y + y^2"),
        ("(x - 1)^3", "x^3 - 3x^2 + 3x - 1"),
        ("sin(x)^2 + cos(x)^2 + y", "1 + y"),
        ("sinh(x)", "(e^x - e^-x)/2"),
        ("tanh(x)", "2 sigmoid(2x) - 1"),
        ("ln(x y)", "ln(x) + ln(y)"),
        ("x^-1", "1/x"),
        ("abs(x)", "relu(x) + relu(-x)"),
        ("x^0.5", "sqrt(x)"),
        ("x^(y + 1)", "x^y x"),
    ],
)
def test_formulas_that_are_equal_have_equal_derivatives(short, expanded):
    one, other = formula_surface(short), formula_surface(expanded)
    points = np.random.default_rng(1).uniform(0.2, 2.5, (30, one.dim))
    assert_same(one.value(points), other.value(points))
    assert_same(one.gradient(points), other.gradient(points))
    assert_same(one.hessian(points), other.hessian(points))


@pytest.mark.parametrize("name", ["rosenbrock", "himmelblau", "beale", "monkey_saddle", "j2"])
def test_a_surface_of_ours_typed_as_a_formula_is_the_same_surface(name):
    ours = SURFACES[name]
    typed = formula_surface(ours.source.replace("torch.", ""))
    points = np.random.default_rng(2).uniform(0.5, 2, (30, ours.dim))
    assert_same(typed.value(points), ours.value(points))
    assert_same(typed.gradient(points), ours.gradient(points))
    assert_same(typed.hessian(points), ours.hessian(points))


def test_whole_powers_are_right_at_zero_and_below():
    points = np.array([[-2.0], [0.0]])
    for n, values, slopes, bends in [
        (0, [1, 1], [0, 0], [0, 0]),
        (1, [-2, 0], [1, 1], [0, 0]),
        (2, [4, 0], [-4, 0], [2, 2]),
        (3, [-8, 0], [12, 0], [-12, 0]),
        (5, [-32, 0], [80, 0], [-160, 0]),
        (6, [64, 0], [-192, 0], [480, 0]),
    ]:
        surface = formula_surface(f"x^{n}")
        assert surface.value(points).tolist() == values
        assert surface.gradient(points).ravel().tolist() == slopes
        assert surface.hessian(points).ravel().tolist() == bends


def test_a_coordinate_that_does_not_matter_has_slope_zero_even_beside_an_infinite_one():
    gradient = formula_surface("sqrt(x) + y").gradient([0.0, 0.0])
    assert gradient.tolist() == [np.inf, 1.0]


def test_a_formula_is_undefined_where_it_is_not_a_number():
    surface = formula_surface("log(x)")
    assert surface.inside([[2.0], [-1.0]]).tolist() == [True, False]


def test_a_formula_without_y_is_a_curve_and_one_with_y_a_plane():
    assert parse("x^2").dim == formula_surface("x^2").dim == 1
    assert parse("x y").dim == formula_surface("y").dim == 2


def test_points_may_have_any_leading_axes_or_none():
    surface = formula_surface("x^2 y")
    points = np.arange(24.0).reshape(3, 4, 2)
    assert surface.value(points).shape == (3, 4)
    assert surface.gradient(points).shape == (3, 4, 2)
    assert surface.hessian(points).shape == (3, 4, 2, 2)
    assert surface.gradient([3.0, 2.0]).tolist() == [12.0, 9.0]
    assert formula_surface("x^0 + 0*x").value([3.0]).shape == ()


def test_diverging_points_give_no_warning():
    surface = formula_surface("x^4 + exp(y) - x/y")
    points = np.array([[1e200, 1e200], [np.inf, -np.inf], [np.nan, 0.0], [0.0, 0.0]])
    surface.value(points), surface.gradient(points), surface.hessian(points)


# The surface


@pytest.mark.parametrize(
    ("text", "minima"),
    [
        ("(x-1)^2 + 5(y+2)^2", [(1, -2)]),
        ("x^4 - 2x^2", [(-1,), (1,)]),
        ("x^4", [(0,)]),
        ("x^4 + y^2", [(0, 0)]),
        ("x^2 - y^2", []),
        ("2x", []),
        ("x^3", []),
        ("(x + 0.37y)^2", []),
        ("(x^2 + y^2 - 4)^2", []),
        ("(y - x^2)(y - 3x^2)", []),
        ("x^2 y^2", []),
        ("0*x*y", []),
        ("relu(x)", []),
    ],
)
def test_the_minima_of_a_formula_are_found(text, minima):
    surface = formula_surface(text)
    found = surface.minima[np.argsort(surface.minima[:, 0])]
    np.testing.assert_allclose(found, np.reshape(minima, (-1, surface.dim)), atol=1e-7)
    assert not surface.minima.flags.writeable


def test_a_surface_with_countless_stationary_points_lists_the_lowest():
    found = stationary_points(formula_surface("sin(20x) sin(20y)"))
    assert len(found.points) == len(found.kinds) == MOST
    assert set(found.kinds) == {"minimum"}


@pytest.mark.parametrize("text", ["log(x)", "x^1.5 + y^2", "sqrt(x - 2.4)", "ln(x) ln(y)", "x^2"])
def test_the_start_is_a_place_where_loss_and_slope_are_finite(text):
    surface = formula_surface(text)
    assert np.isfinite(surface.value(surface.start))
    assert np.isfinite(surface.gradient(surface.start)).all()
    assert surface.inside(surface.start)


def test_the_formula_is_written_in_latex():
    assert formula_surface("1/2 x^2 + 3*2 y").formula == r"\frac{1}{2}\,x^{2} + 3 \cdot 2\,y"
    assert formula_surface("(x - (y - 1))^2").formula == (
        r"\left(x - \left(y - 1\right)\right)^{2}"
    )
    assert formula_surface("-sqrt(x^2) ln(2e20)").formula == (
        r"-\sqrt{x^{2}}\,\ln\left(2 \cdot 10^{20}\right)"
    )
    assert formula_surface("abs(pi x)").formula == r"\left|\pi\,x\right|"


# Refusals


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("x + y;", "expected a number, x, y or a function at character 6, got ';'"),
        ("x +", "expected a number, x, y or a function at character 4, got the end"),
        ("x.real", "expected a number, x, y or a function at character 2, got '.'"),
        ("foo(x)", "expected a number, x, y or a function at character 1, got 'foo'"),
        ("x^^2", "expected a number, x, y or a function at character 3, got '^'"),
        ("sin x", "expected ( after sin at character 5, got 'x'"),
        ("(x", "expected an operator or ) at character 3, got the end"),
        ("x)", "expected an operator or the end at character 2, got ')'"),
        ("x 2", "expected an operator or the end at character 3, got '2'"),
        ("z" * 90, f"expected a number, x, y or a function at character 1, got '{'z' * 20}…'"),
        ("", "expected a formula in x and y, got nothing"),
        (" \n", "expected a formula in x and y, got nothing"),
        ("3 + pi", "expected x or y somewhere in the formula, got only constants"),
        ("9^9^9^9^9", "expected x or y somewhere in the formula, got only constants"),
        ("x" * 10**6, "expected at most 200 characters, got 1000000"),
        ("(" * 60 + "x", "expected at most 30 levels, got more at character 31"),
        ("-" * 60 + "x", "expected at most 30 levels, got more at character 31"),
        ("x" + "^x" * 60, "expected at most 30 levels, got more at character 61"),
        ("x\0", r"expected a number, x, y or a function at character 2, got '\x00'"),
        ("٣x", "expected a number, x, y or a function at character 1, got '٣'"),
    ],
)
def test_a_refusal_names_the_place(text, sentence):
    assert refusal(text) == sentence


@pytest.mark.parametrize(
    "text", ["sqrt(-1 - x^2)", "9^9^9^9 x", "log(x - 4)", "1/(0*x)", "1e999 x"]
)
def test_a_formula_that_is_finite_nowhere_is_refused(text):
    assert refusal(text) == (
        "expected a formula that is finite somewhere between -3 and 3, got none"
    )


def test_exponent_towers_and_huge_numbers_are_worked_out_in_floating_point():
    for text in (
        "x + 1/9^9^9^9^9",
        "x - 1/-9^9^9^9",
        "x + 0*2^999",
        "x/" + "9" * 190,
        "x + 9^-9^9^9",
    ):
        surface = formula_surface(text)
        assert np.isfinite(surface.value([1.0]))
        x = torch.tensor(1.0, dtype=torch.float64)
        assert eval(surface.source, {"torch": torch, "x": x}).item() == surface.value([1.0])


def test_a_formula_of_the_greatest_length_and_depth_is_read():
    assert parse("+x" * (LONGEST // 2)).value((np.array(1.0),)) == LONGEST // 2
    assert parse("(" * 29 + "x" + ")" * 29).value((np.array(2.0),)) == 2
    formula_surface("sin(" * 29 + "x" + ")" * 29)


HOSTILE = [
    "__import__('os').system('true')",
    "x.__class__.__mro__[1].__subclasses__()",
    "lambda: x",
    "(lambda x: x)(x)",
    "exec('x')",
    "eval(x)",
    "open('/etc/passwd')",
    "[x for x in y]",
    "{x: y}",
    "x if y else x",
    "x := 3",
    "x = 3",
    "x == y",
    "x or y",
    "f'{x}'",
    "'x'",
    '"x"',
    "`x`",
    "x; y",
    "x # y",
    "x\\y",
    "x,y",
    "sin(x, y)",
    "*x",
    "x**",
    "x//y",
    "x % y",
    "x @ y",
    "x & y",
    "~x",
    "1_000x",
    "0x10 x",
    "1jx",
    "nan x",
    "inf x",
    "torch.sin(x)",
    "np.sin(x)",
    "ｘ",
    "𝑥",
    "x\u202ey",
    "\ud800",
    "x\u0301",
    "％s",
    "%s%n x",
    "$x$",
    r"\frac{x}{y}",
    "<script>x</script>",
    "' OR 1=1 --",
    "()",
    "x()",
    "sin()",
    "sin",
    ")x(",
    "x^",
    "^x",
    "/x",
    "..x",
    "1.2.3x",
    "²",
    "x y z",
]


def assert_one_sentence(message):
    """Assert that the sentence is one, short, in one line, and says what was expected and got."""
    assert re.fullmatch(r"expected [^\n]+, got [^\n]+", message)
    assert len(message) < 150


@pytest.mark.parametrize("text", HOSTILE)
def test_what_is_not_a_formula_gets_one_sentence(text):
    assert_one_sentence(refusal(text))


PIECES = [
    *HOSTILE,
    *"xy+-*/^().,;_ \0\n[]{}'\"\\@#%&|<>=!?~`$:",
    *("sin", "log", "9^9^9^9", "**", "((((((", "))))", "1e308", "9" * 50, "__class__", "²", "π"),
]
hostile_texts = st.one_of(
    st.lists(st.sampled_from(PIECES), max_size=30).map("".join),
    st.text(max_size=300),
    st.tuples(st.sampled_from(PIECES), st.integers(1, 10**6)).map(lambda t: t[0] * (t[1] // 10)),
)


def refuse_to_run(*_args, **_kwargs):
    raise AssertionError("something of the text was executed")


def test_a_thousand_hostile_strings_execute_nothing_and_get_one_sentence_each(monkeypatch):
    texts, sentences = [], []

    @settings(max_examples=1000, deadline=None, database=None, derandomize=True)
    @given(hostile_texts)
    def gather(text):
        texts.append(text)

    gather()
    with monkeypatch.context() as guard:
        for name in ("eval", "exec", "compile", "open", "__import__"):
            guard.setattr(builtins, name, refuse_to_run)
        for text in texts:
            try:
                parse(text)
            except ValueError as error:
                sentences.append(str(error))

    assert len(texts) >= 1000
    assert len(sentences) >= 0.9 * len(texts)  # a few are formulas by chance
    for sentence in sentences:
        assert_one_sentence(sentence)


numbers = st.sampled_from(["2", "0.5", "3", "pi", "1e3", "0", "9^9^9^9"])
formulas = st.recursive(
    st.sampled_from(["x", "y"]) | numbers,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from([*"+-*/^"]), inner).map(lambda t: f"({''.join(t)})"),
        st.tuples(
            st.sampled_from(sorted(FUNCTIONS)),
            inner,
        ).map(lambda t: f"{t[0]}({t[1]})"),
        inner.map("-{}".format),
    ),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(formulas)
def test_any_formula_becomes_a_sound_surface_or_one_sentence(text):
    try:
        surface = formula_surface(text)
    except ValueError as error:
        assert_one_sentence(str(error))
        return
    assert np.isfinite(surface.value(surface.start))
    assert surface.minima.shape[1:] == (surface.dim,)
    assert np.isfinite(surface.minima).all()
    assert (surface.minima == lowest_points(surface)).all()


# Not random: at sin(exp(exp(exp(x)))) two right answers may differ, and that is no news.
@settings(max_examples=150, deadline=None, derandomize=True)
@given(formulas, st.floats(0.3, 2), st.floats(0.3, 2))
def test_any_formula_is_written_for_torch_with_the_same_value(text, x, y):
    try:
        surface = formula_surface(text)
    except ValueError:
        return
    point = torch.tensor([x, y], dtype=torch.float64)
    theirs = eval(surface.source, {"torch": torch, "x": point[0], "y": point[1]})
    ours = surface.value([x, y][: surface.dim])
    # Overflow and undefined powers apart, and up to cancellation inside the formula.
    if np.isfinite(ours) and torch.isfinite(torch.as_tensor(theirs)):
        np.testing.assert_allclose(ours, theirs, rtol=1e-6, atol=1e-6)
