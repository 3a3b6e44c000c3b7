import csv
import io
import re
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from dlviz.datasets import DATASETS
from dlviz.table import one_line, read_table
from dlviz.ui import own_table
from dlviz.ui.own_table import LINKED, OwnTable, plain
from dlviz.ui.table_forms import PLANE, content_key, first_columns

IRIS = b"sepal,petal,width,species\n" + b"".join(
    b"%d.5,%d,%d,%s\n" % (i, i % 7, i % 5, [b"setosa", b"virginica", b"versicolor"][i % 3])
    for i in range(150)
)
WINE = b"alcohol,ash,cultivar\n12,2,A\n13,3,B\n14,2.5,A\n"
KEPT = "iris.csv stays in the picture: 150 points, 3 classes."


def page():
    import streamlit as st

    from dlviz.ui.own_table import OwnTable

    lab = OwnTable()
    lab.state = st.session_state
    if not st.toggle("Another page", key="away"):
        st.session_state["made"] = dataset = lab.table()
        if dataset:
            lab.data_csv(dataset, "mine")
    st.session_state["key"] = lab.table_key


def opened(**params):
    """Open a page that has nothing but the upload."""
    app = AppTest.from_function(page, default_timeout=30)
    app.query_params.update(params)
    return app.run()


def upload(app, data, name="iris.csv"):
    app.get("file_uploader")[0].set_value((name, data, "text/csv"))
    return app.run()


def made(app):
    return app.session_state["made"]


def read(element):
    """Return words as the page shows them: without backslashes and word joiners."""
    return re.sub(r"\\(.)", r"\1", element.value.replace("\u2060", ""))


def errors(app):
    assert not app.exception, [part.message for part in app.exception]
    return [read(error) for error in app.error]


def words(app):
    return [read(part) for kind in (app.caption, app.info) for part in kind]


# ---- what is read and kept


def test_a_good_file_is_in_the_picture_and_says_so():
    app = upload(opened(), IRIS)
    assert errors(app) == []
    assert words(app) == ["iris.csv is in the picture: 150 points, 3 classes."]
    assert made(app).axes == ("sepal", "petal")
    assert made(app).names == ("setosa", "versicolor", "virginica")
    np.testing.assert_allclose(made(app).measured[:, 0], np.arange(150) + 0.5, atol=1e-9)


def test_the_upload_takes_text_files_of_a_megabyte():
    uploader = opened().get("file_uploader")[0]
    assert uploader.label == "CSV file: two features and a class"
    assert uploader.proto.max_upload_size_mb == 1
    assert list(uploader.proto.type) == [".csv", ".txt", ".tsv"]


def test_columns_are_chosen_on_the_page():
    app = upload(opened(), IRIS)
    assert app.selectbox("table_x1").options == ["sepal", "petal", "width"]
    assert app.selectbox("table_label").options == ["sepal", "petal", "width", "species"]
    first = app.session_state["key"]
    app.selectbox("table_x2").set_value("width").run()
    app.selectbox("table_label").set_value("petal").run()
    assert (made(app).axes, made(app).classes) == (("sepal", "width"), 7)
    assert app.session_state["key"] != first
    assert errors(app) == []


def test_columns_that_make_no_dataset_leave_the_last_one_and_may_be_put_right():
    app = upload(opened(), IRIS)
    before = made(app)
    app.selectbox("table_x2").set_value("sepal").run()
    assert errors(app) == ["Expected three different columns, got sepal, sepal and species"]
    assert (made(app), words(app)) == (before, [KEPT])
    app.selectbox("table_x2").set_value("petal").run()
    assert (errors(app), made(app)) == ([], before)


