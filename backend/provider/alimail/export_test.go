package alimail

// SetRows makes pages of listings smaller than the vendor allows.
func (o *Office) SetRows(n int) { o.rows = n }
