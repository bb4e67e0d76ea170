# lib/assert.sh under a sanitizer: a script fails for a report also where it expects the tool to
# fail.
. "$SNUG_SOURCE/tests/cli/lib/assert.sh"

cat >tool <<'END'
#!/bin/sh
[ "$1" = good ] || echo "ERROR: a report" >"$SNUG_REPORTS.$$"
exit 2
END
chmod +x tool
cat >script <<'END'
. "$SNUG_SOURCE/tests/cli/lib/assert.sh"
"$SNUG" "$WORD" || true
run 2 "$WORD"
END

# ends STATUS WORD: so does the script whose tool gets that word.
ends() {
    status=0
    SNUG=$PWD/tool WORD=$2 SNUG_REPORTS=$PWD/report SNUG_SANITIZER_STATUS=86 bash \
        script >out 2>err ||
        status=$?
    equals "exit status of the script" "$status" "$1"
}

ends 86 bad
contains err 'script: a sanitizer reports'
contains err 'ERROR: a report'
# Reports of an earlier run are not its own.
ends 0 good
equals "errors of the script" "$(cat err)" ""
