import csv
import io
import re
import time

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from dlviz.datasets import DATASETS
from dlviz.table import Limits, read_table
from dlviz.tables import dataset_of, features_of, to_csv

FLOWERS = "height,width,kind\n1.0,10,rose\n2.5,20,lily\n3.0,60,rose\n"


def read(text, x1="height", x2="width", label="kind", encoding="utf-8"):
    return dataset_of(read_table(text.encode(encoding)), x1, x2, label)


def defect(text, **columns):
    with pytest.raises(ValueError) as error:
        read(text, **columns)
    return str(error.value)


# ---- what is read


def test_a_table_has_the_names_of_its_first_row_and_the_cells_of_the_others():
    table = read_table(FLOWERS.encode())
    assert table.columns == ("height", "width", "kind")
    assert table.rows[1] == ("2.5", "20", "lily")
    assert table.lines == (2, 3, 4)
    assert table.numeric == ("height", "width")


def test_a_file_whose_first_row_is_all_numbers_has_no_header():
    table = read_table(b"1,2,0\n3,4,1\n")
    assert table.columns == ("x1", "x2", "x3")
    assert table.lines == (1, 2)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
def test_encodings_are_told_apart(encoding):
    made = read(FLOWERS.replace("lily", "œillet" if "utf" in encoding else "bégonia"))
    again = read_table(FLOWERS.replace("kind", "espèce").encode(encoding))
    assert again.columns[2] == "espèce"
    assert made.names[1] == "rose" or made.names[0] == "rose"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_is_read_in_either_byte_order(encoding):
    table = read_table(("\ufeff" + FLOWERS).encode(encoding))
    assert table == read_table(FLOWERS.encode())


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_delimiters_and_line_ends_make_no_difference(delimiter, end):
    table = read_table(FLOWERS.replace(",", delimiter).replace("\n", end).encode())
    assert (table.columns, table.rows) == (("height", "width", "kind"), read_rows(FLOWERS))


def read_rows(text):
    return tuple(tuple(row) for row in list(csv.reader(io.StringIO(text)))[1:])


def test_a_decimal_comma_is_read_where_commas_do_not_cut():
    assert read("height;width;kind\n1,5;2;a\n-0,5;3;b\n").measured[:, 0] == pytest.approx(
        [1.5, -0.5]
    )
    assert read_table(b"1,5;2,5;0\n1;2;1\n").columns == ("x1", "x2", "x3")


def test_quoted_cells_may_hold_delimiters_quotes_and_breaks():
    made = read('"height","width","kind"\n1,2,"a, ""b""\nc"\n3, 4 , "d"\n')
    assert made.names == ('a, "b" c', "d")


def test_empty_rows_are_skipped_but_counted():
    text = "height,width,kind\n1,2,a\n\n,,\n3,x,b\n4,5,b\n5,6,b\n,,\n"
    assert defect(text) == "row 5, column width: expected a number, got 'x'"


def test_a_nameless_column_is_called_by_its_number():
    assert read_table(b",a,b\n0,1,2\n1,3,4\n").columns == ("column 1", "a", "b")


@pytest.mark.parametrize("formula", ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "=HYPERLINK(1)"])
def test_formulas_are_text(formula):
    made = read(f'height,width,kind\n1,2,"{formula}"\n3,4,b\n')
    assert formula in made.names
    sentence = defect(f'height,width,kind\n"{formula}",2,a\n3,4,b\n5,6,b\n')
    assert sentence == f"row 2, column height: expected a number, got {formula!r}"


# ---- the dataset


def test_columns_are_standardized_until_the_farthest_point_is_five_from_an_axis():
    made = read(FLOWERS)
    assert np.abs(made.x).max() == pytest.approx(5)
    np.testing.assert_allclose(made.x.mean(axis=0), 0, atol=1e-12)
    assert made.x[:, 0].std() == pytest.approx(made.x[:, 1].std())
    np.testing.assert_allclose(made.measured, [[1, 10], [2.5, 20], [3, 60]], rtol=1e-12)
    assert (made.axes, made.span) == (("height", "width"), 6.0)


def test_classes_are_in_order_of_their_names_or_of_size():
    assert read(FLOWERS).names == ("lily", "rose")
    assert read(FLOWERS).y.tolist() == [1, 0, 1]
    numbers = "a,b,c\n1,2,10\n2,3,9\n3,5,x\n"
    assert dataset_of(read_table(numbers.encode()), "a", "b", "c").names == ("9", "10", "x")


