package families

import (
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"

	"countersign/models"
	"countersign/services/gateway"
	"countersign/services/gateway/apay"
	"countersign/services/gateway/cashy"
)

// catalogue is the English one of gateways.
func catalogue(t *testing.T) map[string]string {
	t.Helper()
	text, err := os.ReadFile("../../../views/i18n/en/gateways.json")
	if err != nil {
		t.Fatal(err)
	}
	whole := map[string]json.RawMessage{}
	if err := json.Unmarshal(text, &whole); err != nil {
		t.Fatal(err)
	}
	words := map[string]string{}
	for key, text := range whole { // a text, or one for each plural
		words[key] = strings.Trim(string(text), `"`)
	}
	return words
}

func TestEveryRailCanBeAskedForAndFound(t *testing.T) {
	words := catalogue(t)
	need := func(key string) {
		if words[key] == "" {
			t.Errorf("no words for %q", key)
		}
	}
	for _, family := range All() {
		for _, rail := range family.Rails() {
			need(rail.Key)
			found, same, ok := Rail(rail.ID)
			if !ok || found.Name() != family.Name() || same.ID != rail.ID || rail.Family != family.Name() {
				t.Errorf("%s is not found again", rail.ID)
			}
			for _, field := range rail.Fields {
				needField(need, rail, field)
			}
			for _, name := range []string{rail.NameField, rail.AccountField} {
				if field, ok := rail.Field(name); !ok || !field.Required || !field.Payee {
					t.Errorf("%s: %q is no answer about the payee", rail.ID, name)
				}
			}
			if field, _ := rail.Field(rail.AccountField); !field.Secret {
				t.Errorf("%s: the account number would be shown", rail.ID)
			}
			if rail.NormalTime <= 0 || rail.Min.Currency != rail.Currency || rail.Max.Currency != rail.Currency || rail.Max.Minor > models.MaxMinor {
				t.Errorf("%s: %v, %v to %v", rail.ID, rail.NormalTime, rail.Min, rail.Max)
			}
		}
	}
}

func needField(need func(string), rail gateway.Rail, field gateway.Field) {
	labels := map[string]bool{field.KeyFor(nil): true, field.Key: true}
	bank, _ := rail.Field(rail.BankField)
	for _, option := range bank.Choices {
		labels[field.KeyFor(map[string]string{rail.BankField: option.Value})] = true
	}
	for label := range labels {
		need(label)
		if field.Hint {
			need(label + ".hint")
		}
	}
	for _, option := range field.Choices {
		if option.Key != "" {
			need(option.Key)
		}
	}
}

func TestEveryCodeHasItsSentence(t *testing.T) {
	words := catalogue(t)
	said := map[string]bool{}
	apay, _ := Find("apay")
	cashy, _ := Find("cashy")
	for _, word := range []string{"0000", "0004", "0006", "0012", "0018", "0019", "0050", "0", "1", "2", "3", "4", "5"} {
		key, _ := apay.Explain(word)
		said[key] = true
	}
	for key := range words {
		prefix, word, _ := strings.Cut(key, ".cashy.")
		if prefix == "result" || prefix == "status" {
			got, _ := cashy.Explain(strings.ToUpper(word))
			if got != key {
				t.Errorf("%s explains as %q", word, got)
			}
			said[got] = true
		}
	}
	for _, word := range []string{
		"200", "MerchantId_is_null", "MerchantId_not_Number", "MerchantId_is_error", "Sign_verify_error", "RequestMethod_not_post",
		"RequestContentType_not_json", "RequestBody_is_null", "Params_jsonFormat_error", "Request_ip_notWhiteList", "Params_idCard_Required",
		"Params_idCard_error", "Params_mchOrderNo_error", "System_error", "System_busy", "System_Maintenance", "Order_already_exists", "Order_not_exist",
	} {
		key, _ := cashy.Explain(word)
		said[key] = true
	}
	for key := range said {
		if words[key] == "" {
			t.Errorf("no words for %q", key)
		}
	}
	for key := range words {
		if area, _, _ := strings.Cut(key, "."); (area == "code" || area == "status" || area == "result") && !said[key] {
			t.Errorf("%q is never said", key)
		}
	}
	for _, family := range All() {
		if key, _ := family.Explain("a word that nobody documented"); key != "" {
			t.Errorf("%s explains anything, as %q", family.Name(), key)
		}
	}
}

