package cvx

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// Fields of the ONNX protocol buffers that are looked at.
const (
	modelGraph = 7

	graphNode        = 1
	graphInitializer = 5
	graphInput       = 11
	graphOutput      = 12

	nodeInput  = 1
	nodeOutput = 2

	valueName = 1

	tensorDims   = 1
	tensorType   = 2
	tensorFloats = 4
	tensorName   = 8
	tensorRaw    = 9
)

// checkONNX reads the outline of a model and returns the names of its outputs.
// It fails where OpenCV's importer would read memory it must not: where a node
// takes what nothing gives, or a tensor holds fewer numbers than its shape says.
func checkONNX(model []byte) (outputs []string, err error) {
	var graph []byte
	err = eachField(model, func(f pbField) error {
		if f.num == modelGraph {
			graph = f.data
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if graph == nil {
		return nil, errors.New("not an ONNX model: no graph")
	}
	return checkGraph(graph)
}

func checkGraph(graph []byte) (outputs []string, err error) {
	known := map[string]bool{"": true} // an input left out has an empty name
	err = eachField(graph, func(f pbField) error {
		switch f.num {
		case graphInitializer:
			name, err := checkTensor(f.data)
			known[name] = true
			return err
		case graphInput:
			return eachNamed(f.data, valueName, func(name string) error { known[name] = true; return nil })
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	nodes := 0
	err = eachField(graph, func(f pbField) error {
		switch f.num {
		case graphNode:
			nodes++
			return checkNode(f.data, known)
		case graphOutput:
			return eachNamed(f.data, valueName, func(name string) error {
				outputs = append(outputs, name)
				return nil
			})
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, name := range outputs {
		if !known[name] {
			return nil, fmt.Errorf("output %q is given by no node", name)
		}
	}
	if nodes == 0 || len(outputs) == 0 {
		return nil, fmt.Errorf("model has %d nodes and %d outputs", nodes, len(outputs))
	}
	return outputs, nil
}

func checkNode(node []byte, known map[string]bool) error {
	err := eachNamed(node, nodeInput, func(name string) error {
		if !known[name] {
			return fmt.Errorf("a node takes %q, which nothing before it gives", name)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return eachNamed(node, nodeOutput, func(name string) error { known[name] = true; return nil })
}

// checkTensor returns the name of a tensor whose bytes fit its shape.
func checkTensor(tensor []byte) (name string, err error) {
	count, kind := uint64(1), uint64(0)
	raw, floats := -1, 0
	err = eachField(tensor, func(f pbField) error {
		switch f.num {
		case tensorDims:
			return eachVarint(f, func(d uint64) error {
				if d > MaxValues || count*d > MaxValues {
					return fmt.Errorf("tensor of more than %d values", MaxValues)
				}
				count *= d
				return nil
			})
		case tensorType:
			kind = f.value
		case tensorFloats:
			floats += len(f.data)
		case tensorName:
			name = string(f.data)
		case tensorRaw:
			raw = len(f.data)
		}
		return nil
	})
	if err != nil {
		return name, err
	}
	// Bytes of a value by TensorProto.DataType; other types OpenCV refuses.
	size := map[uint64]uint64{1: 4, 2: 1, 3: 1, 6: 4, 7: 8, 9: 1, 10: 2, 11: 8}[kind]
	switch {
	case size == 0:
		return name, fmt.Errorf("tensor %q is of unknown type %d", name, kind)
	case raw >= 0 && uint64(raw) != count*size, kind == 1 && raw < 0 && uint64(floats) != 4*count:
		return name, fmt.Errorf("tensor %q holds %d bytes for %d values", name, max(raw, floats), count)
	}
	return name, nil
}

// pbField is a field of a protocol buffer: data for bytes and fixed sizes,
// value for varints.
type pbField struct {
	num   uint64
	data  []byte
	value uint64
}

// eachField calls f for every field of message.
func eachField(message []byte, f func(pbField) error) error {
	errBad := errors.New("not an ONNX model: broken protocol buffer")
	for b := message; len(b) > 0; {
		key, n := binary.Uvarint(b)
		if n <= 0 {
			return errBad
		}
		b = b[n:]
		field := pbField{num: key >> 3}
		size := uint64(0)
		switch key & 7 {
		case 0:
			field.value, n = binary.Uvarint(b)
		case 1:
			n, size = 0, 8
		case 2:
			size, n = binary.Uvarint(b)
		case 5:
			n, size = 0, 4
		default:
			return errBad
		}
		if n < 0 || n == 0 && key&1 == 0 || size > uint64(len(b)-n) {
			return errBad
		}
		field.data, b = b[n:n+int(size)], b[n+int(size):]
		if err := f(field); err != nil {
			return err
		}
	}
	return nil
}

// eachNamed calls f with every string field num of message.
func eachNamed(message []byte, num uint64, f func(string) error) error {
	return eachField(message, func(field pbField) error {
		if field.num != num {
			return nil
		}
		return f(string(field.data))
	})
}

// eachVarint calls f with the varint of a field, or with each of a packed one.
func eachVarint(field pbField, f func(uint64) error) error {
	if len(field.data) == 0 {
		return f(field.value)
	}
	for b := field.data; len(b) > 0; {
		v, n := binary.Uvarint(b)
		if n <= 0 {
			return errors.New("not an ONNX model: broken shape")
		}
		if err := f(v); err != nil {
			return err
		}
		b = b[n:]
	}
	return nil
}
