package commands

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"text/tabwriter"
	"time"

	"countersign/models"
	"countersign/services"
)

type account struct {
	Add  accountAdd  `cmd:"" help:"Connect a merchant at a gateway."`
	List accountList `cmd:"" help:"List gateway accounts and the addresses for their notices."`
}

type accountAdd struct {
	place
	Name             string        `arg:"" help:"Name as colleagues read it: APAY Taipei."`
	Family           string        `help:"Protocol: apay (gateway v2) or cashy (payOut)." enum:"apay,cashy" required:""`
	BaseURL          string        `help:"Address of the gateway, with any path before /gateway or /api." required:"" placeholder:"URL"`
	MerchantID       string        `help:"The gateway's id for you: platform_id, MerchantId." required:"" placeholder:"ID"`
	KeysFile         string        `help:"JSON file {\"key\": \"…\", \"authorization\": \"…\"}; authorization is apay's token for queries." required:"" type:"existingfile" placeholder:"FILE"`
	Rails            []string      `help:"What it pays: apay.unionpay, apay.alipay, apay.taiwan, cashy.peru. One currency an account." required:""`
	Zone             string        `help:"The gateway's time zone, for times it sends without one." required:"" placeholder:"ZONE"`
	Algorithm        string        `help:"How to sign; the family's strongest if left out." placeholder:"NAME"`
	QueryShape       string        `help:"apay: list or single, as the deployment answers queries." enum:"list,single," default:""`
	Timeout          time.Duration `help:"Total deadline of one exchange." default:"30s"`
	Questions        string        `help:"Gaps between questions in seconds, comma separated; the last one repeats." placeholder:"S,S,…"`
	VerdictWait      time.Duration `help:"How long after the last sign of life \"not paid\" may be proposed; the gateway's notice window if left out."`
	VerdictQuestions int           `help:"How many questions \"not paid\" needs." default:"3"`
	NotFinal         string        `help:"Words of status that this gateway uses and no document names, comma separated; they decide nothing." placeholder:"WORD,…"`
	AllowLoopback    bool          `help:"Let this account, and only this machine's own addresses, be reached without https: sandbox and tests."`
}

// Run stores the account with its keys sealed.
func (a accountAdd) Run(ctx context.Context, out io.Writer) error {
	text, err := os.ReadFile(a.KeysFile)
	if err != nil {
		return err
	}
	var keys services.Keys
	if err := json.Unmarshal(text, &keys); err != nil {
		return fmt.Errorf("keys file: %w", err)
	}
	return a.use(func(h *house) error {
		added, err := h.accounts.Add(ctx, operator(), services.NewAccount{
			Name: a.Name, Family: a.Family, BaseURL: a.BaseURL, MerchantID: a.MerchantID, Keys: keys, Algorithm: a.Algorithm,
			QueryShape: a.QueryShape, Rails: a.Rails, Zone: a.Zone, AllowLoopback: a.AllowLoopback, Timeout: a.Timeout,
			Questions: a.Questions, VerdictWait: a.VerdictWait, VerdictQuestions: a.VerdictQuestions, NotFinal: a.NotFinal,
		})
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "%s is connected. Keys are sealed, fingerprint %s. Delete %s now.\n", added.Name, added.Fingerprint, a.KeysFile)
		return printNotifyURL(ctx, h, out, added)
	})
}

func printNotifyURL(ctx context.Context, h *house, out io.Writer, a models.GatewayAccount) error {
	address, err := h.accounts.NotifyURL(ctx, a)
	if err != nil {
		return err
	}
	if address == "" {
		address = "/webhooks/" + a.Slug + " behind your public address (set it with serve --public-url)"
	}
	_, err = fmt.Fprintf(out, "Its notices come to %s\n", address)
	return err
}

type accountList struct{ place }

// Run lists the accounts.
func (a accountList) Run(ctx context.Context, out io.Writer) error {
	return a.use(func(h *house) error {
		accounts, err := models.Accounts(h.core.Store.Read(ctx))
		if err != nil {
			return err
		}
		table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(table, "NAME\tFAMILY\tADDRESS\tMERCHANT\tRAILS\tKEYS")
		for _, a := range accounts {
			fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\n", a.Name, a.Family, a.BaseURL, a.MerchantID, a.Rails, a.Fingerprint)
		}
		return table.Flush()
	})
}
