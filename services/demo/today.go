package demo

import (
	"net/http"
	"time"

	"countersign/models"
	"countersign/services"
	"countersign/services/gateway/sandbox"
)

// planToday plans the trouble that a visitor finds. All times are before the
// present, whatever the hour.
func (s *story) planToday() {
	s.planUnclear()
	s.planStrangers()
	s.planWaiting()
	s.planQuiet()
	s.planUnderway()
	s.planEnded()
}

// sentAgo begins an order that leaves so long before the present, with the
// signatures that it needs.
func (s *story) sentAgo(ago time.Duration, maker, name, amount, purpose string, signers ...string) *life {
	lead := 90*time.Second + time.Duration(len(signers))*7*time.Minute
	l := s.order(s.ago(ago+lead), maker, s.payee(name), amount, purpose).submitted(90 * time.Second)
	for _, who := range signers {
		l.signed(who, 7*time.Minute)
	}
	return l
}

// planUnclear plans orders of which nobody knows whether the money left, each
// for another reason. The platform stays silent about all of them.
func (s *story) planUnclear() {
	s.sentAgo(5*time.Hour+12*time.Minute, chen, "陳怡君", "124000", "Sales commission", lin).
		is(silent(nil)).unheard().
		claimed(ortega, 40*time.Minute).
		enquired(ortega, 15*time.Minute, services.SentEnquiry{Language: "zh-Hant", Channel: "chat", Person: "APAY support", Text: "代付訂單查詢 %s\n\n請以書面答覆，並在答覆中寫明我方訂單號。"}).
		told(75*time.Minute, sandbox.Tell{Say: sandbox.Paid, Alter: sandbox.AlterBadSign, Once: true})
	s.sentAgo(4*time.Hour+3*time.Minute, chen, "林志豪", "52000", "Tour deposit returned", lin).
		is(silent(nil)).unheard().
		proposed(ortega, 3*time.Hour+28*time.Minute, services.Proposal{
			Says: "not_paid", Evidence: "gateway_reply",
			Text:   "APAY support, Ms Gu, by e-mail: we have no order %s. It was not received, no funds were moved.",
			Reason: "The gateway says in writing that it never had the order",
			Files:  []services.Upload{reply("APAY support.txt", "From: support@apay.example\nIt was not received, no funds were moved.\n")},
		})
	s.sentAgo(2*time.Hour+50*time.Minute, wang, "周丽", "960.50", "Design of the label", lin).is(works())
	s.sentAgo(58*time.Minute, wang, "王建国", "36000", "Connector parts", lin).is(silent(unheardOf))
	s.sentAgo(48*time.Minute, ramos, "Rosa Elena Chuquihuanca Palomino", "1640", "Asesoria legal", ortega, tsai).
		is(silent(sandbox.ReplyStatus(http.StatusBadGateway)))
	s.sentAgo(22*time.Minute, ramos, "Servicios Generales Titicaca SAC", "980", "Servicio de almacen", ortega).
		is(silent(sandbox.ReplyEmpty))
	s.sentAgo(9*time.Minute, chen, "永新包裝材料有限公司", "38900", "Packaging", lin).is(silent(sandbox.ReplyReset))
}

// planStrangers plans a notice about an order that nobody here knows.
func (s *story) planStrangers() {
	s.sentAgo(100*time.Minute, ramos, "Ana Lucía Vargas Salazar", "415.80", "Viaticos Cusco", ortega).
		told(12*time.Minute, sandbox.Tell{Say: sandbox.Paid, Alter: sandbox.AlterOtherOrder, Once: true})
}

// planWaiting plans what waits for a signature, and what is held.
func (s *story) planWaiting() {
	s.order(s.ago(78*time.Minute), chen, s.payee("鴻達物流股份有限公司"), "645400", "Freight to Keelung").withInvoice().
		submitted(3*time.Minute).signed(tsai, 15*time.Minute)
	s.order(s.ago(58*time.Minute), wang, s.payee("深圳市恒通精密电子有限公司"), "128400", "Connector parts").
		submitted(2*time.Minute).signed(lin, 20*time.Minute)
	s.planMoved()
	s.order(s.ago(44*time.Minute), chen, s.payee("許家豪"), "30200", "Translation").submitted(2*time.Minute).
		corrected(12*time.Minute, "31200").submitted(time.Minute).
		noted(chen, time.Minute, "To the new branch. Lin called him this morning.")
	s.planNearDuplicate()
	// Signed, and more than any one payout of CNY may be.
	s.order(s.ago(95*time.Minute), wang, s.payee("深圳市恒通精密电子有限公司"), "212600", "Connector parts").
		submitted(2*time.Minute).signed(lin, 12*time.Minute).signed(tsai, 9*time.Minute)
	s.order(s.ago(36*time.Minute), ramos, s.payee("José Luis Huamán Ccopa"), "1480", "Transporte Callao").withInvoice().submitted(2 * time.Minute)
	s.order(s.ago(31*time.Minute), chen, s.payee("黃俊傑"), "27450.02", "Translation").submitted(time.Minute)
	s.order(s.ago(26*time.Hour), chen, s.payee("台灣晴海旅行社股份有限公司"), "3200000", "Tour deposit returned").
		submitted(5*time.Minute).signed(lin, 40*time.Minute)
	s.order(s.ago(2*time.Hour+10*time.Minute), ramos, s.payee("Inversiones Los Andes Cusco SAC"), "1200", "Transporte Callao").
		submitted(2*time.Minute).
		held(ortega, 9*time.Minute, "They wrote that their bank details change this week. Calling them back first")
	s.order(s.ago(50*time.Minute), chen, s.payee("周欣怡"), "22750", "Translation")
	s.order(s.ago(27*time.Minute), ramos, s.payee("Edgar Mamani Choquehuanca"), "340.60", "Reparacion de equipo")
	s.order(s.ago(12*time.Minute), wang, s.payee("徐婷婷"), "1288", "Samples")
}

