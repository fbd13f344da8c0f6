package tencent

import "time"

// SetNow gives the adapter another clock.
func (o *Office) SetNow(now func() time.Time) { o.now = now }
