"""Words that C or machine learning do not use so: in names, comments, messages and pages."""

import re

BETTER = {
    "answer": "return, reply",
    "sentence": "error message",
    "stand": "be, be stored, be declared",
    "lie": "be, be stored",
    "judge": "evaluate, evaluator",
    "refine": "name the operation",
    "aside": "exclude, separate",
    "survey": "infer, scan",
    "settle": "name the operation",
    "tally": "accumulator",
    "floor": "layer of the architecture",
    "room": "module, capacity",
}
FORMS = {
    "answer": "answer|answers|answered|answering",
    "sentence": "sentences?",
    "stand": "stand|stands|stood|standing",
    "lie": "lie|lies|lying",
    "judge": "judge|judges|judged|judging",
    "refine": "refine|refines|refined|refinement",
    "aside": "aside",
    "survey": "survey|surveys|surveyed",
    "settle": "settle|settles|settled",
    "tally": "tally|tallies|tallied",
    "floor": "floors?",
    "room": "rooms?",
}
# The rounding function of C, Python and ONNX, a noise floor, and a hyphenated adjective.
ALLOWED = re.compile(
    r"\bfloorf?(?=\()|\b(np|numpy|math|torch)\.floor\b|\bnoise floor\b|"
    r"\bstand-alone\b|\bfloor_divide\b|\"Floor\"",
    re.IGNORECASE,
)
# The list itself, and its test.
EXCEPT = {"scripts/style/words.py", "tests/repo/check_style.sh"}

ROOT_OF = {
    form: root
    for root, forms in FORMS.items()
    for form in (
        [f for f in forms.split("|") if "?" not in f]
        + [g for f in forms.split("|") if "?" in f for g in (f[:-2], f[:-1])]
    )
}
LIKELY = re.compile("|".join(sorted(ROOT_OF)), re.IGNORECASE)
WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


def check(tree):
    for file in tree.files:
        if file.path in EXCEPT:
            continue
        for number, line in enumerate(file.lines, 1):
            if not LIKELY.search(line):
                continue
            for word in WORD.findall(ALLOWED.sub("", line)):
                root = ROOT_OF.get(word.lower())
                if root:
                    yield file.path, number, f'the word "{word}": {BETTER[root]}'
