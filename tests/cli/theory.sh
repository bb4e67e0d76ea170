# snug theory and snug solve: what wide layers make of mean and variance, and constants of SELU.
. "$SNUG_SOURCE/tests/cli/lib/assert.sh"

# number KEY: the first value of that key in the JSON of "out".
number() { value out "$1"; }

# near GOT WANTED TOLERANCE
near() { holds "($1) - ($2) <= $3 && ($2) - ($1) <= $3"; }

# ---- theory ----------------------------------------------------------------

# Every elementwise activation has a row; those of whole rows have none.
run 0 theory
matches out '^selu +0\.000000 +1\.000000 +1\.071575 +1\.071575 +0\.970680 +mean 0\.000000, '
matches out '^selu .*mean 0\.000000, variance 1\.000000 +attracting +0\.782648 +1\.000000$'
matches out '^tanh +0\.000000 +0\.394294 +0\.464403 +1\.177807 .* none +- +- +0$'
matches out '^exp .* none +- +- +infinity$'
matches out '^identity .*mean 0\.000000, variance 1\.000000 +neither +1\.000000 +-$'
matches out '^convention: +zero_sum; '
! grep -q softmax out || fail "softmax has a row"
run 0 theory --json
json out
equals convention "$(number convention)" '"zero_sum"'
holds "$(grep -c '"activation":' out) >= 20"

run 0 theory selu --json
near "$(number gradient_growth)" 1.0715749924557993 1e-12
near "$(number correlation)" 0.97068035230071026 1e-12
near "$(number rate)" 0.78264788319681289 1e-12
near "$(number norm)" 0.78767336046571557 1e-12
equals attracting "$(number attracting)" true
run 0 theory '{"type": "elu", "alpha": 1}' --json
near "$(number mean)" 0.16052057226655604962 1e-13
equals "fixed point" "$(number fixed_point)" null
equals limit "$(number limit)" 0
run 0 theory sigmoid --convention random
matches out ' mean 0\.500000, variance 0\.014687 +attracting .* 0\.014687$'
matches out '^convention: +random; '

# One meaning of each key: at standard normal z, and at the fixed point, which is elsewhere.
run 0 theory sigmoid --convention random --json
near "$(number gradient_growth)" 0.0448362413501944 1e-12
near "$(number chi_1)" 1.0335921 1e-6

# Where variance 1 is kept but repels, the point is shown with what becomes of variances beside it.
gelu='{"type": "standardized", "of": "gelu"}'
run 0 theory "$gelu" --convention random
matches out ' mean 0\.000000, variance 1\.000000 +repelling +1\.062116 +0\.591692 or infinity$'
matches out '^{.*}: another attracting fixed point at mean -0\.15[0-9]*, variance 0\.591692, rate'
run 0 theory "$gelu" --convention random --json
json out
equals limit "$(number limit)" null
near "$(number limit_below)" 0.591692 1e-6
equals "limit above" "$(number limit_above)" '"infinity"'
matches out '"other_fixed_point":'
run 0 theory exp --json
equals limit "$(number limit)" '"infinity"'

refuses 2 'softmax:' theory softmax
refuses 2 'unknown activation "seluu"' theory selu seluu
refuses 2 'convention:' theory selu --convention zero

# ---- solve -----------------------------------------------------------------

run 0 solve --mean 0 --variance 2 --json
json out
near "$(number alpha)" 1.9712557503462689 1e-12
near "$(number scale)" 1.0607090761030122 1e-12
near "$(number norm)" 0.7485395718563908 1e-12
near "$(number contraction)" 0.7444433858456667 1e-12
equals attracting "$(number attracting)" true
run 0 solve --mean 0.5 --convention unit_sum --json
near "$(number alpha)" 1.6045934782208449 1e-12
near "$(number scale)" 1.0119108049064998 1e-12
equals attracting "$(number attracting)" false
run 0 solve --mean=-0.1 --variance 2 --convention random --json
near "$(number alpha)" 2.3299972455634377 1e-12

# What it prints is the activation, which has the fixed point.
run 0 solve --mean 0.2 --variance 1.5
matches out '^contraction: +0\.[0-9]+ \(attracting\)$'
run 0 theory "$(head -n 1 out)"
matches out 'mean 0\.200000, variance 1\.500000 +attracting '

run 0 solve --variance 1e-16
matches out '^contraction: +0\.99999999[0-9]* \(attracting\)$'
refuses 2 'variance: must be between' solve --variance 1e300
refuses 2 'variance: must be between' solve --variance 1e-300

refuses 2 'no SELU keeps' solve --mean 2 --variance 0.5
refuses 2 'convention:' solve --convention none
refuses 2 'solve: --variance:' solve --variance 0
refuses 2 'solve: --mean:' solve --mean zero