@pytest.mark.parametrize("name", ["circle", "xor", "spiral", "moons", "unit_circle", "rings"])
def test_points_that_lie_in_the_window_already_keep_their_numbers(name):
    made = DATASETS[name](200, 0.0, 0)
    again = dataset_of(read_table(to_csv(made).encode()), "x1", "x2", "label")
    np.testing.assert_array_equal(again.x, made.x)
    assert (again.origin, again.unit) == ((0.0, 0.0), (1.0, 1.0))
    assert [again.names[i] for i in again.y] == [made.names[i] for i in made.y]


@pytest.mark.parametrize("name", sorted(DATASETS))
def test_what_is_written_is_read_back(name):
    made = DATASETS[name](80, 0.4, 0)
    table = read_table(to_csv(made).encode())
    assert table.columns[:2] == made.axes
    if made.task == "regression":
        np.testing.assert_array_equal([float(row[2]) for row in table.rows], made.y)
        return
    again = dataset_of(table, *table.columns)
    np.testing.assert_allclose(again.measured, made.x, atol=1e-12)
    assert [again.names[i] for i in again.y] == [made.names[i] for i in made.y]


words = st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=12)
numbers = st.floats(-1e6, 1e6).map(lambda value: round(value, 3))


@given(st.lists(st.tuples(numbers, numbers, words), min_size=2, max_size=9))
@settings(deadline=None)
def test_own_data_written_and_read_again_are_the_same(rows):
    text = io.StringIO()
    csv.writer(text).writerows([("a", "b", "kind"), *rows])
    try:
        made = dataset_of(read_table(text.getvalue().encode()), "a", "b", "kind")
    except ValueError:
        return
    again = dataset_of(read_table(to_csv(made).encode()), "a", "b", "label")
    np.testing.assert_allclose(again.x, made.x, atol=1e-7)
    np.testing.assert_array_equal(again.y, made.y)
    assert again.names == made.names


def test_a_column_called_label_is_not_named_twice():
    made = dataset_of(read_table(b"label,b,c\n1,2,u\n3,5,v\n"), "label", "b", "c")
    assert to_csv(made).splitlines()[0] == "label,b,label_"


# ---- defects


HEAD = "height,width,kind\n"
CELL = "row 3, column width:"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "expected a table, got an empty file"),
        (" \n\n", "expected a table, got an empty file"),
        ("a,b\n1,2\n", "row 1: expected 3 to 100 columns, got 2"),
        ("\na,b,a\n1,2,3\n", "row 2: expected different names, got a 2 times"),
        (HEAD, "expected 2 to 5000 rows of data, got 0"),
        (HEAD + "1,2,a\n" * 5001, "expected 2 to 5000 rows of data, got 5001"),
        (HEAD + "1,2,a\n1,2\n", "row 3: expected 3 cells, got 2"),
        (HEAD + "1,2,a\n1,2,a,b\n", "row 3: expected 3 cells, got 4"),
        (HEAD + "u,2,a\nv,2,b\n",
         "expected at least two columns of numbers, got width; row 2, column height: 'u' is none"),
        (HEAD + "1,2,a\n1,,b\n4,5,b\n", f"{CELL} expected a number, got an empty cell"),
        (HEAD + "1,2,a\n2,nan,b\n3,4,b\n", f"{CELL} expected a number, got 'nan'"),
        (HEAD + "1,2,a\n2,-inf,b\n3,4,b\n", f"{CELL} expected a number, got '-inf'"),
        (HEAD + "1,2,a\n2,1e101,b\n", f"{CELL} expected at most 1e+100 in size, got 1e101"),
        (HEAD + "1,2,a\n2,1e999,b\n", f"{CELL} expected at most 1e+100 in size, got 1e999"),
        (HEAD + "5,2,a\n5,3,b\n", "column height: expected different numbers, got only 5"),
        (HEAD + "1,2,a\n3,4,a\n", "column kind: expected at least 2 classes, got only a"),
        (
            HEAD + "".join(f"{i},{i},k{i}\n" for i in range(30)),
            "row 12, column kind: expected at most 10 classes, got another, k10",
        ),
        (
            HEAD + "1,2,a\n3,4,\n",
            "row 3, column kind: expected the name of a class, of at most 60 characters,"
            " got an empty cell",
        ),
        (
            HEAD + '1,2,a\n3,4,"b\n5,6,c\n',
            "row 3: expected closed quotes around whole cells of at most 131072 characters",
        ),
        ("a\0b", "expected text in UTF-8, UTF-16 with its mark, or Latin-1, got a binary file"),
    ],
)  # fmt: skip
def test_a_defect_is_one_sentence_with_its_row_and_column(text, sentence):
    assert defect(text) == sentence