def test_a_bad_file_after_a_good_one_loses_nothing():
    app = upload(opened(), IRIS)
    before, key = made(app), app.session_state["key"]
    upload(app, b"sepal,petal,species\n1,2,u\n3,x,v\n5,6,v\n", "bad.csv")
    assert errors(app) == ["Row 3, column petal: expected a number, got 'x'"]
    upload(app, b"", "empty.csv")
    assert errors(app) == ["Expected a table, got an empty file"]
    assert (made(app), app.session_state["key"], words(app)) == (before, key, [KEPT])
    app.selectbox("table_x1").set_value("width").run()  # of the file that stays
    assert made(app).axes == ("width", "petal")
    assert errors(app) == ["Expected a table, got an empty file"]


def test_a_file_that_needs_other_columns_leaves_the_last_one_until_they_are_chosen():
    app = upload(opened(), WINE, "wine.csv")
    before = made(app)
    upload(app, b"a,b,kind,name\n" + b"".join(b"%d,%d,k,n%d\n" % (i, i, i) for i in range(20)))
    assert errors(app) == ["Row 12, column name: expected at most 10 classes, got another, n10"]
    assert made(app) is before
    assert words(app) == ["wine.csv stays in the picture: 3 points, 2 classes."]
    app.selectbox("table_label").set_value("kind").run()
    assert errors(app) == ["Column kind: expected at least 2 classes, got only k"]
    app.get("file_uploader")[0].clear().run()
    assert (errors(app), made(app)) == ([], before)
    assert app.selectbox("table_label").value == "cultivar"


def test_a_new_good_file_replaces_the_last():
    app = upload(opened(), IRIS)
    upload(app, WINE, "wine.csv")
    assert words(app) == ["wine.csv is in the picture: 3 points, 2 classes."]
    assert (made(app).axes, errors(app)) == (("alcohol", "ash"), [])


def test_a_file_put_right_keeps_the_columns_that_were_chosen():
    app = upload(opened(), IRIS)
    app.selectbox("table_x1").set_value("width").run()
    upload(app, IRIS + b"1,2,3,setosa\n")
    assert (made(app).axes, len(made(app).x)) == (("width", "petal"), 151)


def test_a_file_taken_away_stays_in_the_picture_with_its_columns():
    app = upload(opened(), IRIS)
    app.selectbox("table_x1").set_value("width").run()
    before = made(app)
    app.get("file_uploader")[0].clear().run()
    assert (made(app), errors(app), words(app)) == (before, [], [KEPT])
    app.selectbox("table_x1").set_value("sepal").run()
    assert made(app).axes == ("sepal", "petal")


def test_another_page_and_back_keeps_table_and_columns():
    app = upload(opened(), IRIS)
    app.selectbox("table_x2").set_value("width").run()
    before, key = made(app), app.session_state["key"]
    app.toggle("away").set_value(True).run()
    assert (app.selectbox.len, app.session_state["key"]) == (0, key)
    app.toggle("away").set_value(False).run()
    app.get("file_uploader")[0].clear().run()  # a browser forgets its file on another page
    assert (made(app), words(app)) == (before, [KEPT])
    assert app.selectbox("table_x2").value == "width"


def test_the_dataset_is_the_same_object_while_its_content_is_the_same():
    app = upload(opened(), IRIS)
    before = made(app)
    assert made(app.run()) is before
    assert made(upload(app, IRIS)) is before
    assert made(upload(app, IRIS.replace(b"\n", b"\r\n"), "again.csv")) is before
    assert words(app)[0].startswith("again.csv is in the picture")


# ---- links


def test_a_link_to_a_table_asks_for_it_in_one_sentence():
    app = opened(dataset="table")
    assert (made(app), errors(app), words(app)) == (None, [], [LINKED])
    assert words(app.run()) == [LINKED]
    assert errors(upload(app, b"?")) == ["Row 1: expected 3 to 100 columns, got 1"]
    assert (made(app), words(app)) == (None, [])
    assert words(upload(app, IRIS)) == ["iris.csv is in the picture: 150 points, 3 classes."]


