package cvx

/*
#include <stdlib.h>
#include "shim.h"
*/
import "C"

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"unsafe"
)

// MaxValues is the largest number of values Forward takes.
const MaxValues = 1 << 27

// Tensor is a named array of numbers, the last axis running fastest.
type Tensor struct {
	Name  string
	Shape []int
	Data  []float32
}

// Net is a neural network that runs on the processor. Its methods may be
// called concurrently and take turns; for parallel work load one net a worker.
type Net struct {
	mu      sync.Mutex
	net     *C.cvx_net
	outputs []string
}

// LoadNet reads an ONNX model. What is no model, is cut short, or holds a layer
// OpenCV does not know, is an error. Models made to harm are not stopped: only
// their outline is checked before OpenCV's importer builds the net.
func LoadNet(onnx []byte) (*Net, error) {
	outputs, err := checkONNX(onnx)
	if err != nil {
		return nil, fmt.Errorf("loading model: %w", err)
	}
	n := &Net{outputs: outputs}
	err = failure(C.cvx_net_load((*C.uint8_t)(&onnx[0]), C.size_t(len(onnx)), &n.net))
	if err != nil {
		return nil, fmt.Errorf("loading model: %w", err)
	}
	return n, nil
}

// Close frees the net. Later calls of Forward fail; later calls of Close do
// nothing.
func (n *Net) Close() error {
	n.mu.Lock()
	defer n.mu.Unlock()
	C.cvx_net_free(n.net)
	n.net = nil
	return nil
}

// Forward runs the net on input, whose axes are batch, channel, row, column.
// It returns the named outputs, or all outputs in the order of the model where
// none is named.
func (n *Net) Forward(input []float32, shape [4]int, outputs ...string) ([]Tensor, error) {
	if err := checkInput(input, shape); err != nil {
		return nil, fmt.Errorf("running net: %w", err)
	}
	for _, name := range outputs {
		if name == "" || strings.ContainsAny(name, "\n\x00") {
			return nil, fmt.Errorf("running net: bad output name %q", name)
		}
	}
	if len(outputs) == 0 {
		outputs = n.outputs
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.net == nil {
		return nil, errors.New("running net: net is closed")
	}
	names := C.CString(strings.Join(outputs, "\n"))
	defer C.free(unsafe.Pointer(names))
	var dims [4]C.int
	for i, d := range shape {
		dims[i] = C.int(d)
	}
	var out *C.cvx_tensors
	err := failure(C.cvx_net_forward(n.net, (*C.float)(&input[0]), &dims[0], names, &out))
	if err != nil {
		return nil, fmt.Errorf("running net: %w", err)
	}
	defer C.cvx_tensors_free(out)
	return tensors(out), nil
}

func checkInput(input []float32, shape [4]int) error {
	n := 1
	for _, d := range shape {
		if d < 1 || d > MaxValues/n {
			return fmt.Errorf("shape %v has an axis below 1 or more than %d values", shape, MaxValues)
		}
		n *= d
	}
	if n != len(input) {
		return fmt.Errorf("shape %v needs %d values, got %d", shape, n, len(input))
	}
	return nil
}

func tensors(t *C.cvx_tensors) []Tensor {
	out := make([]Tensor, C.cvx_tensors_count(t))
	for i := range out {
		k, size := C.int(i), 1
		for axis := range C.cvx_tensors_dims(t, k) {
			d := int(C.cvx_tensors_dim(t, k, axis))
			out[i].Shape = append(out[i].Shape, d)
			size *= d
		}
		out[i].Name = C.GoString(C.cvx_tensors_name(t, k))
		out[i].Data = make([]float32, size)
		if data := C.cvx_tensors_data(t, k); data != nil && size > 0 {
			copy(out[i].Data, unsafe.Slice((*float32)(unsafe.Pointer(data)), size))
		}
	}
	return out
}
