package services_test

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services"
	"countersign/services/gateway/sandbox"
	"countersign/services/servicestest"
)

// undocumented is the sandbox's status that no document names, by rail.
var undocumented = map[string]string{"apay.taiwan": "9", "apay.unionpay": "9", "cashy.peru": "FROZEN"}

// An account may say that a word nobody documented means "still working"; another
// account's doubt is not touched by that.
func TestAnAccountMayWidenNotFinal(t *testing.T) {
	for rail, word := range undocumented {
		for widened, want := range map[string]models.Outcome{"": models.Unclear, "REVIEW," + word: models.Pending} {
			town := servicestest.New(t)
			town.Must(town.Store.Write(t.Context(), func(tx *gorm.DB) error {
				return tx.Model(&models.GatewayAccount{}).Where("id = ?", town.Account(rail).ID).Update("not_final", widened).Error
			}))
			p := town.Approved(town.Form(rail, 1))
			town.Sandbox.Script(p.OrderNo, sandbox.Scenario{
				Create: sandbox.Create{Reply: sandbox.ReplyStatus(http.StatusBadGateway)}, Fate: sandbox.FatePaid, Quiet: true,
				Query: []sandbox.Phase{{Until: time.Hour, Say: sandbox.Undefined}},
			})
			town.Must(town.Sender.Send(t.Context(), p.ID))
			town.Live(3*time.Minute, 30*time.Second)
			if p = town.Look(p); p.Outcome != want {
				t.Errorf("%s with %q: %+v", rail, widened, p.State)
			}
			town.Live(4*time.Hour, 10*time.Minute)
			if p = town.Look(p); p.Outcome != models.Paid {
				t.Errorf("%s with %q, in the end: %+v", rail, widened, p.State)
			}
			town.Sound()
		}
	}
}

// What paid and failed are called is no account's business (I9, I10).
func TestI09_NoAccountRedefinesAFinalWord(t *testing.T) {
	town := servicestest.New(t)
	for family, cases := range map[string]map[string]string{
		"apay": {
			"3": "account.not_final_known", "6, 5": "account.not_final_known", "2": "account.not_final_known", "6,,7": "account.not_final_shape", "6, 7": "",
		},
		"cashy": {
			"SUCCESS": "account.not_final_known", "REVIEW,fail": "account.not_final_known", "Cancel": "account.not_final_known", "RE\nVIEW": "account.not_final_shape", "REVIEW": "",
		},
	} {
		for words, want := range cases {
			n := services.NewAccount{Name: family + words, Family: family, BaseURL: "http://127.0.0.1:1", MerchantID: "1", AllowLoopback: true,
				Keys: services.Keys{Key: "k", Authorization: "t"}, Rails: []string{map[string]string{"apay": "apay.taiwan", "cashy": "cashy.peru"}[family]}, Zone: "UTC", NotFinal: words}
			_, err := town.Accounts.Add(t.Context(), models.Machine("test"), n)
			var no models.Refusals
			if errors.As(err, &no); want == "" && err != nil || want != "" && (len(no) != 1 || no[0].Key != want || no[0].Field != "not_final") {
				t.Errorf("%s %q: %v", family, words, err)
			}
		}
	}
}
