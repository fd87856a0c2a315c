package records_test

import (
	"context"
	"fmt"
	"os"

	"pointille/internal/records"
	"pointille/internal/records/keys"
)

func Example() {
	dir, err := os.MkdirTemp("", "record")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	ctx, passphrase := context.Background(), "violet harbour nine candle"

	// The cost is for this example; leave it out and a passphrase takes about a second to try.
	store, recovery, err := records.Create(ctx, dir, passphrase, records.Options{Cost: keys.Cost{MemoryKiB: 64, Passes: 1, Lanes: 1}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("characters of the recovery key:", len(recovery))
	_, _ = store.NewClient(ctx, "A-17", "")
	_, _ = store.Add(ctx, "A-17", records.New{Name: "hello.txt", Content: []byte("healed well")})
	fmt.Println(store.Close())

	store, err = records.Open(ctx, dir, passphrase, records.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer store.Close()
	items, _ := store.Items(ctx, "a-17")
	for _, item := range items {
		data, err := store.Read(ctx, item.ID)
		fmt.Println(item.Kind, item.Name, string(data), err)
	}
	// Output:
	// characters of the recovery key: 44
	// <nil>
	// document hello.txt healed well <nil>
}
