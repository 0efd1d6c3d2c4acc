package models

import (
	"context"
	"fmt"
	"strings"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// This file is the one place where reading obeys a scope. The scope travels with the
// context of a request, from the one place that knows who asks, and every statement of a
// reader is narrowed by it before it is carried out. So no page, list, sum, stream or
// export can forget it: it would have to ask with a context of nobody. What cannot be
// narrowed is refused.

type scopeKey struct{}

// Seeing is a context in which every reading obeys the scope.
func Seeing(ctx context.Context, s Scope) context.Context {
	return context.WithValue(ctx, scopeKey{}, s)
}

// Everywhere is the same context without a scope, for what is right only over everything:
// the check of the past, a near-duplicate. What it finds is not shown as a list.
func Everywhere(ctx context.Context) context.Context { return Seeing(ctx, Scope{}) }

// scopeOf is the scope of a statement; the whole one where there is none.
func scopeOf(db *gorm.DB) Scope {
	if db.Statement.Context == nil {
		return Scope{}
	}
	s, _ := db.Statement.Context.Value(scopeKey{}).(Scope)
	return s
}

// How rows of each table belong to an account and a currency. A table that is not here
// tells nothing of orders.
const (
	byOrder   = "EXISTS (SELECT 1 FROM payouts seen WHERE seen.id = %[1]s.payout_id AND %[2]s)"
	byHistory = "(NOT EXISTS (SELECT 1 FROM payouts any_order WHERE any_order.payee_id = %[1]s) OR EXISTS (SELECT 1 FROM payouts seen WHERE seen.payee_id = %[1]s AND %[2]s))"
)

var scoped = map[string]func(Scope, string) string{
	"payouts":          func(s Scope, t string) string { return s.sql(t+".account_id", t+".currency") },
	"payout_counts":    func(s Scope, t string) string { return s.sql(t+".account_id", t+".currency") },
	"risk_hours":       func(s Scope, t string) string { return s.sql(t+".account_id", t+".currency") },
	"gateway_accounts": func(s Scope, t string) string { return s.sql(t+".id", t+".currency") },
	"balance_hours":    func(s Scope, t string) string { return s.sqlOfAccount(t + ".account_id") },
	"approvals":        ofOrder, "attempts": ofOrder, "verdicts": ofOrder, "contradictions": ofOrder, "files": ofOrder, "enquiries": ofOrder, "hand_ons": ofOrder, "reminders": ofOrder,
	"questions": ofOrderOrAccount, "notices": ofOrderOrAccount,
	"events":         ofEvent,
	"changes":        ofChange,
	"restored_sends": func(s Scope, t string) string { return s.exists("own.slug = " + t + ".account_slug") },
	"payees":         func(s Scope, t string) string { return fmt.Sprintf(byHistory, t+".id", s.ofSeen()) },
	"payee_versions": func(s Scope, t string) string { return fmt.Sprintf(byHistory, t+".payee_id", s.ofSeen()) },
}

func ofOrder(s Scope, table string) string { return fmt.Sprintf(byOrder, table, s.ofSeen()) }

func ofOrderOrAccount(s Scope, table string) string {
	return "(" + ofOrder(s, table) + " OR " + table + ".payout_id IS NULL AND " + s.sqlOfAccount(table+".account_id") + ")"
}

func (s Scope) ofSeen() string { return s.sql("seen.account_id", "seen.currency") }

// sql is the condition over these columns. The plus keeps each list to the walk along the
// index that it was made for. What is written into it are numbers and letters of a
// currency, never text from a request (S9).
func (s Scope) sql(account, currency string) string {
	conditions := []string{"1"}
	if len(s.Accounts) > 0 {
		conditions = append(conditions, "+"+account+" IN ("+s.accountList()+")")
	}
	if len(s.Currencies) > 0 {
		conditions = append(conditions, "+"+currency+" IN ("+s.currencyList()+")")
	}
	return strings.Join(conditions, " AND ")
}

func (s Scope) sqlOfAccount(column string) string { return s.exists("own.id = " + column) }

// exists says that there is an account of the scope which is that one.
func (s Scope) exists(which string) string {
	return "EXISTS (SELECT 1 FROM gateway_accounts own WHERE " + which + " AND " + s.sql("own.id", "own.currency") + ")"
}

func (s Scope) accountList() string {
	var ids []string
	for _, id := range s.Accounts {
		ids = append(ids, fmt.Sprint(int64(id)))
	}
	return strings.Join(ids, ", ")
}

func (s Scope) currencyList() string {
	var quoted []string
	for _, currency := range s.Currencies {
		if isCurrency(currency) {
			quoted = append(quoted, "'"+currency+"'")
		}
	}
	return strings.Join(quoted, ", ") // none that is readable: nothing is seen
}

func isCurrency(text string) bool {
	return len(text) == 3 && strings.IndexFunc(text, func(r rune) bool { return r < 'A' || r > 'Z' }) < 0
}

// obeyScope makes every statement of the pool obey the scope of its context.
func obeyScope(db *gorm.DB) error {
	if err := db.Callback().Query().Before("gorm:query").Register("countersign:scope", narrow); err != nil {
		return err
	}
	return db.Callback().Row().Before("gorm:row").Register("countersign:scope", narrow)
}

func narrow(db *gorm.DB) {
	s := scopeOf(db)
	if s.Whole() {
		return
	}
	if query := db.Statement.SQL.String(); query != "" {
		if namesOrders(query) {
			_ = db.AddError(fmt.Errorf("a statement written by hand cannot obey the scope of a reader: %s", query))
		}
		return
	}
	if made := db.Statement.TableExpr; made != nil && strings.Contains(made.SQL, "?") && !namesOrders(made.SQL) {
		return // made of other statements, each of which obeys
	} else if made != nil && namesOrders(" "+made.SQL) {
		_ = db.AddError(fmt.Errorf("a table written by hand cannot obey the scope of a reader: %s", made.SQL))
		return
	}
	if condition, ok := scoped[db.Statement.Table]; ok {
		addCondition(db.Statement, condition(s, db.Statement.Table))
	}
}

// namesOrders says whether a statement reads a table that a scope narrows.
func namesOrders(query string) bool {
	for table := range scoped {
		if strings.Contains(query, " "+table) {
			return true
		}
	}
	return false
}

// addCondition narrows what was asked, all of it: also what was joined by OR.
func addCondition(s *gorm.Statement, condition string) {
	if c, ok := s.Clauses["WHERE"]; ok {
		if where, ok := c.Expression.(clause.Where); ok && len(where.Exprs) > 0 {
			c.Expression = clause.Where{Exprs: []clause.Expression{clause.And(where.Exprs...)}}
			s.Clauses["WHERE"] = c
		}
	}
	s.AddClause(clause.Where{Exprs: []clause.Expression{clause.Expr{SQL: "(" + condition + ")"}}})
}
