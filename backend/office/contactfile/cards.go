package contactfile

import (
	"slices"
	"strconv"
	"strings"

	"mailroom/backend/office/contactfile/vcard"
	"mailroom/backend/provider"
)

// orderProperty holds a contact's place in its book, which vCard has no property for.
const orderProperty = "X-MAILROOM-ORDER"

// readCards reads business cards. Cards that are groups (RFC 6350, 6.1.4; Apple's own word in
// 3.0) name their members.
func (f *File) readCards(raw []byte) {
	cards, faults := vcard.Read(raw)
	for _, fault := range faults {
		f.problem(Problem{Code: Code(fault.Code), Stop: true})
	}
	byUID, byAddress := map[string]int{}, map[string]int{}
	var groups []vcard.Card
	for _, c := range cards {
		if isGroup(c) {
			groups = append(groups, c)
			continue
		}
		before := len(f.Entries)
		f.card(c)
		if len(f.Entries) == before {
			continue
		}
		if uid := c.Text("UID"); uid != "" {
			byUID[strings.ToLower(strings.TrimPrefix(uid, "urn:uuid:"))] = before
		}
		for _, a := range f.Entries[before].Contact.Addresses {
			byAddress[strings.ToLower(a)] = before
		}
	}
	for _, g := range groups {
		name := cut(g.Text("FN"), maxText/4)
		for _, m := range append(g.All("MEMBER"), g.All("X-ADDRESSBOOKSERVER-MEMBER")...) {
			at, ok := byUID[strings.TrimPrefix(strings.ToLower(strings.TrimSpace(m.Value)), "urn:uuid:")]
			if !ok {
				at, ok = byAddress[strings.TrimPrefix(strings.ToLower(strings.TrimSpace(m.Value)), "mailto:")]
			}
			if c := &f.Entries; ok && name != "" {
				(*c)[at].Contact.Groups = unique(append((*c)[at].Contact.Groups, name))
			}
		}
	}
}

func isGroup(c vcard.Card) bool {
	return strings.EqualFold(c.Text("KIND"), "group") || strings.EqualFold(c.Text("X-ADDRESSBOOKSERVER-KIND"), "group")
}

// cardNames are the properties in which a contact's values stand.
var cardNames = map[provider.Attr]string{
	provider.AttrName: "FN", attrAddresses: "EMAIL", provider.AttrMobile: "TEL", provider.AttrPhone: "TEL", attrCompany: "ORG",
	provider.AttrTitle: "TITLE", provider.AttrRemark: "NOTE", attrGroups: "CATEGORIES", attrOrder: orderProperty,
}

// read are the properties that we understand: a fault in another one does not matter.
var read = []string{"", "FN", "N", "EMAIL", "TEL", "ORG", "TITLE", "ROLE", "NOTE", "CATEGORIES", "NICKNAME", orderProperty}

func (f *File) card(card vcard.Card) {
	stopped := false
	for _, fault := range card.Faults {
		if !slices.Contains(read, fault.Property) {
			continue
		}
		stop := fault.Code == vcard.Unclosed || fault.Code == vcard.BadEncoding
		stopped = stopped || stop
		f.problem(Problem{Code: Code(fault.Code), Row: card.Number, Column: fault.Property, Stop: stop})
	}
	if stopped {
		return
	}
	c := provider.Contact{Name: cardName(card), Company: company(card), Title: card.Text("TITLE")}
	if c.Title == "" {
		c.Title = card.Text("ROLE")
	}
	var notes []string
	for _, p := range card.All("NOTE") {
		if text := strings.TrimSpace(vcard.Text(p.Value)); text != "" {
			notes = append(notes, text)
		}
	}
	c.Remark = strings.Join(notes, "\n")
	for _, p := range preferred(card.All("EMAIL")) {
		c.Addresses = append(c.Addresses, bareAddress(vcard.Text(p.Value)))
	}
	for _, p := range card.All("CATEGORIES") {
		for _, part := range vcard.Parts(p.Value, ',') {
			if !slices.Contains(systemGroups, strings.ToLower(strings.TrimSpace(part))) {
				c.Groups = append(c.Groups, part)
			}
		}
	}
	n := cardNumbers(card)
	c.Mobile, c.Phone = n.mobile, n.phone
	if n.left != "" {
		f.problem(Problem{Code: MoreTels, Row: card.Number, Column: "TEL", Value: n.left})
	}
	if text := card.Text(orderProperty); text != "" {
		if order, err := strconv.Atoi(text); err == nil && order >= 0 && order <= maxOrder {
			c.Order = order
		} else {
			f.problem(Problem{Code: BadOrder, Row: card.Number, Column: orderProperty, Value: text})
		}
	}
	f.take(Entry{Row: card.Number, Contact: c}, func(a provider.Attr) string { return cardNames[a] })
}

func cardName(card vcard.Card) string {
	if name := card.Text("FN"); name != "" {
		return name
	}
	for _, p := range card.All("N") {
		n := append(vcard.Parts(p.Value, ';'), "", "", "")
		if name := fullName(n[0], n[1], n[2]); name != "" {
			return name
		}
	}
	return card.Text("NICKNAME")
}

// company is the first part of ORG that says something: the others are departments.
func company(card vcard.Card) string {
	for _, p := range card.All("ORG") {
		for _, part := range vcard.Parts(p.Value, ';') {
			if part = strings.TrimSpace(part); part != "" {
				return part
			}
		}
	}
	return ""
}

// preferred puts what the card's owner prefers first.
func preferred(all []vcard.Property) []vcard.Property {
	slices.SortStableFunc(all, func(a, b vcard.Property) int { return a.Rank() - b.Rank() })
	return all
}

func cardNumbers(card vcard.Card) *tels {
	n := &tels{}
	for _, p := range preferred(card.All("TEL")) {
		number := strings.TrimSpace(vcard.Text(p.Value))
		if rest, ok := strings.CutPrefix(strings.ToLower(number), "tel:"); ok {
			number, _, _ = strings.Cut(number[len(number)-len(rest):], ";") // RFC 3966: parameters follow
		}
		kind := strings.ReplaceAll(strings.Join(p.Types(), " "), "pref", "")
		n.add(number, strings.TrimSpace(kind))
	}
	return n
}