// TestEveryKeyInCodeHasWords reads the sources, since errors are made there.
func TestEveryKeyInCodeHasWords(t *testing.T) {
	words := catalogue(t)
	key := regexp.MustCompile(`"((?:answer|amount|number|surname|document|contact|remark|address|field|rail)\.[a-z_.]+)"`)
	for _, folder := range []string{"..", "../apay", "../cashy"} {
		entries, err := os.ReadDir(folder)
		if err != nil {
			t.Fatal(err)
		}
		for _, entry := range entries {
			if !strings.HasSuffix(entry.Name(), ".go") || strings.HasSuffix(entry.Name(), "_test.go") {
				continue
			}
			text, err := os.ReadFile(folder + "/" + entry.Name())
			if err != nil {
				t.Fatal(err)
			}
			for _, found := range key.FindAllStringSubmatch(string(text), -1) {
				if strings.HasSuffix(found[1], ".") {
					continue // the beginning of a key
				}
				if words[found[1]] == "" {
					t.Errorf("%s/%s: no words for %q", folder, entry.Name(), found[1])
				}
			}
		}
	}
}

func TestEveryFaultHasWords(t *testing.T) {
	words := catalogue(t)
	for area, all := range map[string][]string{
		"exchange": {
			gateway.DetailRequest, gateway.DetailAddress, gateway.DetailName, gateway.DetailRefused, gateway.DetailUnreachable, gateway.DetailTLS,
			gateway.DetailCertificate, gateway.DetailDeadline, gateway.DetailReset, gateway.DetailMalformed, gateway.DetailTooLarge, gateway.DetailStopped, gateway.DetailJournal,
		},
		"alarm": {gateway.AlarmUnmapped, gateway.AlarmRedirect, gateway.AlarmOtherOrder, gateway.AlarmCertificate},
		"problem": {
			string(gateway.ProblemNotSent), string(gateway.ProblemTimeout), string(gateway.ProblemCut), string(gateway.ProblemRedirect),
			string(gateway.ProblemEmpty), string(gateway.ProblemUnreadable), string(gateway.ProblemUnmapped), string(gateway.ProblemBusy),
			string(gateway.ProblemToken), string(gateway.ProblemSign), string(gateway.ProblemOtherOrder), string(gateway.ProblemAmount), "http",
		},
		"check": {
			string(gateway.CheckGood), string(gateway.CheckBad), string(gateway.CheckMissing), string(gateway.CheckAlgorithm),
			string(gateway.CheckUnreadable), string(gateway.CheckSplit), string(gateway.CheckOtherMerchant),
		},
	} {
		for _, word := range all {
			if words[area+"."+word] == "" {
				t.Errorf("no words for %s.%s", area, word)
			}
		}
	}
}

// Whoever cannot prove who he is raises the alarm, whatever we wanted of him (M15).
func TestM15_AStrangersCertificateRaisesTheAlarmWhenSendingAndWhenAsking(t *testing.T) {
	stranger := gateway.Response{Fault: gateway.FaultNotSent, Detail: gateway.DetailCertificate}
	for _, family := range All() {
		receipt := family.ReadCreate(gateway.Account{}, gateway.Order{}, stranger)
		if receipt.Kind != gateway.NotSent || receipt.Alarm != gateway.AlarmCertificate {
			t.Errorf("%s: %+v", family.Name(), receipt)
		}
		answer := family.ReadQuery(gateway.Account{}, gateway.Order{}, stranger)
		if answer.Outcome != gateway.Unknown || answer.Problem != gateway.ProblemNotSent || answer.Alarm != gateway.AlarmCertificate {
			t.Errorf("%s: %+v", family.Name(), answer)
		}
	}
}

// However an account widens "not final", what is documented keeps its meaning (I9, I10).
func TestI10_WideningNeverTouchesADocumentedWord(t *testing.T) {
	for family, words := range map[gateway.Family]map[string]gateway.Outcome{
		apay.New():  {"1": gateway.Working, "3": gateway.Paid, "4": gateway.Failed, "5": gateway.Failed, "9": gateway.Working, "8": gateway.Unknown},
		cashy.New(): {"PAYING": gateway.Working, "SUCCESS": gateway.Paid, "FAIL": gateway.Failed, "CANCEL": gateway.Failed, "FROZEN": gateway.Working, "LOST": gateway.Unknown},
	} {
		account := gateway.Account{MerchantID: "1", Key: "k", Currency: "PEN", NotFinal: []string{"3", "4", "5", "9", "SUCCESS", "FAIL", "CANCEL", "FROZEN", ""}}
		order := gateway.Order{OrderNo: "N1", Amount: models.Money{Minor: 100, Currency: "PEN"}}
		for word, want := range words {
			body := `{"error_code":"0000","code":200,"data":{"payout_cl_id":"N1","mchOrderNo":"N1","status":"` + word + `","orderStatus":"` + word + `"}}`
			answer := family.ReadQuery(account, order, gateway.Response{Status: 200, Body: []byte(body)})
			notice := gateway.Notice{Facts: answer.Facts}.Settle(account, family.Means(word))
			if answer.Outcome != want || notice.Outcome != want {
				t.Errorf("%s %s: %d to a question, %d in a notice, want %d", family.Name(), word, answer.Outcome, notice.Outcome, want)
			}
		}
	}
}
