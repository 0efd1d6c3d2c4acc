package demo

import (
	"context"
	"strings"
	"time"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services"
	"countersign/services/gateway/sandbox"
)

// desk is a gateway account and how it is used.
type desk struct {
	key, name, family string
	merchant          sandbox.Merchant
	rails             []string
	zone              string
}

// The desks, by the city of their gateway.
const (
	atTaipei   = "Taipei"
	atShanghai = "Shanghai"
	atLima     = "Lima"
)

// desks are our accounts. Their keys open nothing but the sandbox, and are the
// same at every start, since the database keeps them.
var desks = []desk{
	{atTaipei, "APAY Taipei", sandbox.Apay, sandbox.Merchant{
		Family: sandbox.Apay, MerchantID: "PF00312", Key: "sandbox-taipei-signs", Authorization: "sandbox-taipei-asks",
		Currency: "TWD", Balance: 8_246_100_50, Fee: 15_00,
	}, []string{"apay.taiwan"}, taipei},
	{atShanghai, "APAY Shanghai", sandbox.Apay, sandbox.Merchant{
		Family: sandbox.Apay, MerchantID: "PF00347", Key: "sandbox-shanghai-signs", Authorization: "sandbox-shanghai-asks",
		Currency: "CNY", Balance: 1_512_004_00, Fee: 2_00,
	}, []string{"apay.unionpay", "apay.alipay"}, shanghai},
	{atLima, "CASHY Lima", sandbox.Cashy, sandbox.Merchant{
		Family: sandbox.Cashy, MerchantID: "20588", Key: "sandbox-lima-signs", Currency: "PEN", Balance: 48_120_75, Fee: 2_50,
	}, []string{"cashy.peru"}, lima},
}

// Merchants are what the running sandbox is to be made of.
func Merchants() []sandbox.Merchant {
	var all []sandbox.Merchant
	for _, d := range desks {
		all = append(all, d.merchant)
	}
	return all
}

// funded are the same merchants before six weeks of payouts.
func funded() []sandbox.Merchant {
	all := Merchants()
	for i := range all {
		all[i].Balance *= 1000
	}
	return all
}

// The schedules of questions, in seconds: an everyday one, and the short one by
// which a visitor need not wait.
const (
	everyday  = "240,600,1800,3600,14400"
	impatient = "5,10,20,30,60,120,300,600,1800,3600"
)

// address is where the desk's gateway listens.
func (d desk) address(gateways string) string {
	if d.family == sandbox.Cashy {
		return strings.TrimRight(gateways, "/") + "/stage-api"
	}
	return strings.TrimRight(gateways, "/")
}

// connect makes the accounts.
func (s *story) connect(ctx context.Context) error {
	if err := s.accounts.SetPublicURL(ctx, models.Machine("countersign demo"), s.PublicURL); err != nil {
		return err
	}
	for _, d := range desks {
		account, err := s.connected(ctx, services.NewAccount{
			Name: d.name, Family: d.family, BaseURL: d.address(s.Gateways), MerchantID: d.merchant.MerchantID,
			Keys:  services.Keys{Key: d.merchant.Key, Authorization: d.merchant.Authorization},
			Rails: d.rails, Zone: d.zone, AllowLoopback: true, Timeout: 5 * time.Second,
			Questions: everyday, VerdictWait: 2 * time.Minute,
		})
		if err != nil {
			return err
		}
		s.desks[d.key] = account
	}
	return s.keepHours(ctx)
}

// hurry shortens the schedules of questions.
func (s *story) hurry(ctx context.Context) error {
	by := s.people[huang].As(models.VerbGateway)
	return s.core.Store.Write(ctx, func(tx *gorm.DB) error {
		for _, d := range desks {
			account, err := models.FindAccount(tx, s.desks[d.key].ID)
			if err != nil {
				return err
			}
			account.QuestionsS = impatient
			if err := models.UpdateAccount(tx, &account, "questions_s"); err != nil {
				return err
			}
			details := models.Details{"questions_before": everyday, "questions": impatient}
			if err := models.Append(tx, changed(account, by, s.core.Now(), details)); err != nil {
				return err
			}
		}
		return nil
	})
}

// connected is an account that one person proposed and another confirmed.
func (s *story) connected(ctx context.Context, n services.NewAccount) (models.GatewayAccount, error) {
	c, err := s.accounts.Propose(ctx, s.people[huang], n, "The desk begins", s.stepUp.Click(s.people[huang]))
	if err != nil {
		return models.GatewayAccount{}, err
	}
	by := s.people[tsai]
	if _, err := s.changes.Confirm(ctx, by.As(models.VerbKeys), c.ID, c.Digest, s.stepUp.Click(by)); err != nil {
		return models.GatewayAccount{}, err
	}
	a, _, err := models.AccountNamed(s.core.Store.Read(ctx), n.Name)
	return a, err
}
