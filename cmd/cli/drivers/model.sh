#!/bin/sh
# A model for collapse: it remembers its rows and draws from them again, with awk. Rows are JSON values, one a line.
set -eu
for verb; do :; done # the last argument
case $verb in
describe) echo '{"protocol": 1}' ;;
fit) cp "$COLLAPSE_TRAIN" "$COLLAPSE_MODEL/rows" ;;
sample)
	awk -v n="$COLLAPSE_N" -v seed="$(expr "$COLLAPSE_SEED" % 2147483647)" '
		{ row[NR] = $0 }
		END { srand(seed); for (i = 0; i < n; i++) print row[int(rand() * NR) + 1] }' "$COLLAPSE_MODEL/rows" >"$COLLAPSE_OUT" ;;
*) echo "$verb: not known here" >&2; exit 2 ;;
esac
