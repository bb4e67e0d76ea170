"""A folder of tables with their splits, and what scikit-learn and XGBoost need of them.

MANIFEST.csv has a row for each table: name, file, task (class or regression), target, delimiter,
decimal, na_values and ignore (the last two separated by "|"). splits/NAME.csv has a line for each
row of the table and a column for each split: 0 training, 2 test, -1 neither.
"""
import csv
import dataclasses
import pathlib

import numpy as np
import pandas as pd
import snug

COLUMNS = ("name", "file", "task", "target", "delimiter", "decimal", "na_values", "ignore")
TRAINING, TEST = "0", "2"
MARKERS = {"", "?", "NA", "N/A", "NaN", "nan"}


def names(cell):
    """The names in a cell of the manifest, as they are in the table: blanks belong to them."""
    return [name for name in cell.split("|") if name]


@dataclasses.dataclass
class Table:
    """One table: where it is, what is to be predicted, and its lines of text."""

    name: str
    task: str
    target: str
    delimiter: str
    decimal: str
    ignore: list
    missing: list
    header: bytes
    lines: list
    splits: list

    @property
    def is_class(self):
        return self.task == "class"

    def rows(self, split, part):
        """The numbers of the rows of a part of a split."""
        return [i for i, parts in enumerate(self.splits) if parts[split] == part]

    def write(self, split, part, path):
        """Writes the rows of a part, byte for byte as they are in the table."""
        lines = [self.header] + [self.lines[i] for i in self.rows(split, part)]
        path.write_bytes(b"\n".join(lines) + b"\n")


def records(content):
    """The lines of a file; a line break inside quotes does not end one."""
    lines, quoted = [], False
    for line in content.split(b"\n"):
        line = line.rstrip(b"\r") if not quoted else line
        if quoted:
            lines[-1] += b"\n" + line
        else:
            lines.append(line)
        quoted ^= line.count(b'"') % 2 == 1
    return lines[:-1] if lines and lines[-1] == b"" else lines


def read_tables(folder):
    """Every table of a folder's manifest."""
    folder = pathlib.Path(folder)
    tables = []
    for row in snug.read_manifest(folder, COLUMNS):
        lines = records((folder / row["file"]).read_bytes())
        with open(folder / "splits" / f"{row['name']}.csv", newline="", encoding="utf-8") as file:
            splits = list(csv.reader(file))[1:]
        tables.append(Table(row["name"], row["task"], row["target"], row["delimiter"],
                            row["decimal"] or ".", names(row["ignore"]), names(row["na_values"]),
                            lines[0], lines[1:], splits))
    return tables


# ---- arrays for scikit-learn and XGBoost ----


def read_frame(path, table):
    """A part as strings, without the columns that are ignored or have no name."""
    encoding = "utf-8-sig"
    try:
        path.read_bytes().decode(encoding)
    except UnicodeDecodeError:
        encoding = "latin-1"
    frame = pd.read_csv(path, sep=table.delimiter, dtype=str, keep_default_na=False,
                        encoding=encoding)
    unnamed = [name for name in frame.columns if name.startswith("Unnamed:")]
    return frame.drop(columns=[name for name in table.ignore + unnamed if name in frame])


def numbers(column, table):
    """The column as floats, NaN where a value is missing; None where a cell is another string."""
    cells = column.str.strip()
    cells = cells.where(~cells.isin(MARKERS | set(table.missing)))
    if table.decimal != ".":
        cells = cells.str.replace(".", "", regex=False).str.replace(table.decimal, ".", regex=False)
    values = pd.to_numeric(cells, errors="coerce")
    return values.to_numpy(float) if values.notna().sum() == cells.notna().sum() else None


class Arrays:
    """Training and test rows as numbers; a category is its number."""

    def __init__(self, table, training, test):
        train, other = read_frame(training, table), read_frame(test, table)
        self.is_class = table.is_class
        self._targets(table, train[table.target].str.strip(), other[table.target].str.strip())
        columns, self.categorical, self.category_counts = [], [], []
        for name in train.columns.drop(table.target):
            columns.append(self._column(table, train[name], other[name]))
        self.train_x = np.stack([column[0] for column in columns], 1)
        self.test_x = np.stack([column[1] for column in columns], 1)

    def _targets(self, table, train, test):
        if self.is_class:
            self.classes = sorted(set(train))
            number = {name: i for i, name in enumerate(self.classes)}
            self.train_y = train.map(number).to_numpy()
            self.test_y = test.map(number).fillna(-1).to_numpy()
        else:
            self.train_y, self.test_y = numbers(train, table), numbers(test, table)

    def _column(self, table, train, test):
        first, second = numbers(train, table), numbers(test, table)
        if first is not None and second is not None:
            self.categorical.append(False)
            self.category_counts.append(0)
            return first, second
        train, test = train.str.strip(), test.str.strip()
        levels = {name: float(i) for i, name in enumerate(sorted(set(train) - {""}))}
        self.categorical.append(True)
        self.category_counts.append(len(levels))
        return train.map(levels).to_numpy(float), test.map(levels).to_numpy(float)

    def one_hot(self):
        """Both parts: numbers standardized, missing ones medians, a column for each category."""
        train, test = [], []
        for j, categories in enumerate(self.category_counts):
            a, b = self.train_x[:, j], self.test_x[:, j]
            if self.categorical[j]:
                train += [(a == k).astype(float) for k in range(categories)]
                test += [(b == k).astype(float) for k in range(categories)]
                continue
            middle = np.nanmedian(a)
            missing = np.isnan(a)
            if missing.any():
                train.append(missing.astype(float))
                test.append(np.isnan(b).astype(float))
            a, b = np.where(missing, middle, a), np.where(np.isnan(b), middle, b)
            deviation = a.std() or 1.0
            train.append((a - a.mean()) / deviation)
            test.append((b - a.mean()) / deviation)
        return np.stack(train, 1), np.stack(test, 1)

    def error(self, predicted):
        """1 - accuracy, or the root of the mean squared error."""
        if self.is_class:
            return float(np.mean(predicted != self.test_y))
        return float(np.sqrt(np.mean((predicted - self.test_y) ** 2)))