def test_a_long_or_broken_cell_is_quoted_in_short_and_on_one_line():
    sentence = defect(HEAD + f'1,2,a\n"x\n{"y" * 500}",3,b\n4,5,b\n')
    assert sentence == f"row 3, column height: expected a number, got 'x\\n{'y' * 38}…'"
    assert "column 2: expected a name of at most 60" in defect(f"a,{'b' * 61},c\n1,2,3\n1,2,3\n")


def test_files_that_are_too_large_or_broken_are_refused():
    with pytest.raises(ValueError, match=r"^expected a file of at most 1 MB, got 1\.00 MB$"):
        read_table(b"1" * 1_000_001)
    with pytest.raises(
        ValueError, match=r"^expected text in UTF-16, as its mark says, got broken characters$"
    ):
        read_table(b"\xff\xfea")


def test_columns_have_to_exist_and_to_differ():
    table = read_table(FLOWERS.encode())
    with pytest.raises(ValueError, match="expected x2 in height, width, kind, got 'depth'"):
        dataset_of(table, "height", "depth", "kind")
    with pytest.raises(ValueError, match="expected three different columns, got height, height"):
        dataset_of(table, "height", "height", "kind")


# ---- whatever comes

odd = ["", "1e308", "1e999", "nan", "inf", "=1+1", "+5", "@x", "a", "\0", '"', "1,5", "x" * 61]
cells = st.sampled_from(odd) | st.floats().map(str) | st.integers().map(str) | st.text(max_size=8)
encodings = st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "latin-1", "utf-16-le", "utf-32"])


def tried(data):
    """Read data and take each three columns side by side; return the sentences of refusal."""
    began = time.process_time()
    sentences = []
    try:
        table = read_table(data)
    except ValueError as error:
        sentences.append(str(error))
    else:
        for columns in zip(*(table.columns[i:] for i in range(3)), strict=False):
            try:
                made = dataset_of(table, *columns)
                assert np.isfinite(made.x).all() and np.abs(made.x).max() <= 6
                assert np.isfinite([*made.origin, *made.unit]).all() and min(made.unit) > 0
                assert 2 <= made.classes <= 10 and len(made.x) == len(table.rows)
            except ValueError as error:
                sentences.append(str(error))
    assert time.process_time() - began < 5
    for sentence in sentences:
        assert "expected" in sentence and not sentence.endswith(".")
        assert sentence.isprintable() and len(sentence) < 7000, sentence


@given(st.binary(max_size=300))
@settings(deadline=None)
@example(b"\xff\xfe\x00")
@example(b"\xef\xbb\xbf")
@example(b'"')
@example(b"\r")
def test_any_bytes_give_a_table_or_one_sentence(data):
    tried(data)


@given(st.text(max_size=300), encodings)
@settings(deadline=None)
def test_any_text_gives_a_table_or_one_sentence(text, encoding):
    tried(text.encode(encoding, "replace"))


@st.composite
def tables(draw):
    """Draw rows of two numbers and a class of which up to two cells were replaced, or cut off."""
    some = st.floats(-1e6, 1e6).map(str)
    row = st.tuples(some, some, st.sampled_from(["u", "v", "w"])).map(list)
    rows = [["a", "b", "c"], *draw(st.lists(row, min_size=2, max_size=15))]
    for _ in range(draw(st.integers(0, 2))):
        line, column = draw(st.integers(0, len(rows) - 1)), draw(st.integers(0, 3))
        rows[line][column : column + 1] = draw(st.lists(cells, max_size=2))
    return rows


@given(
    tables() | st.lists(st.lists(cells, max_size=5), max_size=8),
    st.sampled_from(",;\t"),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "latin-1"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
@settings(deadline=None, max_examples=400, suppress_health_check=[HealthCheck.too_slow])
def test_any_cells_give_a_dataset_or_one_sentence(rows, delimiter, encoding, quoting):
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, quoting=quoting).writerows(rows)
    tried(text.getvalue().encode(encoding, "replace"))


