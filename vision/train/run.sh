#!/bin/sh
# From renders to network: run.sh RENDERS OUT.onnx GENERATOR [WORK]
# RENDERS    folder of rendered heads (see docs/data-card.md)
# GENERATOR  folder of the head generator, for renders that come without geometry.npz
# WORK       folder for positions and checkpoints (default: beside OUT)
# SECOND     folder of renders made from the list of subjects.py; empty: without them
# HALF       --half where the processor multiplies bfloat16 in hardware
# PYTHON, COARSE, FINE and LAST (minutes) may be set in the environment.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
renders=$1 out=$2 generator=$3 work=${4:-$2.work}
py=${PYTHON:-/usr/bin/python3}
mkdir -p "$work"
"$py" "$here/geometry.py" "$renders" "$work/positions" --generator "$generator"
# Small pictures first: four fifths of what there is to learn costs two fifths of the time.
nice -n 10 "$py" -u "$here/train.py" "$renders" "$work/coarse.pt" --positions "$work/positions" --size 160 --minutes "${COARSE:-40}" --lr 2e-3 --floor 0.3 --seed 1
nice -n 10 "$py" -u "$here/train.py" "$renders" "$work/fine.pt" --positions "$work/positions" --resume "$work/coarse.pt" --size 256 --minutes "${FINE:-40}" --lr 1e-3 --seed 2
best=$work/fine.pt
if [ -n "${SECOND:-}" ]; then
	# Bald and shaved heads seen close, every pattern of loss as often as any other.
	best=$work/last.pt
	"$py" "$here/geometry.py" "$SECOND" "$work/positions2" --generator "$generator"
	nice -n 10 "$py" -u "$here/train.py" "$SECOND" "$best" --positions "$work/positions2" --resume "$work/fine.pt" --size 256 --minutes "${LAST:-90}" --lr 1e-3 --floor 0.01 --seed 7 --trainers 1 ${HALF:-}
fi
"$py" "$here/export.py" "$best" "$out"
"$py" "$here/evaluate.py" "$out" renders "$renders" --positions "$work/positions" --held-out
