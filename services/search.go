package services

// HashAccount is the keyed hash under which orders to an account number are
// found. It may stand in an address; the number may not (I24).
func (s *Payouts) HashAccount(number string) []byte { return s.hashAccount(number) }
