//go:build !linux

package shelf

// memoryDisk knows no disk in memory on other systems.
func memoryDisk() (string, error) { return "", errNoMemoryDisk(nil) }
