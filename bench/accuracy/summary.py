"""From the errors of methods on sets to ratios, intervals and tables in Markdown."""
import math

import numpy as np

TIE = 0.005  # errors whose ratio is within 0.5 % of 1 are a tie
RESAMPLES = 10000


def geometric_mean(ratios):
    return math.exp(np.mean(np.log(ratios)))


def interval_of_mean(values, seed=0):
    """The 95 % interval of a mean over sets: percentiles of resampled sets (bootstrap)."""
    values = np.asarray(values)
    picks = np.random.default_rng(seed).integers(0, len(values), (RESAMPLES, len(values)))
    low, high = np.percentile(values[picks].mean(1), [2.5, 97.5])
    return float(low), float(high)


def interval(ratios):
    """The 95 % interval of a geometric mean over sets."""
    low, high = interval_of_mean(np.log(ratios))
    return math.exp(low), math.exp(high)


def mean_errors(results, method, sets, splits):
    """The error of each set, averaged over its splits; None where one is missing."""
    found = {}
    for name in sets:
        errors = [results.get((name, split, method), {}).get("error") for split in splits]
        found[name] = None if None in errors else float(np.mean(errors))
    return found


def ratios_to(base, errors, sets):
    """error / base set by set, for sets that both have and whose base is above 0."""
    return {name: errors[name] / base[name] for name in sets
            if errors[name] is not None and base[name] not in (None, 0)}


def summary_line(method, ratios, seconds):
    """One line of the summary table."""
    values = list(ratios.values())
    low, high = interval(values)
    wins = sum(value < 1 - TIE for value in values)
    losses = sum(value > 1 + TIE for value in values)
    return (f"| {method} | {len(values)} | {geometric_mean(values):.3f} | {low:.3f} to {high:.3f} "
            f"| {np.median(values):.3f} | {max(values):.3f} "
            f"| {wins} / {len(values) - wins - losses} / {losses} | {seconds:.1f} |")


def mean_seconds(results, method, sets, splits):
    times = [results[(name, split, method)]["seconds"] for name in sets for split in splits
             if (name, split, method) in results]
    return float(np.mean(times))


def tables(results, title, sets, splits, methods, base):
    """Markdown: the summary of the methods beside `base`, then the ratios set by set."""
    base_errors = mean_errors(results, base, sets, splits)
    found = {}
    for method in methods:
        ratios = ratios_to(base_errors, mean_errors(results, method, sets, splits), sets)
        if ratios:
            found[method] = ratios
    lines = [f"## {title}", "",
             f"| method | sets | error / {base} | 95 % | median | largest | wins / ties / losses "
             "| seconds a split |", "|---|---|---|---|---|---|---|---|"]
    lines += [summary_line(method, ratios, mean_seconds(results, method, sets, splits))
              for method, ratios in found.items()]
    lines += ["", "| set | " + base + " | " + " | ".join(found) + " |",
              "|---" * (len(found) + 2) + "|"]
    for name in sets:
        error = base_errors[name]
        cells = [f"{ratios[name]:.3f}" if name in ratios else "" for ratios in found.values()]
        lines.append(f"| {name} | {'' if error is None else f'{error:.5g}'} | "
                     + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"
