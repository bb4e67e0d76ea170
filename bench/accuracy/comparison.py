"""Methods compared over sets: ranks, wins and losses, Wilcoxon's test; as CSV and as HTML.

An accuracy is a percentage. `measured` and `paper` are dictionaries from a method to a dictionary
from a set to an accuracy.
"""
import csv
import html
import io
import statistics
import warnings

from scipy import stats

BASE = "SNN"
TIE = 0.005  # percent: half of the last digit of the paper's table


def common_sets(accuracies):
    """The sets that all methods have, in the order of the first."""
    first, *others = accuracies.values()
    return [name for name in first if all(name in other for other in others)]


def average_ranks(accuracies, sets):
    """The mean over sets of each method's rank, 1 the best; equal ones share their ranks."""
    methods = list(accuracies)
    ranks = [stats.rankdata([-round(accuracies[m][name], 2) for m in methods]) for name in sets]
    return {method: statistics.mean(row[i] for row in ranks) for i, method in enumerate(methods)}


def wins_ties_losses(base, other, sets):
    """On how many sets `base` is better than, as good as and worse than `other`."""
    differences = [base[name] - other[name] for name in sets]
    wins = sum(value > TIE for value in differences)
    losses = sum(value < -TIE for value in differences)
    return wins, len(sets) - wins - losses, losses


def wilcoxon(base, other, sets):
    """The p-value of Wilcoxon's signed-rank test, two-sided; 1 where nothing differs."""
    differences = [round(base[name] - other[name], 2) for name in sets]
    if not any(differences):
        return 1.0
    with warnings.catch_warnings():  # scipy warns that the normal approximation needs ten sets
        warnings.simplefilter("ignore")
        return float(stats.wilcoxon(differences, method="approx").pvalue)


def rows_of(measured, paper):
    """A row of figures for each method, of the sets that all methods have."""
    sets = common_sets(measured)
    ranks = average_ranks(measured, sets)
    paper_ranks = average_ranks({method: paper[method] for method in measured}, sets)
    rows = []
    for method, found in measured.items():
        row = {"method": method, "sets": len(sets),
               "mean": statistics.mean(found[name] for name in sets),
               "paper's mean": statistics.mean(paper[method][name] for name in sets),
               "average rank": ranks[method], "paper's average rank": paper_ranks[method]}
        if BASE in measured and method != BASE:
            row[f"{BASE} wins / ties / losses"] = wins_ties_losses(measured[BASE], found, sets)
            row["Wilcoxon p"] = wilcoxon(measured[BASE], found, sets)
        rows.append(row)
    return rows


def cell(value):
    if isinstance(value, tuple):
        return " / ".join(map(str, value))
    if isinstance(value, float):
        return f"{value:.3g}" if 0 < value < 0.1 else f"{value:.2f}"
    return str(value)


def heads_of(rows):
    return list(dict.fromkeys(head for row in rows for head in row))


def markdown(measured, paper):
    """The figures of each method as a table in Markdown."""
    rows = rows_of(measured, paper)
    heads = heads_of(rows)
    lines = ["| " + " | ".join(heads) + " |", "|---" * len(heads) + "|"]
    lines += ["| " + " | ".join(cell(row.get(head, "")) for head in heads) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def set_by_set(measured, paper):
    """The accuracies of each set: measured and the paper's, method by method."""
    heads = ["set"] + [head for method in measured for head in (method, f"{method} in the paper")]
    rows = []
    for name in dict.fromkeys(name for found in measured.values() for name in found):
        row = [name]
        for method, found in measured.items():
            row += [found.get(name), paper[method].get(name)]
        rows.append(row)
    return heads, rows


def to_csv(measured, paper):
    """Set by set, as CSV; a cell is empty where a figure is missing."""
    heads, rows = set_by_set(measured, paper)
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(heads)
    writer.writerows([row[0]] + ["" if value is None else f"{value:.2f}" for value in row[1:]]
                     for row in rows)
    return file.getvalue()


STYLE = """body { font-family: Helvetica, Arial, sans-serif; margin: 2em; color: #222 }
table { border-collapse: collapse; margin: 1em 0 } td, th { padding: 0.2em 0.7em;
text-align: right } td:first-child, th:first-child { text-align: left }
tr:nth-child(even) { background: #f3f3f3 } td.best { font-weight: bold }
td.paper { color: #777 }"""


def html_table(heads, rows):
    """Rows of pairs: a cell's string and its class."""
    lines = ["<table>", "<tr>" + "".join(f"<th>{html.escape(head)}</th>" for head in heads)
             + "</tr>"]
    for row in rows:
        cells = (f'<td class="{kind}">{html.escape(text)}</td>' if kind
                 else f"<td>{html.escape(text)}</td>" for text, kind in row)
        lines.append("<tr>" + "".join(cells) + "</tr>")
    return "\n".join(lines + ["</table>"])


def to_html(measured, paper, title, explanation):
    """A page: the figures of each method, then set by set, the best of each set in bold."""
    summary = rows_of(measured, paper)
    heads = heads_of(summary)
    figures = html_table(heads, [[(cell(row.get(head, "")), "") for head in heads]
                                 for row in summary])
    heads, rows = set_by_set(measured, paper)
    marked = []
    for name, *values in rows:
        best = max(value for value in values[::2] if value is not None)
        line = [(name, "")]
        for i, value in enumerate(values):
            kind = "paper" if i % 2 else "best" if value == best else ""
            line.append(("" if value is None else f"{value:.2f}", kind))
        marked.append(line)
    return "\n".join([
        "<!DOCTYPE html>", '<html lang="en">', '<meta charset="utf-8">',
        f"<title>{html.escape(title)}</title>", f"<style>{STYLE}</style>",
        f"<h1>{html.escape(title)}</h1>", f"<p>{html.escape(explanation)}</p>", figures,
        html_table(heads, marked), "</html>", ""])
