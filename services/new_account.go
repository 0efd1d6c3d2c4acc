package services

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"countersign/models"
	"countersign/services/gateway"
	"countersign/services/gateway/families"
)

// NewAccount is what somebody fills in to connect a merchant.
type NewAccount struct {
	Name             string
	Family           string
	BaseURL          string
	MerchantID       string
	Keys             Keys
	Algorithm        string // "" takes the family's first
	QueryShape       string // family apay: list or single
	Rails            []string
	Zone             string
	AllowLoopback    bool
	Timeout          time.Duration
	Questions        string        // gaps in seconds; "" is the usual schedule
	VerdictWait      time.Duration // 0 is the family's notice window
	VerdictQuestions int           // 0 is 3
	NotFinal         string        // words of status beyond the documented ones, comma separated
}

// checked fills in what may be left out and says everything that is wrong.
func (n NewAccount) checked(loopbackOnly bool) (NewAccount, gateway.Family, models.Refusals) {
	var errs models.Refusals
	bad := func(field, key string, args ...any) {
		errs = append(errs, models.Refuse(models.Invalid, key, args...).On(field))
	}
	n.Name, n.MerchantID = strings.TrimSpace(n.Name), strings.TrimSpace(n.MerchantID)
	if n.Name == "" || len(n.Name) > 60 {
		bad("name", "account.name_needed")
	}
	if n.MerchantID == "" || len(n.MerchantID) > 32 {
		bad("merchant_id", "account.merchant_needed")
	}
	if n.Keys.Key == "" {
		bad("key", "account.key_needed")
	}
	family, ok := families.Find(n.Family)
	if !ok {
		bad("family", "account.family_unknown")
		return n, nil, errs
	}
	n = n.withDefaults(family)
	if len(n.Rails) == 0 {
		bad("rails", "account.rails_needed")
	}
	for _, id := range n.Rails {
		if f, rail, ok := families.Rail(id); !ok || f.Name() != n.Family || rail.Currency != railCurrency(n.Rails[0]) {
			bad("rails", "account.rails_mixed")
			break
		}
	}
	var address gateway.AddressError
	switch err := gateway.CheckBaseURL(n.BaseURL, n.AllowLoopback); {
	case errors.As(err, &address):
		bad("base_url", address.Key)
	case err != nil, loopbackOnly && !n.AllowLoopback:
		bad("base_url", "address.only_loopback")
	}
	if _, err := time.LoadLocation(n.Zone); err != nil || n.Zone == "" {
		bad("zone", "account.zone_unknown")
	}
	if _, err := models.ParseQuestions(n.Questions); err != nil {
		bad("questions", "account.questions_shape")
	}
	if n.Timeout < 100*time.Millisecond || n.Timeout > 2*time.Minute {
		bad("timeout", "account.timeout_range")
	}
	n.checkFamily(family, bad)
	n.NotFinal = n.checkNotFinal(family, bad)
	return n, family, errs
}

// checkNotFinal lets an account name words that settle nothing, and never one that
// has a meaning already.
func (n NewAccount) checkNotFinal(family gateway.Family, bad func(field, key string, args ...any)) string {
	words, err := models.ParseNotFinal(n.NotFinal)
	if err != nil {
		bad("not_final", "account.not_final_shape")
	}
	for _, word := range words {
		if family.Means(word) != gateway.Unknown {
			bad("not_final", "account.not_final_known", "Word", word)
			break
		}
	}
	return strings.Join(words, ",")
}

// checkFamily looks at what the family asks for, or has its own bounds for.
func (n NewAccount) checkFamily(family gateway.Family, bad func(field, key string, args ...any)) {
	if n.Family == "apay" && n.Keys.Authorization == "" {
		bad("authorization", "account.token_needed")
	}
	if !slices.Contains(family.Algorithms(), n.Algorithm) {
		bad("algorithm", "account.algorithm_unknown")
	}
	if n.Family == "apay" && n.QueryShape != "list" && n.QueryShape != "single" {
		bad("query_shape", "account.shape_unknown")
	}
	// While a notice may still come "not paid" proves nothing.
	if n.VerdictWait < family.NoticeWindow() && !n.AllowLoopback || n.VerdictWait < 0 || n.VerdictWait > 30*24*time.Hour {
		bad("verdict_wait", "account.verdict_wait_range", "Least", family.NoticeWindow())
	}
	if n.VerdictQuestions < 1 || n.VerdictQuestions > 100 {
		bad("verdict_questions", "account.verdict_questions_range")
	}
}

func (n NewAccount) withDefaults(family gateway.Family) NewAccount {
	if n.Algorithm == "" {
		n.Algorithm = family.Algorithms()[0]
	}
	if n.QueryShape == "" && family.Name() == "apay" {
		n.QueryShape = "list"
	}
	if n.Timeout == 0 {
		n.Timeout = 30 * time.Second
	}
	if n.Questions == "" {
		n.Questions = models.DefaultQuestions
	}
	if n.VerdictWait == 0 {
		n.VerdictWait = family.NoticeWindow()
	}
	if n.VerdictQuestions == 0 {
		n.VerdictQuestions = 3
	}
	if len(n.Rails) == 0 && len(family.Rails()) == 1 {
		n.Rails = []string{family.Rails()[0].ID}
	}
	return n
}

func railCurrency(id string) string {
	_, rail, _ := families.Rail(id)
	return rail.Currency
}

func nameTaken(err error) error {
	if strings.Contains(err.Error(), "duplicated") {
		return models.Refusals{models.Refuse(models.Conflict, "account.name_taken").On("name")}
	}
	return fmt.Errorf("store account: %w", err)
}
