package handlers

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/gin-gonic/gin"
	"gorm.io/gorm"

	"countersign/models"
	"countersign/views"
	"countersign/views/i18n"
)

// stuckIf says which sums nobody could sign any more after a change (features.md E9): what
// is stuck without it is not what the change is asked about.
func stuckIf(ctx context.Context, db *gorm.DB, change func(models.House) models.House) ([]string, error) {
	house, err := models.ReadHouse(db)
	if err != nil {
		return nil, err
	}
	seen, err := accountsByID(db)
	after := change(house)
	lines := deadlockLines(ctx, seen, house.Newly(after))
	if house.WouldStopForGood(after) {
		lines = append(lines, forGoodWords(ctx, after))
	}
	return lines, err
}

// stopsForGood says that a stop of all sending could not be ended, nothing where it could.
func stopsForGood(ctx context.Context, db *gorm.DB) ([]string, error) {
	house, err := models.ReadHouse(db)
	if err != nil || !house.StopsForGood() {
		return nil, err
	}
	return []string{forGoodWords(ctx, house)}, nil
}

func forGoodWords(ctx context.Context, house models.House) string {
	return i18n.N(ctx, "sending.for_good_words", len(models.Restarters(house.People)))
}

// stuckNow says which sums nobody could sign as everything is.
func stuckNow(ctx context.Context, db *gorm.DB) ([]string, error) {
	stuck, err := models.DeadlocksNow(db)
	if err != nil {
		return nil, err
	}
	seen, err := accountsByID(db)
	return deadlockLines(ctx, seen, stuck), err
}

// deadlockLines say of each deadlock whose orders nobody could sign, and through which
// gateway accounts if it is not all. Of accounts that the reader does not see they say
// nothing.
func deadlockLines(ctx context.Context, seen map[models.AccountID]models.GatewayAccount, stuck []models.Deadlock) (lines []string) {
	for _, s := range stuck {
		names := namesAmong(s.Through, seen)
		if len(s.Through) > 0 && len(names) == 0 {
			continue
		}
		lines = append(lines, deadlockWords(ctx, s, names))
	}
	return lines
}

func namesAmong(ids []models.AccountID, seen map[models.AccountID]models.GatewayAccount) (names []string) {
	for _, id := range ids {
		if a, ok := seen[id]; ok {
			names = append(names, a.Name)
		}
	}
	return names
}

func deadlockWords(ctx context.Context, s models.Deadlock, accounts []string) string {
	var makers []string
	for _, m := range s.Makers {
		makers = append(makers, m.Name)
	}
	who := strings.Join(makers, ", ")
	if len(makers) == 0 {
		who = i18n.T(ctx, "policy.stuck_any")
	}
	from := s.Band.From().String()
	if len(accounts) > 0 {
		from = i18n.T(ctx, "policy.stuck_through", "From", from, "Accounts", strings.Join(accounts, ", "))
	}
	key := "policy.stuck"
	if s.More {
		key = "policy.stuck_more"
	}
	return i18n.T(ctx, key, "From", from, "Need", views.NeedWords(ctx, s.Need), "Makers", who)
}

// newAccountID stands for a gateway account that is not stored yet: whoever sees but some
// accounts does not see it.
const newAccountID models.AccountID = -1

// stuckThrough says which sums nobody could sign through an account that is to be added.
func (h *Handlers) stuckThrough(ctx context.Context, added models.GatewayAccount) ([]string, error) {
	added.ID = newAccountID
	house, err := models.ReadHouse(h.Store.Read(ctx))
	return deadlockLines(ctx, map[models.AccountID]models.GatewayAccount{newAccountID: added}, house.Newly(house.Opening(added))), err
}

// blockedWords say why nobody else can sign an order that waits, a name each; "" if
// somebody can.
func (r *payoutRows) blockedWords(ctx context.Context) string {
	var words []string
	for _, way := range models.WhyBlocked(r.payout, models.SignersOf(r.approvals), r.people) {
		words = append(words, i18n.T(ctx, "blocked."+string(way.Why), "Name", way.Person.Name))
	}
	return strings.Join(words, ", ")
}

// stuckAtOnce says which sums nobody could sign after a change of roles that waits for no
// second person; of one that does, that person is told.
func (h *Handlers) stuckAtOnce(c *gin.Context, shown models.Person, wanted models.Grant) ([]string, error) {
	if wanted.Check() != nil || !wanted.Within(models.GrantOf(shown)) || shown.ID == person(c).ID {
		return nil, nil
	}
	return stuckIf(c.Request.Context(), h.Store.Read(c), func(now models.House) models.House { return now.Granting(shown.ID, wanted) })
}

// stuckError asks to look at what a change would make impossible, and to say that it is
// meant.
func stuckError(c *gin.Context) views.Errors {
	return views.Errors{{ID: "anyway", Text: i18n.T(c.Request.Context(), "policy.stuck_look")}}
}

// stuckAfter says which sums nobody could sign once the change is carried out.
func stuckAfter(ctx context.Context, db *gorm.DB, c models.Change) ([]string, error) {
	if c.Kind != models.ChangeRoles || c.About == nil {
		return nil, nil // a policy that leaves something to nobody is not even proposed
	}
	var grant models.Grant
	if err := json.Unmarshal([]byte(c.Content), &grant); err != nil {
		return nil, fmt.Errorf("read a grant: %w", err)
	}
	return stuckIf(ctx, db, func(now models.House) models.House { return now.Granting(*c.About, grant) })
}
