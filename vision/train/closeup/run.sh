#!/bin/sh
# From nothing to the close-up network: run.sh OUT.onnx [WORK]
# WORK    folder for the drawn pictures and the checkpoint (default: beside OUT)
# PYTHON, FILES (of 25 pictures each), MINUTES and RENDERS (a folder of rendered close-ups) may be set in the environment.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out=$1 work=${2:-$1.work}
py=${PYTHON:-/usr/bin/python3}
mkdir -p "$work"
nice -n 10 "$py" "$here/pool.py" "$work/pool" 0 "${FILES:-160}"
if [ -n "${RENDERS:-}" ]; then
	nice -n 10 "$py" "$here/renders.py" "$RENDERS" "$work/cut"
	set -- --also "$work/cut"
else
	set --
fi
nice -n 10 "$py" -u "$here/train.py" "$work/pool" "$work/roots.pt" "$@" --minutes "${MINUTES:-60}" --lr 3e-3 --seed 1
"$py" "$here/export.py" "$work/roots.pt" "$out"
"$py" "$here/evaluate.py" "$out" pool "$work/pool"
