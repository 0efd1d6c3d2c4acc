package demo

import (
	"hash/fnv"
	"math/rand/v2"
)

// digitsOf are digits that belong to a name: the same at every start, whatever
// the seed. The first is no zero.
func digitsOf(name string, variant, count int) string {
	sum := fnv.New64a()
	sum.Write([]byte(name))
	random := rand.New(rand.NewPCG(sum.Sum64(), uint64(variant)))
	digits := make([]byte, count)
	for i := range digits {
		digits[i] = byte('0' + random.IntN(10))
	}
	if digits[0] == '0' {
		digits[0] = '2'
	}
	return string(digits)
}

// cardNumber is a UnionPay number of nineteen digits with its check digit.
func cardNumber(name string, variant int) string {
	number := "622202" + digitsOf(name, variant, 12)
	sum := 0
	for i := range number {
		digit := int(number[len(number)-1-i] - '0')
		if i%2 == 0 {
			digit *= 2
		}
		sum += digit/10 + digit%10
	}
	return number + string(rune('0'+(10-sum%10)%10))
}

// cci is an interbank number of Peru: bank, branch, account, two check digits.
func cci(name string, variant int, prefix string) string {
	branch, account := digitsOf(name+" branch", 0, 3), digitsOf(name, variant, 12)
	return prefix + branch + account + cciCheck(prefix+branch) + cciCheck(account)
}

// cciCheck weighs digits 1, 2, 1, 2 … and adds the digits of each product.
func cciCheck(digits string) string {
	sum := 0
	for i := range digits {
		product := int(digits[i]-'0') * (1 + i%2)
		sum += product/10 + product%10
	}
	return string(rune('0' + (10-sum%10)%10))
}

// documentNumber is well-formed and nobody's.
func documentNumber(name, kind string) string {
	switch kind {
	case ruc:
		return rucNumber("20" + digitsOf(name+" ruc", 0, 8))
	case ce:
		return "00" + digitsOf(name+" ce", 0, 7)
	}
	return digitsOf(name+" dni", 0, 8)
}

// rucNumber adds the check digit of a firm's tax number.
func rucNumber(ten string) string {
	weights, sum := []int{5, 4, 3, 2, 7, 6, 5, 4, 3, 2}, 0
	for i := range ten {
		sum += int(ten[i]-'0') * weights[i]
	}
	return ten + string(rune('0'+(11-sum%11)%10))
}
