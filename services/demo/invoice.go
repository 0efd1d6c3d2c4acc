package demo

import (
	"bytes"
	"fmt"
	"strings"

	"countersign/services"
)

// withInvoice lets the maker attach the invoice, so that a visitor reads it on the card.
func (l *life) withInvoice() *life {
	l.invoiced = true
	return l
}

// papers are what the maker attaches.
func (l *life) papers() []services.Upload {
	if !l.invoiced {
		return nil
	}
	currency := l.s.desks[l.payee.desk].Currency
	return []services.Upload{{Name: "invoice " + l.reference + ".pdf", Content: invoicePDF(
		"INVOICE "+l.reference, "To Harbour & Pine Trading", "", l.purpose, "Amount due: "+l.amount+" "+currency, "", "Made for a demonstration. Nobody is owed this.")}}
}

// invoicePDF is a page with these lines, in the one letter that every viewer has.
func invoicePDF(lines ...string) []byte {
	page := "BT /F1 14 Tf 22 TL 72 760 Td"
	for _, line := range lines {
		page += " (" + strings.NewReplacer(`\`, `\\`, "(", `\(`, ")", `\)`).Replace(line) + ") Tj T*"
	}
	page += " ET"
	return pdf(
		"<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
		fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(page), page),
		"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
	)
}

// pdf writes objects, numbered from 1, and the table of where they lie.
func pdf(objects ...string) []byte {
	var file bytes.Buffer
	file.WriteString("%PDF-1.4\n")
	table := fmt.Sprintf("xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for i, object := range objects {
		table += fmt.Sprintf("%010d 00000 n \n", file.Len())
		fmt.Fprintf(&file, "%d 0 obj\n%s\nendobj\n", i+1, object)
	}
	fmt.Fprintf(&file, "%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", table, len(objects)+1, file.Len())
	return file.Bytes()
}
