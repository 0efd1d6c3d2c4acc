package services

import (
	"context"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"gorm.io/gorm"

	"countersign/models"
)

// SentEnquiry is what somebody tells of a letter that they sent to the gateway's
// staff. The letter itself is the pack as it was shown, not what a form carries.
type SentEnquiry struct {
	Language, Channel, Person, Text string
	SentAt                          time.Time
}

// EnquiryReply is what came back.
type EnquiryReply struct {
	Text   string
	Person string
	Files  []Upload
}

// maxPerson is how long the name of somebody elsewhere may be.
const maxPerson = 80

// Enquire puts on record that the gateway's staff were asked about an order in
// doubt; from then on the case says how long they have not answered (X3).
func (s *Verdicts) Enquire(ctx context.Context, by models.Person, orderNo string, sent SentEnquiry) error {
	return s.change(ctx, &by, orderNo, func(tx *gorm.DB, p *models.Payout) error {
		if err := p.CheckEnquire(by); err != nil {
			return err
		}
		e, refused := sent.read(*p, s.Now())
		if len(refused) > 0 {
			return refused
		}
		e.PayoutID, e.SentBy, e.NotedAt = p.ID, by.ID, s.Now()
		if err := models.AddEnquiry(tx, &e); err != nil {
			return fmt.Errorf("keep enquiry: %w", err)
		}
		return models.Remark(tx, *p, "enquiry_sent", by.As(models.VerbVerdict), s.Now(), models.Details{
			"enquiry": fmt.Sprint(e.ID), "language": e.Language, "channel": e.Channel, "to": e.Person,
			"sent_at": e.SentAt.UTC().Format(time.RFC3339), "letter_digest": fmt.Sprintf("%x", sha256.Sum256([]byte(e.Text))),
		})
	})
}

func (f SentEnquiry) read(p models.Payout, now time.Time) (models.Enquiry, models.Refusals) {
	e := models.Enquiry{Language: f.Language, Channel: f.Channel, Person: strings.TrimSpace(f.Person), Text: f.Text, SentAt: f.SentAt}
	var errs models.Refusals
	if !slices.Contains(models.Channels, e.Channel) {
		errs = append(errs, models.Refuse(models.Invalid, "enquiry.channel_needed").On("channel"))
	}
	errs = append(errs, checkPerson(e.Person)...)
	// A browser's clock writes whole minutes, so the minute of sending itself counts.
	if e.SentAt.Before(p.SentAt.Add(-time.Minute)) || e.SentAt.After(now.Add(time.Minute)) {
		errs = append(errs, models.Refuse(models.Invalid, "enquiry.sent_range").On("sent_at"))
	}
	return e, errs
}

func checkPerson(name string) models.Refusals {
	switch length := utf8.RuneCountInString(name); {
	case length == 0:
		return models.Refusals{models.Refuse(models.Invalid, "enquiry.person_needed").On("person")}
	case length > maxPerson:
		return models.Refusals{models.Refuse(models.Invalid, "text.too_long", "Length", length, "Limit", maxPerson).On("person")}
	}
	return nil
}

// FileReply keeps what the staff answered as evidence: pasted, as files, or both.
// It moves nothing; the verdict form offers it to whoever proposes.
func (s *Verdicts) FileReply(ctx context.Context, by models.Person, orderNo string, id int64, reply EnquiryReply) error {
	files, refused := checkUploads(reply.Files)
	reply.Text, reply.Person = strings.TrimSpace(reply.Text), strings.TrimSpace(reply.Person)
	switch length := utf8.RuneCountInString(reply.Text); {
	case length == 0 && len(reply.Files) == 0:
		refused = append(refused, models.Refuse(models.Invalid, "enquiry.reply_needed").On("reply"))
	case length > models.MostEvidence:
		refused = append(refused, models.Refuse(models.Invalid, "text.too_long", "Length", length, "Limit", models.MostEvidence).On("reply"))
	}
	if refused = append(refused, checkPerson(reply.Person)...); len(refused) > 0 {
		return refused
	}
	return s.change(ctx, &by, orderNo, func(tx *gorm.DB, p *models.Payout) error {
		e, err := models.FindEnquiry(tx, p.ID, id)
		if err != nil {
			return err
		}
		if err := p.CheckReply(by, e); err != nil {
			return err
		}
		e.Reply, e.RepliedBy, e.RepliedAt, e.FiledBy = reply.Text, reply.Person, s.Now(), &by.ID
		if err := models.FileReply(tx, &e); err != nil {
			return err
		}
		if err := s.attach(tx, *p, by, nil, files); err != nil {
			return err
		}
		return models.Remark(tx, *p, "enquiry_answered", by.As(models.VerbVerdict), s.Now(), models.Details{
			"enquiry": fmt.Sprint(e.ID), "channel": e.Channel, "from": e.RepliedBy, "text": e.Reply, "files": fmt.Sprint(len(files)),
		})
	})
}
