package services

// Point is a moment in the life of an order at which the program may be cut off.
// Tests stop it there, in turn at each, to show that nothing is lost or sent twice;
// a running program passes them without notice.
type Point string

// The points of the sender, in the order in which a send passes them.
const (
	PointClaimed    Point = "claimed"    // the lease on the order is committed
	PointAttempting Point = "attempting" // in the write: the attempt is stored, not committed
	PointAttempted  Point = "attempted"  // the attempt is committed, nothing else knows of it
	PointLeaving    Point = "leaving"    // all is on record, the next thing is the first byte
	PointExchanged  Point = "exchanged"  // the exchange is over, its outcome is not on record
	PointConcluding Point = "concluding" // in the write: the outcome is stored, not committed
	PointConcluded  Point = "concluded"  // the outcome is committed
	PointRecovering Point = "recovering" // in the write: what was found sending is unclear, not committed
	PointRecovered  Point = "recovered"  // that is committed, nothing new has been claimed
)

// The points of questions, notices and people.
const (
	PointAsking      Point = "asking"       // a question is written, nothing of it has left
	PointAsked       Point = "asked"        // its answer is here and not on record
	PointAnswering   Point = "answering"    // in the write: the answer is stored, not committed
	PointAnswered    Point = "answered"     // the answer is committed
	PointNoticeRead  Point = "notice_read"  // a notice is verified and not on record
	PointNoticeKeep  Point = "notice_keep"  // in the write: it is stored, neither applied nor committed
	PointNoticeApply Point = "notice_apply" // in the write: it is applied, not committed
	PointNoticeKept  Point = "notice_kept"  // it is committed, the gateway has not been told (I15)
	PointActing      Point = "acting"       // in the write: somebody's act is stored, not committed
	PointActed       Point = "acted"        // it is committed, and nobody has been told
)

// Points lists them all.
var Points = []Point{
	PointClaimed, PointAttempting, PointAttempted, PointLeaving, PointExchanged, PointConcluding, PointConcluded,
	PointRecovering, PointRecovered, PointAsking, PointAsked, PointAnswering, PointAnswered,
	PointNoticeRead, PointNoticeKeep, PointNoticeApply, PointNoticeKept, PointActing, PointActed,
}

// reach says that a point is reached.
func (c *Core) reach(p Point) {
	if c.Reach != nil {
		c.Reach(p)
	}
}
