package cashy

import "countersign/services/gateway"

// The four big banks, which take their own account numbers.
const (
	bbva       = "1"
	interbank  = "2"
	bcp        = "3"
	scotiabank = "4"
)

// needsCCI is true for every bank but the four. Without a bank nothing is known.
func needsCCI(bankID string) bool {
	return bankID != "" && bankID != bbva && bankID != interbank && bankID != bcp && bankID != scotiabank
}

// banks are those of gateways.md 2.7; 15 and 16 do not exist. The gateway's own
// live list decides (BankList).
var banks = []gateway.Option{
	{Value: bbva, Label: "BBVA Continental"}, {Value: interbank, Label: "Interbank"},
	{Value: bcp, Label: "BCP Banco de Crédito de Perú"}, {Value: scotiabank, Label: "Scotiabank"},
	{Value: "5", Label: "Banco Falabella"}, {Value: "6", Label: "BanBif"}, {Value: "7", Label: "Banco Santander"},
	{Value: "8", Label: "Mi Banco"}, {Value: "9", Label: "Banco de Comercio"}, {Value: "10", Label: "Banco Financiero"},
	{Value: "11", Label: "Banco GNB"}, {Value: "12", Label: "Citibank"}, {Value: "13", Label: "Banco de la Nacion"},
	{Value: "14", Label: "CMAC Trujillo"}, {Value: "17", Label: "CMAC Sullana"}, {Value: "18", Label: "CMAC Cusco"},
	{Value: "19", Label: "CMAC Huancayo"}, {Value: "20", Label: "Caja Metropolitana"}, {Value: "21", Label: "Banco Pichincha"},
	{Value: "22", Label: "Banco Azteca"}, {Value: "23", Label: "Banco Cencosud"}, {Value: "24", Label: "ICBC PERU BANK"},
	{Value: "25", Label: "Caja Maynas"}, {Value: "26", Label: "Caja Municipal Ica"}, {Value: "27", Label: "Caja Tacna"},
	{Value: "28", Label: "Banco Ripley"},
}

// prefixes are the first three digits of a CCI and the banks they belong to: a
// hint, since banks merge.
var prefixes = map[string][]string{
	"002": {bcp}, "003": {interbank}, "007": {"12"}, "009": {scotiabank}, "011": {bbva}, "018": {"13"}, "023": {"9"},
	"035": {"10", "21"}, "038": {"6"}, "049": {"8"}, "053": {"11"}, "054": {"5"}, "055": {"28"}, "056": {"7"},
	"800": {"20"}, "802": {"14"}, "805": {"17"}, "806": {"18"}, "808": {"19"}, "813": {"27"},
}

func bankName(id string) string {
	for _, bank := range banks {
		if bank.Value == id {
			return bank.Label
		}
	}
	return id
}
