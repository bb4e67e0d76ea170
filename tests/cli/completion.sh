# The script that completes command lines in bash, made of the rows of commands and options.
. "$SNUG_SOURCE/tests/cli/lib/assert.sh"

refuses 2 'completion: the shell must be bash' completion zsh
refuses 2 'completion:' completion
command -v bash >/dev/null || {
    echo "skipped: there is no bash"
    exit 0
}
run 0 completion bash
cp out script

# completes LINE: prints what the last word of the line can be, one a line. The words are those
# that bash makes of the line, which it splits at "=" too.
completes() {
    bash -u -c '
        . ./script
        read -ra COMP_WORDS <<<"${1//=/ = }"
        [[ $1 != *" " ]] || COMP_WORDS+=("")
        COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
        _snug
        printf "%s\n" "${COMPREPLY[@]-}"
    ' bash "$1"
}

# offers LINE WORD...: the words that the line is completed with.
offers() {
    line=$1
    shift
    equals "completion of '$line'" "$(completes "$line")" "$(printf '%s\n' "$@")"
}

offers 'snug tr' train
offers 'snug --v' --version
offers 'snug trian x' ''
offers 'snug train ' ''
offers 'snug train e.json --th' --threads
offers 'snug train e.json --quiet --thr' --threads
offers 'snug train --threads ' ''
offers 'snug train --out --th' ''
offers 'snug train --out=m' ''
offers 'snug describe leaky' leaky_relu
offers 'snug describe --j' --json
offers 'snug plot elu seluu' ''
offers 'snug plot elu sel' selu
offers 'snug plot softm' ''
offers 'snug theory softm' ''
offers 'snug help pl' plot
offers 'snug completion ' bash
offers 'snug --plugin ' ''
offers 'snug --plugin own.so sche' schema
offers 'snug --plugin=own.so schema --h' --help
offers 'snug schema ' ''

# Every command, and every option of each.
run 0 --help
sed -n 's/^  \([a-z]*\)  *[a-z].*/\1/p' out >commands
equals "all commands" "$(completes 'snug ')" "$(cat commands)"
while read -r name; do
    run 0 "$name" --help
    sed -n 's/^  \(--[a-z0-9-]*\).*/\1/p' out >options
    equals "all options of $name" "$(completes "snug $name -")" "$(cat options)"
done <commands

# A name that is offered is described, or belongs to several groups.
completes 'snug describe ' >names
holds "$(wc -l <names) >= 80"
while read -r name; do
    "$SNUG" describe "$name" >out 2>err || contains err "\"$name\" names several kinds"
done <names

# An activation that is offered is drawn and computed: none that works on whole rows, or needs more
# than its name.
completes 'snug plot ' >names
equals "activations of theory" "$(completes 'snug theory ')" "$(cat names)"
holds "$(wc -l <names) >= 20"
while read -r name; do
    run 0 theory "$name"
    run 0 plot "$name"
done <names
