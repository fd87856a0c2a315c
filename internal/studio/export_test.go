package studio

// TendOnce looks once whether the record is to be closed.
func (s *Server) TendOnce() error { return s.tendOnce() }

// Use keeps the record open.
func (s *Server) Use(id string) (release func(), err error) { return s.use(id) }
