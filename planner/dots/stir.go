package dots

import (
	"context"
)

func (s *swarm) stir(ctx context.Context) error { return ctx.Err() }
