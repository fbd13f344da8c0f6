package bench

func rawPeers() []*peer { return nil }
