# What the tests of the tool share. Each runs in an empty directory of its own ($SNUG_SCRATCH), with
# the tool in $SNUG and the source tree in $SNUG_SOURCE; this file is sourced.
set -eu
LC_ALL=C
export LC_ALL
cd "$SNUG_SCRATCH"
examples=$SNUG_SOURCE/examples

fail() {
    printf '%s: %s\n' "$0" "$1" >&2
    exit 1
}

# In a build with a sanitizer ($SNUG_REPORTS begins its reports' names) the script fails for a
# report of any run of the tool, also where it expects a failure or does not look at the exit
# status.
no_reports() {
    script_status=$?
    set -- "$SNUG_REPORTS".*
    [ -e "$1" ] || exit "$script_status"
    printf '%s: a sanitizer reports\n' "$0" >&2
    cat "$@" >&2
    exit "$SNUG_SANITIZER_STATUS"
}
if [ -n "${SNUG_REPORTS-}" ]; then
    rm -f "$SNUG_REPORTS".*
    trap no_reports EXIT
fi

# equals WHAT GOT WANTED
equals() {
    [ "$2" = "$3" ] || fail "$1: got
$2
where this was expected:
$3"
}

# contains FILE TEXT: one of the lines of the file has the string.
contains() {
    grep -qF -e "$2" "$1" || fail "$1 lacks
$2
in
$(cat "$1")"
}

# matches FILE REGEX: a line matches the extended regular expression.
matches() {
    grep -qE -e "$2" "$1" || fail "$1 has no line that matches
$2
in
$(cat "$1")"
}

same() { cmp "$1" "$2" || fail "$1 and $2 differ"; }
differ() { ! cmp -s "$1" "$2" || fail "$1 and $2 are the same"; }
absent() { [ ! -e "$1" ] || fail "$1 is there"; }

# run STATUS ARGUMENT...: runs snug into the files "out" and "err", and expects the exit status.
run() {
    wanted=$1
    shift
    status=0
    "$SNUG" "$@" >out 2>err || status=$?
    [ "$status" = "$wanted" ] || fail "snug $*: exit status $status instead of $wanted
$(cat err)"
}

# message LOCATION: the one line of "err" is an error message that begins with the location, such as
# "iris.json: model.layers[2].units:", and is a line of tests/golden/messages.txt: the texts are in
# that file alone; scripts/update-messages.sh writes it.
message() {
    equals "lines of the error message" "$(wc -l <err)" 1
    case $(cat err) in
    "snug: $1"*) ;;
    *) fail "the message is not at \"$1\": $(cat err)" ;;
    esac
    if [ -n "${SNUG_COLLECT_MESSAGES-}" ]; then
        cat err >>"$SNUG_COLLECT_MESSAGES"
    else
        grep -qxF -e "$(cat err)" "$SNUG_SOURCE/tests/golden/messages.txt" ||
            fail "tests/golden/messages.txt lacks \"$(cat err)\": see scripts/update-messages.sh"
    fi
}

# refuses STATUS LOCATION ARGUMENT...: snug prints one error message at the location and no output.
refuses() {
    refused_location=$2
    run "$1" "${@:3}"
    message "$refused_location"
    equals "snug ${*:3}: standard output" "$(cat out)" ""
}

# warns LOCATION: a warning in "err" begins with the location.
warns() { contains err "snug: warning: $1"; }

# json FILE: it is JSON. The tool itself, which is strict, reads it as an experiment: what is wrong
# with the syntax is said with line and column.
json() {
    "$SNUG" check "$1" >json.out 2>json.err && fail "$1 is an experiment" || true
    if grep -qE "^snug: $1:[0-9]+:[0-9]+: " json.err; then
        fail "$1 is no JSON: $(cat json.err)"
    fi
}

# value FILE KEY: the first value of that key in JSON which the tool printed.
value() { sed -n 's/^.*"'"$2"'":[[:space:]]*\([^,]*\),\{0,1\}$/\1/p' "$1" | head -n 1; }

# holds CONDITION: of numbers, as awk understands it.
holds() { awk "BEGIN { exit !($1) }" || fail "this does not hold: $1"; }

# Three clouds of points: 60 rows, two features, and class names that CSV has to quote.
make_clouds() {
    awk 'BEGIN {
        names[0] = "plain"; names[1] = "\"with, comma\""; names[2] = "\"with \"\"quotes\"\"\""
        print "x,y,cloud"
        for (i = 0; i < 60; i++) {
            k = i % 3
            printf "%.3f,%.3f,%s\n", 3 * k + (i * 7 % 11) / 10, -2 * k + (i * 5 % 13) / 10, names[k]
        }
    }' >clouds.csv
}

# clouds.json trains on them.
make_clouds_experiment() {
    make_clouds
    cat >clouds.json <<'JSON'
{"data": {"train": "clouds.csv", "target": "cloud", "test": 0.25},
 "model": {"layers": [{"type": "dense", "units": 8}, "selu",
                       {"type": "dense", "units": "classes"}]},
 "train": {"epochs": 5, "batch_size": 7, "seed": 9,
           "optimizer": {"type": "adam", "learning_rate": 0.05}}}
JSON
}