def test_a_table_that_no_link_asks_for_is_not_missed():
    app = opened()
    assert (made(app), errors(app), words(app)) == (None, [], [])
    assert app.session_state["key"] == ""
    app.query_params["dataset"] = "table"  # as the page writes it once it was chosen
    assert words(app.run()) == []


# ---- the first columns


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("a,b,c,kind\n1,2,3,u\n4,5,6,v\n", "a b kind"),
        ("kind,a,b,c\nu,1,2,3\nv,4,5,6\nu,7,8,9\n", "a b kind"),
        ("a,b,name,y\n" + "".join(f"{i},{i},n{i},{i % 2}\n" for i in range(12)), "a b y"),
        ("y,a,b\n" + "".join(f"{i % 3},{i},{i}\n" for i in range(12)), "a b y"),
        ("a,name,b\n" + "".join(f"{i},n{i},{i % 2}\n" for i in range(12)), "a b name"),
        ("a,b,c\n" + "".join(f"{i},{i},{i}\n" for i in range(12)), "a b c"),
        ("const,a,b,kind\nk,1,2,u\nk,3,4,v\n", "a b kind"),
        ("kind,a,b,const\nu,1,2,k\nv,3,4,k\n", "a b kind"),
        ("1,2,0\n3,4,1\n5,6,0\n7,8,1\n", "x1 x2 x3"),
    ],
)
def test_the_first_columns_are_two_of_numbers_and_one_of_classes(text, columns):
    assert " ".join(first_columns(read_table(text.encode()))) == columns


# ---- text that is not ours

# What Streamlit's front end looks for in a text after its backslashes are gone: links, e-mail,
# emoji and icons, arrows (remark-gfm, remark-emoji and StreamlitMarkdown of 1.67).
SECOND_LOOK = re.compile(
    r"https?://|www(?=\.)[-.\w]|[-.\w+]@[-\w]|:[\w+-]+:"
    r"|(^|\s)(<->|->|<-|--|>=|<=|~=)(\s|$)",
    re.IGNORECASE,
)
HOSTILE = [
    ":red[x]", ":smile:", ":material/home:", ":material_home:", ":streamlit:", "$x^2$", "<b>x</b>",
    "&lt;", "https://evil.example/x", "www.evil.example", "me@evil.example", "->", "a <-> b", ">=",
    "# h", "- item", "1. one", "> q", "```", "`c`", "**b**", "~~s~~", "[a](http://x.yz)", "![a](b)",
    "[^1]", "| a |", "===", "\\", "\\\\", "\n\n", "    code", "\u202e", "\u2060", "\0", "x", " ",
]  # fmt: skip


@given(st.lists(st.sampled_from(HOSTILE) | st.text(max_size=5), max_size=8).map("".join))
@settings(max_examples=500, deadline=None)
def test_anybodys_text_is_shown_letter_by_letter(text):
    escaped = plain(text)
    assert "\n" not in escaped and escaped == escaped.strip()
    assert ":material/" not in escaped  # which it looks for before all
    bare = re.sub(r"\\[!-/:-@\[-`{-~]", "", escaped)
    assert not re.search(r"[!-/:-@\[-`{-~]", bare)  # no mark that has no backslash
    seen = re.sub(r"\\(.)", r"\1", escaped)
    assert not SECOND_LOOK.search(seen)
    assert seen.replace("\u2060", "") == one_line(text)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_names_and_cells_are_quoted_and_not_obeyed(hostile):
    name = f"a{hostile}b.csv".replace("\0", "")
    rows = [["x", "y", f"k{hostile}"], ["1", "2", f"u{hostile}"], ["3", "4", "v"]]
    app = upload(opened(), written(rows), name)
    assert errors(app) == []
    assert words(app) == [f"{one_line(name)} is in the picture: 2 points, 2 classes."]
    assert not SECOND_LOOK.search(app.caption[0].value.replace("\\", ""))
    rows = [["x", f"y{hostile}", "k"], "12u", "34u", ["5", f"n{hostile}", "v"]]
    upload(app, written(rows))
    (error,) = errors(app)
    assert error.startswith(f"Row 4, column {one_line('y' + hostile)}: expected a number, got 'n")
    assert not SECOND_LOOK.search(app.error[0].value.replace("\\", ""))


