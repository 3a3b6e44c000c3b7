"""Own data: columns of a table become a Dataset or Features, and a Dataset becomes CSV.

Whatever is wrong with a table is said in one sentence, a ValueError, that names row and column.
"""

import csv
import io
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dlviz.checks import check_choice
from dlviz.dataset import SPAN, Array, Dataset
from dlviz.frozen import frozen
from dlviz.table import MAX_NAME, Table, number_of, one_line, read_table, shown

__all__ = ["MAX_CLASSES", "Features", "Table", "dataset_of", "features_of", "read_table", "to_csv"]

MAX_CLASSES = 10
LARGEST = 1e100  # squares of numbers up to here can be summed
FILL = 5.0  # how far the farthest point is put from an axis, as Playground's points are


def dataset_of(table: Table, x1: str, x2: str, label: str) -> Dataset:
    """Make a classification dataset of three columns.

    Columns that already lie in the window, about its center, keep their numbers; others are
    standardized and blown up until the farthest point is 5 from an axis. ``origin`` and ``unit``
    of the dataset lead back. Classes are in order of their names, or of size if they are numbers.

    Parameters
    ----------
    table : as read
    x1, x2 : columns of numbers, each with two different ones at least
    label : the column of the classes, 2 to 10; any text

    Raises
    ------
    ValueError
        One sentence on the first defect found, with its row and column.
    """
    for name, column in (("x1", x1), ("x2", x2), ("label", label)):
        check_choice(name, column, table.columns)
    if len({x1, x2, label}) < 3:
        raise ValueError(f"expected three different columns, got {x1}, {x2} and {label}")
    measured = np.column_stack([_numbers(table, x1), _numbers(table, x2)])
    labels = _labels(table, label)
    names = sorted(set(labels), key=_by_size)
    y = [names.index(each) for each in labels]
    x, origin, unit = _fitted(measured)
    axes = (x1, x2)
    return Dataset(
        x, np.array(y), classes=len(names), names=tuple(names), axes=axes, origin=origin, unit=unit
    )


@dataclass(frozen=True, eq=False)
class Features:
    """Points of many columns, as they were measured.

    Parameters
    ----------
    x : float64 (n, d), read-only, finite; no column is constant
    columns : d names
    y : int64 (n,), the class of each point; 0 where there are no classes
    names : of the classes, in order of their names; empty where there are none
    """

    x: Array
    columns: tuple[str, ...]
    y: NDArray[np.int64]
    names: tuple[str, ...]


def features_of(table: Table, label: str = "") -> Features:
    """Return all columns of numbers but the label's; columns of one number alone are left out.

    Parameters
    ----------
    label : the column of the classes, 2 to 10, any text; "" if there is none

    Raises
    ------
    ValueError
        One sentence on the first defect found, with its row and column.
    """
    if label:
        check_choice("label", label, table.columns)
    cells = {name: _finite(table, name) for name in table.numeric if name != label}
    kept = {name: column for name, column in cells.items() if np.ptp(column) >= 1 / LARGEST}
    if not kept:
        raise ValueError("expected a column of different numbers, got none")
    labels = _labels(table, label) if label else []
    names = tuple(sorted(set(labels), key=_by_size))
    y = [names.index(each) for each in labels] or np.zeros(len(table.rows))
    x = frozen(np.column_stack(list(kept.values())))
    return Features(x, tuple(kept), frozen(y, np.int64), names)


def to_csv(dataset: Dataset) -> str:
    """Write points as they were measured, and their class or target, with all digits.

    Read back, the measured points and the names of their classes are the same.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    last = "label" if dataset.task == "classification" else "target"
    while last in dataset.axes:
        last += "_"
    writer.writerow([*dataset.axes, last])
    ends = [dataset.names[i] for i in dataset.y] if dataset.names else dataset.y.tolist()
    for point, end in zip(dataset.measured.tolist(), ends, strict=True):
        writer.writerow([*point, end])
    return text.getvalue()


def _numbers(table: Table, column: str) -> Array:
    """Return the column (n,), or raise ValueError if it is none of different numbers."""
    array = _finite(table, column)
    if np.ptp(array) < 1 / LARGEST:
        raise ValueError(f"column {column}: expected different numbers, got only {array[0]:g}")
    return array


def _finite(table: Table, column: str) -> Array:
    """Return the column (n,), or raise ValueError for the first cell that is no number."""
    numbers = []
    for where, cell in table.cells(column):
        value = number_of(cell, table.decimal_comma)
        if value is None:
            raise ValueError(f"{where}: expected a number, got {shown(cell)}")
        if abs(value) > LARGEST:
            raise ValueError(f"{where}: expected at most {LARGEST:g} in size, got {cell}")
        numbers.append(value)
    return np.array(numbers)


def _labels(table: Table, column: str) -> list[str]:
    """Return the classes' names, row by row, or raise ValueError for what cannot be one."""
    labels: dict[str, None] = {}
    found = []
    for where, cell in table.cells(column):
        name = one_line(cell)
        if not 0 < len(name) <= MAX_NAME:
            wanted = f"the name of a class, of at most {MAX_NAME} characters"
            raise ValueError(f"{where}: expected {wanted}, got {shown(cell)}")
        labels[name] = None
        if len(labels) > MAX_CLASSES:
            raise ValueError(
                f"{where}: expected at most {MAX_CLASSES} classes, got another, {name}"
            )
        found.append(name)
    if len(labels) < 2:
        raise ValueError(f"column {column}: expected at least 2 classes, got only {found[0]}")
    return found


def _by_size(name: str) -> tuple[float, str]:
    """Sort key: numbers by size, then words by letter."""
    value = number_of(name, decimal_comma=True)
    return (np.inf if value is None else value, name)


def _fitted(points: Array) -> tuple[Array, tuple[float, float], tuple[float, float]]:
    """Return points (n, 2) moved into the window, and the origin and unit that lead back."""
    low, width = points.min(axis=0), np.ptp(points, axis=0)
    share = (points - low) / width  # 0 to 1, so that no square overflows or vanishes
    mean, spread = share.mean(axis=0), share.std(axis=0)
    center, sd = low + width * mean, width * spread
    centered = (np.abs(center) <= sd).all() and (sd >= 0.5).all()
    if centered and np.abs(points).max() <= SPAN:
        return points, (0.0, 0.0), (1.0, 1.0)
    standard = (share - mean) / spread
    factor = FILL / np.abs(standard).max()
    unit = sd / factor
    return standard * factor, (center[0].item(), center[1].item()), (unit[0].item(), unit[1].item())
