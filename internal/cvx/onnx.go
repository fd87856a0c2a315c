package cvx

import (
	"encoding/binary"
	"errors"
)

// ONNX ModelProto: field 7 is the graph.
const onnxGraph = 7

// checkONNX walks the outermost fields of a protocol buffer and asks for a
// graph among them, so that stray files never reach OpenCV's importer.
func checkONNX(model []byte) error {
	errBad := errors.New("not an ONNX model")
	graph := false
	for i := 0; i < len(model); {
		key, n := binary.Uvarint(model[i:])
		if n <= 0 {
			return errBad
		}
		i += n
		size, ok := fieldSize(model[i:], key&7)
		if !ok || size > len(model)-i {
			return errBad
		}
		graph = graph || key == onnxGraph<<3|2
		i += size
	}
	if !graph {
		return errBad
	}
	return nil
}

// fieldSize returns how many bytes a field of the wire type takes.
func fieldSize(b []byte, wire uint64) (int, bool) {
	switch wire {
	case 0:
		_, n := binary.Uvarint(b)
		return n, n > 0
	case 1:
		return 8, true
	case 2:
		size, n := binary.Uvarint(b)
		if n <= 0 || size > uint64(len(b)) {
			return 0, false
		}
		return n + int(size), true
	case 5:
		return 4, true
	}
	return 0, false
}