scaled = st.floats(-1e100, 1e100).flatmap(lambda v: st.sampled_from([v, v * 1e-200, 1e99 + v]))


@given(st.lists(st.tuples(scaled, scaled), min_size=2, max_size=20))
@settings(deadline=None)
def test_numbers_of_any_size_fit_the_window_or_are_refused_in_one_sentence(points):
    rows = [f"{a!r},{b!r},{'uv'[i % 2]}" for i, (a, b) in enumerate(points)]
    tried("\n".join(["a,b,c", *rows]).encode())


@pytest.mark.parametrize(
    "data",
    [
        b",".join(b"c%d" % i for i in range(10_000)) + b"\n" + b"1," * 9_999 + b"1\n",
        b"1" * 1_000_000,
        b"," * 1_000_000,
        b"\n" * 1_000_000,
        b'"' * 999_999,
        b'"a' * 500_000,
        b"a,b,c\n" + b"1" * 131_000 + b"x,2,3\n1,2,3\n",
        b"a,b,c\n" + (b"1" * 66_000 + b"x,2,u\n") * 14,
        b"a,b,c\n" + b"1.5,-2.5,u\n" * 5000,
        b",".join([b"1"] * 100) + b"\n" + (b",".join([b"12345678"] * 100) + b"\n") * 1000,
        b"\xff\xfe" + b"\n\x00" * 400_000,
    ],
    ids=lambda data: f"{data[:12]!r}...{len(data)}",
)
def test_the_largest_and_strangest_files_are_answered_quickly(data):
    tried(data)


# ---- many columns


def test_all_columns_of_numbers_but_the_class_are_features():
    table = read_table(b"a,b,kind,c,same\n1,2,u,3,7\n4,5,v,6,7\n7,9,u,1,7\n")
    made = features_of(table, "kind")
    assert made.columns == ("a", "b", "c")
    assert made.x.tolist() == [[1, 2, 3], [4, 5, 6], [7, 9, 1]]
    assert (made.y.tolist(), made.names) == ([0, 1, 0], ("u", "v"))
    plain = features_of(table)
    assert (plain.columns, plain.names, plain.y.tolist()) == (("a", "b", "c"), (), [0, 0, 0])
    assert features_of(table, "c").columns == ("a", "b")


@pytest.mark.parametrize(
    ("text", "label", "sentence"),
    [
        ("a,b,c\n1,1,1\n1,1,1\n", "", "expected a column of different numbers, got none"),
        ("a,b,c\n1,2,3\n4,x,6\n7,8,9\n", "", "row 3, column b: expected a number, got 'x'"),
        ("a,b,c\n1,2,u\n3,4,u\n", "c", "column c: expected at least 2 classes, got only u"),
        ("a,b,c\n1,2,u\n3,4,v\n", "d", "expected label in a, b, c, got 'd'"),
    ],
)
def test_what_no_features_can_be_made_of_is_said(text, label, sentence):
    with pytest.raises(ValueError, match=re.escape(sentence)):
        features_of(read_table(text.encode()), label)


def test_limits_are_those_of_whoever_reads():
    wide = ",".join(f"c{i}" for i in range(150)) + "\n" + ",".join("1" * 150) + "\n"
    wide += ",".join("2" * 150) + "\n"
    with pytest.raises(ValueError, match="row 1: expected 3 to 100 columns, got 150"):
        read_table(wide.encode())
    many = Limits(megabytes=4, columns=200, rows=2000, least=2)
    assert len(features_of(read_table(wide.encode(), many)).columns) == 150
    with pytest.raises(ValueError, match="expected 10 to 2000 rows of data, got 2"):
        read_table(wide.encode(), Limits(4, 200, 2000, 10))
    with pytest.raises(ValueError, match=r"expected a file of at most 4 MB, got 4\.00 MB"):
        read_table(b"1" * 4_000_001, many)


@given(
    st.binary(max_size=300) | st.text("0123456789.,;\n\"'-+eE abc", max_size=300).map(str.encode)
)
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_features_or_one_sentence(data):
    try:
        made = features_of(read_table(data, Limits(4, 200, 2000, 2)))
    except ValueError as refused:
        assert str(refused)
    else:
        assert np.isfinite(made.x).all()
        assert (np.ptp(made.x, axis=0) > 0).all()