def written(rows):
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows(
        [cell.replace("\0", " ") for cell in row] for row in rows
    )
    return text.getvalue().encode()


def test_long_names_of_files_are_cut():
    app = upload(opened(), IRIS, "x" * 500 + ".csv")
    assert words(app) == ["x" * 59 + "… is in the picture: 150 points, 3 classes."]


# ---- whatever comes

HEAD = "a,b,kind\n"


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b",".join(b"c%d" % i for i in range(10_000)),
         "Row 1: expected 3 to 100 columns, got 10000"),
        ((HEAD + "1,2,u\n3,4,u\n").encode(),
         "Column kind: expected at least 2 classes, got only u"),
        ((HEAD + "1,2,u\n3,1e999,v\n").encode(),
         "Row 3, column b: expected at most 1e+100 in size, got 1e999"),
        ((HEAD + '1,2,u\n"=cmd|\' /C calc\'!A0",3,v\n5,6,u\n').encode(),
         'Row 3, column a: expected a number, got "=cmd|\' /C calc\'!A0"'),
        ((HEAD + "1,2,u\n3,,v\n4,5,v\n").encode(),
         "Row 3, column b: expected a number, got an empty cell"),
        (b"\xff\xfea", "Expected text in UTF-16, as its mark says, got broken characters"),
        (b"\x89PNG\r\n\0",
         "Expected text in UTF-8, UTF-16 with its mark, or Latin-1, got a binary file"),
        (b"1" * 1_000_001, "Expected a file of at most 1 MB, got 1.00 MB"),
        (b"", "Expected a table, got an empty file"),
    ],
)  # fmt: skip
def test_every_defect_is_one_sentence(data, sentence):
    app = upload(opened(), data)
    assert (errors(app), made(app), words(app)) == ([sentence], None, [])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
def test_encodings_are_read(encoding):
    app = upload(opened(), "Größe,b,espèce\n1,2,bégonia\n3,4,lis\n".encode(encoding))
    assert errors(app) == []
    assert (made(app).axes, made(app).names) == (("Größe", "b"), ("bégonia", "lis"))


ODD = ["", "1e308", "1e999", "nan", "=1+1", "@x", "a", '"', "1,5", "x" * 61, ":red[x]"]
cells = st.sampled_from([*ODD, "u", "v"]) | st.integers(-9, 9).map(str) | st.text(max_size=4)
good_lines = st.sampled_from(["1,2,u", "3,4,v", "5,6,u", "7,x,v"])
lines = good_lines | st.lists(cells, min_size=3, max_size=4).map(",".join)
tables = st.lists(lines, min_size=1, max_size=6).map(lambda made: "\n".join(["a,b,c", *made]))
encodings = st.sampled_from(["utf-8", "utf-16", "latin-1", "utf-32"])
texts = st.tuples(tables | st.text(max_size=200), encodings)
files = st.binary(max_size=200) | texts.map(lambda made: made[0].encode(made[1], "replace"))
names = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=80)


@given(st.booleans(), files, names)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@example(True, b"\xff\xfe\x00", "")
@example(False, b"a,b,c\n1,2,u\n3,4,v\n", ":red[")
def test_any_file_gives_a_dataset_or_one_error_and_takes_nothing_away(kept, data, name):
    app = upload(opened(), IRIS) if kept else opened()
    before = made(app)
    upload(app, data, name + ".csv")
    sentences = errors(app)
    if sentences:
        (sentence,) = sentences
        assert "xpected" in sentence and sentence.isprintable()
        assert (made(app), words(app)) == (before, [KEPT] if kept else [])
    else:
        assert made(app) is not None and made(app) is not before
        assert np.abs(made(app).x).max() <= 6
        assert " is in the picture: " in words(app)[0]


