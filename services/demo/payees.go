package demo

import "maps"

// payee is somebody in the story who gets paid, with answers to the questions of
// their rail. All of them are made up.
type payee struct {
	desk, rail, name string
	values           map[string]string
	weight           int // how often they are paid, against 1
	size             int // their usual sums in hundredths of the desk's
	// number makes the account number; other variants are the same bank's.
	number func(variant int) string
	field  string // that holds it
	moved  int    // how often it changed
	known  bool   // by this number, which stays
}

// answers are the form's values as they are now.
func (p *payee) answers() map[string]string {
	values := maps.Clone(p.values)
	values[p.field] = p.number(p.moved)
	return values
}

// often and large describe how somebody is paid.
func (p *payee) often(weight, size int) *payee {
	p.weight, p.size = weight, size
	return p
}

// fixed keeps the number that a payee is known by.
func (p *payee) fixed(number string) *payee {
	usual := p.number
	p.known = true
	p.number = func(variant int) string {
		if variant == 0 {
			return number
		}
		return usual(variant)
	}
	return p
}

func inTaiwan(name, bank string, digits int) *payee {
	return &payee{
		desk: atTaipei, rail: "apay.taiwan", name: name, weight: 2, size: 100, field: "number",
		values: map[string]string{"bank_code": bank, "name": name},
		number: func(variant int) string { return digitsOf(name, variant, digits) },
	}
}

func byUnionPay(name string) *payee {
	return &payee{
		desk: atShanghai, rail: "apay.unionpay", name: name, weight: 2, size: 100, field: "number",
		values: map[string]string{"name": name},
		number: func(variant int) string { return cardNumber(name, variant) },
	}
}

func byAlipay(name, account string) *payee {
	surname := string([]rune(name)[:1])
	return &payee{
		desk: atShanghai, rail: "apay.alipay", name: name, weight: 2, size: 40, field: "alipay_account_name",
		values: map[string]string{"payee_name": name, "alipay_surname": surname},
		number: func(variant int) string {
			if variant == 0 {
				return account
			}
			return "199" + digitsOf(name, variant, 8)
		},
	}
}

// The documents of Peru.
const (
	dni = "1"
	ce  = "3"
	ruc = "4"
)

// inPeru is somebody at one of the four big banks, whose numbers have a length
// of their own, or at another bank, where the prefix of a CCI is given.
func inPeru(name, bank, kind, document string, digits int, prefix string) *payee {
	p := &payee{
		desk: atLima, rail: "cashy.peru", name: name, weight: 2, size: 100, field: "accountNo",
		values: map[string]string{
			"accountName": name, "bankId": bank, "accountType": kind, "idType": document, "idCard": documentNumber(name, document),
			"phone": "+519" + digitsOf(name+" phone", 0, 8),
		},
		number: func(variant int) string { return digitsOf(name, variant, digits) },
	}
	if prefix != "" {
		p.number = func(variant int) string { return cci(name, variant, prefix) }
	}
	return p
}

// payees is the book: forty people and firms in three countries.
func payees() []*payee {
	return []*payee{
		inTaiwan("鴻達物流股份有限公司", "812", 14).fixed("20680100044471").often(4, 320),
		inTaiwan("陳怡君", "822", 16).fixed("4088748280272397").often(3, 90),
		inTaiwan("林志豪", "808", 13).fixed("0598765430085").often(3, 60),
		inTaiwan("張雅婷", "700", 14),
		inTaiwan("黃俊傑", "013", 12),
		inTaiwan("李淑芬", "004", 12).often(1, 70),
		inTaiwan("王冠宇", "807", 14),
		inTaiwan("吳佩珊", "009", 14).often(1, 50),
		inTaiwan("許家豪", "812", 14),
		inTaiwan("蔡宜蓁", "017", 11).often(1, 80),
		inTaiwan("永新包裝材料有限公司", "005", 12).often(3, 180),
		inTaiwan("台灣晴海旅行社股份有限公司", "012", 14).often(2, 240),
		inTaiwan("東昇報關行", "006", 13).often(2, 110),
		inTaiwan("劉建宏", "822", 12).often(1, 60),
		inTaiwan("周欣怡", "808", 13).often(1, 90),
		byUnionPay("王建国").fixed("6222021234567899036").often(3, 120),
		byUnionPay("李娜"),
		byUnionPay("张伟"),
		byUnionPay("刘洋").often(1, 80),
		byUnionPay("陈静").often(1, 60),
		byUnionPay("赵磊"),
		byUnionPay("欧阳明哲").often(1, 140),
		byUnionPay("深圳市恒通精密电子有限公司").fixed("6225880137064821").often(3, 420),
		byUnionPay("杭州云杉软件有限公司").often(2, 300),
		byAlipay("周丽", "li.zhou@163.com").often(3, 30),
		byAlipay("孙浩", "13800138000"),
		byAlipay("徐婷婷", "tingting.xu@qq.com"),
		byAlipay("马超", "13900139000").often(1, 40),
		byAlipay("何雪梅", "xuemei.he@126.com").often(1, 60),
		inPeru("Rosa Elena Chuquihuanca Palomino", "13", "1", dni, 0, "018").often(3, 110),
		inPeru("María Fernanda Quispe Mamani", "3", "1", dni, 14, ""),
		inPeru("José Luis Huamán Ccopa", "2", "1", dni, 13, "").fixed("8983124562290").often(3, 120),
		inPeru("Inversiones Los Andes Cusco SAC", "18", "0", ruc, 0, "806").often(3, 140),
		inPeru("Carlos Alberto Ramírez Torres", "1", "1", dni, 18, ""),
		inPeru("Lucero Milagros Condori Apaza", "4", "1", dni, 10, ""),
		inPeru("Transportes Vilcanota E.I.R.L.", "19", "0", ruc, 0, "808").often(2, 150),
		inPeru("Wilber Yupanqui Huanca", "8", "1", dni, 0, "049").often(1, 70),
		inPeru("Ana Lucía Vargas Salazar", "3", "0", dni, 13, ""),
		inPeru("Servicios Generales Titicaca SAC", "6", "0", ruc, 0, "038").often(2, 140),
		inPeru("Edgar Mamani Choquehuanca", "27", "1", dni, 0, "813").often(1, 80),
		inPeru("Milagros Pérez de la Cruz", "2", "0", dni, 13, ""),
		inPeru("Heinz Gerhard Baumann", "5", "1", ce, 0, "054").often(1, 90),
	}
}