// planQuiet plans what is approved at one go: asked for at the end of the last day of work,
// for people who are paid often, over sums as usual.
func (s *story) planQuiet() {
	for i, o := range []struct{ maker, name, amount, purpose string }{
		{chen, "吳佩珊", "21300", "Translation"},
		{chen, "蔡宜蓁", "31450", "Sales commission"},
		{wang, "刘洋", "4180", "Inspection at the works"},
		{wang, "孙浩", "2065", "Samples"},
	} {
		s.order(s.afternoon().Add(time.Duration(i)*9*time.Minute), o.maker, s.payee(o.name), o.amount, o.purpose).submitted(2 * time.Minute)
	}
}

// planMoved plans two payees with new accounts: one was called and changed, the other
// waits for a call and a second person, as does somebody who is new to the book.
func (s *story) planMoved() {
	moved := s.move(s.ago(96*time.Minute), chen, s.payee("許家豪"), "He changed branches and sent the new number by mail.")
	moved.called(lin, 14*time.Minute, "Contract of 2023, page 2").confirmed(lin, 6*time.Minute)
	s.move(s.ago(2*time.Hour+20*time.Minute), ramos, s.payee("Inversiones Los Andes Cusco SAC"), "Carta por correo: cambian de cuenta esta semana.")
	s.entered(s.ago(52*time.Minute), chen, inTaiwan("翁曉雯", "812", 14), "Interpreter for the fair in December, contract 131; her account stands in the annex")
}

// planNearDuplicate plans an order like one of three days ago, and says why.
func (s *story) planNearDuplicate() {
	earlier := s.order(s.morning(3), chen, s.payee("張雅婷"), "18500", "Translation").submitted(time.Minute).signed(lin, 10*time.Minute)
	again := s.order(s.ago(40*time.Minute), chen, earlier.payee, "18500", "Translation").submitted(4 * time.Minute)
	again.twin = "The second half of the catalogue, same number of pages, its own invoice"
}

// planUnderway plans what the platform has and works on: some of it settles while a
// visitor looks on, what it has had for longer stays.
func (s *story) planUnderway() {
	s.sentAgo(29*time.Minute, chen, "吳佩珊", "9150", "Translation", lin).is(works())
	s.sentAgo(24*time.Minute, wang, "孙浩", "2980.40", "Samples", lin).is(works())
	s.sentAgo(17*time.Minute, wang, "刘洋", "6450", "Inspection at the works", lin).is(works())
	s.sentAgo(14*time.Minute, ramos, "Transportes Vilcanota E.I.R.L.", "720", "Transporte Callao", ortega).is(works())
	s.sentAgo(11*time.Minute, chen, "蔡宜蓁", "26800", "Sales commission", lin).is(works())
	s.sentAgo(8*time.Minute, wang, "王建国", "18500", "Inspection at the works", lin).is(works())
	s.sentAgo(5*time.Minute, ramos, "María Fernanda Quispe Mamani", "1850", "Comision de ventas", ortega, tsai).is(works())
	s.sentAgo(3*time.Minute, chen, "東昇報關行", "64320", "Customs duties advanced", lin).is(works())
	s.sentAgo(50*time.Second, chen, "劉建宏", "12480.50", "Sales commission", lin).is(works())
}

// planEnded plans what came to an end today.
func (s *story) planEnded() {
	s.sentAgo(4*time.Hour, ramos, "Wilber Yupanqui Huanca", "520", "Viaticos Cusco", ortega).
		is(refuses("0012", "Params_accountNo_error"))
	s.order(s.ago(3*time.Hour), wang, s.payee("马超"), "2310.75", "Courier").submitted(time.Minute).
		rejected(lin, 25*time.Minute, models.Rejection{For: models.RejectAmount, Text: "The courier's invoice is over 231.75, not over 2,310.75"})
	s.order(s.ago(25*time.Hour), chen, s.payee("陳怡君"), "7800", "Translation").submitted(time.Minute).
		withdrawn(6*time.Minute, "The supplier asked to wait")
	s.sentAgo(3*time.Hour+20*time.Minute, ramos, "José Luis Huamán Ccopa", "1310", "Transporte Callao", ortega).is(pays(6 * time.Minute))
	s.sentAgo(92*time.Minute, chen, "王冠宇", "45210.35", "Warehouse rent", lin)
	s.sentAgo(33*time.Minute, wang, "何雪梅", "3640", "Samples", lin).is(pays(3 * time.Minute))
}