# ---- keys and downloads


def key_of(dataset):
    return content_key(dataset, PLANE.words(dataset))


@pytest.mark.parametrize("change", [
    {"names": ("u", "v", "w")}, {"axes": ("p", "q")}, {"origin": (1.0, 0.0)}, {"unit": (2.0, 1.0)},
])  # fmt: skip
def test_the_key_stands_for_everything_that_a_picture_shows(change):
    app = upload(opened(), IRIS)
    key = app.session_state["key"]
    assert re.fullmatch(r"[0-9a-f]{16}", key)
    assert key == key_of(made(app)) == key_of(replace(made(app)))
    assert key != key_of(replace(made(app), **change))
    assert key != key_of(made(app).take(np.arange(149)))


def test_the_download_is_on_the_page():
    app = upload(opened(), IRIS)
    assert errors(app) == []
    assert [button.label for button in app.download_button] == ["Download the data (CSV)"]


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("circle", "circle.csv"),
        ("iris.csv", "iris.csv"),
        ("../a b/<c>", "a_b_c.csv"),
        ("…", "data.csv"),
    ],
)
def test_the_data_can_be_downloaded_and_uploaded_again(monkeypatch, name, file):
    buttons = []
    fake = SimpleNamespace(download_button=lambda *args, **options: buttons.append(args))
    moons = DATASETS["moons"](60, 0.1, 0)
    with monkeypatch.context() as patched:
        patched.setattr(own_table, "st", fake)
        OwnTable().data_csv(moons, name)
    ((label, data, called, kind),) = buttons
    assert (label, called, kind) == ("Download the data (CSV)", file, "text/csv")
    app = upload(opened(), data().encode())
    np.testing.assert_array_equal(made(app).x, moons.x)
    np.testing.assert_array_equal(made(app).y, moons.y)


# ---- many columns

MANY_COLUMNS = b"a,b,c,kind\n" + b"".join(
    b"%d,%d,%d.5,%s\n" % (i, i * i % 7, i % 5, [b"u", b"v"][i % 2]) for i in range(40)
)


def many_page():
    import streamlit as st

    from dlviz.ui.own_table import OwnTable

    lab = OwnTable()
    lab.state = st.session_state
    other = st.toggle("The page of two features", key="other")
    st.session_state["made"] = lab.table() if other else lab.features()
    st.session_state["key"] = lab.table_key


def test_all_columns_are_features_and_the_class_can_be_chosen():
    app = upload(AppTest.from_function(many_page, default_timeout=30).run(), MANY_COLUMNS, "m.csv")
    assert words(app) == ["m.csv is in the picture: 40 points, 3 columns."]
    assert app.selectbox("table_class").value == "kind"
    assert made(app).x.shape == (40, 3)
    key = app.session_state["key"]
    app.selectbox("table_class").set_value("").run()
    assert made(app).names == ()
    assert app.session_state["key"] not in ("", key)
    upload(app, MANY_COLUMNS.replace(b"3,2,3.5,v", b"3,?,3.5,v"), "m.csv")
    assert errors(app) == ["Row 5, column b: expected a number, got '?'"]
    assert words(app) == ["m.csv stays in the picture: 40 points, 3 columns."]
    upload(app, b"a,b,c\n1,2,3\n", "short.csv")
    assert errors(app) == ["Expected 10 to 2000 rows of data, got 1"]


def test_a_table_of_one_kind_is_none_of_the_other():
    app = upload(AppTest.from_function(many_page, default_timeout=30).run(), MANY_COLUMNS, "m.csv")
    assert made(app).columns == ("a", "b", "c")
    app.toggle("other").set_value(True).run()
    assert made(app) is None or made(app).x.shape[1] == 2
