package apay

import "countersign/services/gateway"

// taiwanBanks are Taiwan's general bank codes. The gateway's own list was not
// to be seen; compare with the operator. Codes are strings: zeros in front count.
var taiwanBanks = []gateway.Option{
	bank("004", "Bank of Taiwan"), bank("005", "Land Bank"), bank("006", "Taiwan Cooperative"), bank("007", "First"),
	bank("008", "Hua Nan"), bank("009", "Chang Hwa"), bank("011", "Shanghai C&S"), bank("012", "Taipei Fubon"),
	bank("013", "Cathay United"), bank("016", "Kaohsiung"), bank("017", "Mega"), bank("018", "Agricultural"),
	bank("020", "Mizuho"), bank("021", "Citibank"), bank("022", "BofA"), bank("039", "ANZ"),
	bank("050", "Taiwan Business"), bank("052", "Standard Chartered"), bank("053", "Taichung"), bank("054", "King's Town"),
	bank("073", "Deutsche"), bank("075", "East Asia"), bank("081", "HSBC"), bank("082", "BNP"),
	bank("102", "Hwatai"), bank("103", "Shin Kong"), bank("108", "Sunny"), bank("118", "Panshin"),
	bank("147", "COTA"), bank("700", "Chunghwa Post"), bank("803", "Union"), bank("805", "Far Eastern"),
	bank("806", "Yuanta"), bank("807", "SinoPac"), bank("808", "E.Sun"), bank("809", "KGI"),
	bank("810", "DBS"), bank("812", "Taishin"), bank("815", "Jih Sun"), bank("816", "EnTie"),
	bank("822", "CTBC"),
}

func bank(code, name string) gateway.Option { return gateway.Option{Value: code, Label: name} }
