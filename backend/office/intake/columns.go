package intake

import (
	_ "embed"
	"io"
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/unicode/norm"

	"mailroom/backend/people"
	"mailroom/backend/provider"
)

// Column is one column of a list of people by its own name; those of one value of a
// person are called as the value is.
type Column string

// The columns.
const (
	Name            = Column(provider.AttrName)
	Address         = Column(provider.AttrAddress)
	Departments     = Column(provider.AttrDepartments)
	Title           = Column(provider.AttrTitle)
	Mobile          = Column(provider.AttrMobile)
	Phone           = Column(provider.AttrPhone)
	StaffNo         = Column(provider.AttrStaffNo)
	Gender          = Column(provider.AttrGender)
	Aliases         = Column(provider.AttrAliases)
	Lists           = Column("lists")
	Password        = Column(provider.AttrPassword)
	MustChange      = Column(provider.AttrMustChange)
	Quota           = Column(provider.AttrQuota)
	Hidden          = Column(provider.AttrHidden)
	HiddenAddresses = Column(provider.AttrHiddenAddresses)
	MailRights      = Column(provider.AttrMailRights)
	Forward         = Column(provider.AttrForward)
	Remark          = Column(provider.AttrRemark)
)

// Columns lists them in the template's order.
func Columns() []Column {
	return []Column{
		Name, Address, Departments, Title, Mobile, Phone, StaffNo, Gender, Aliases, Lists, Password, MustChange, Quota, Hidden,
		HiddenAddresses, MailRights, Forward, Remark,
	}
}

//go:embed data/columns.tsv
var columnTable string

//go:embed data/words.tsv
var wordTable string

// headings are the names of the columns out in the world.
type headings struct {
	of               map[string]Column
	chinese, english map[Column]string
}

var known = sync.OnceValue(func() headings {
	h := headings{map[string]Column{}, map[Column]string{}, map[Column]string{}}
	for _, cells := range rowsOf(columnTable) {
		c := Column(cells[0])
		h.of[fold(cells[0])], h.chinese[c], h.english[c] = c, cells[1], cells[2]
		for _, word := range cells[1:] {
			h.of[fold(word)] = c
		}
	}
	return h
})

var words = sync.OnceValue(func() map[string]string {
	all := map[string]string{}
	for _, cells := range rowsOf(wordTable) {
		for _, word := range cells {
			all[fold(word)] = cells[0]
		}
	}
	return all
})

func rowsOf(table string) [][]string {
	var rows [][]string
	for line := range strings.Lines(table) {
		if line = strings.TrimRight(line, "\r\n"); line != "" && line[0] != '#' {
			rows = append(rows, strings.Split(line, "\t"))
		}
	}
	return rows
}

// fold makes words equal that people hold for equal: width, case, blanks, underlines
// and the star of a required column do not count.
func fold(s string) string {
	s = strings.ToLower(norm.NFKC.String(s))
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(" _-*\t\r\n\u00a0\ufeff", r) }), "")
}

// same makes names equal that differ in case, width and blanks only.
func same(s string) string {
	return strings.Join(strings.Fields(strings.ToLower(norm.NFKC.String(s))), " ")
}

// IsHeading says whether a cell names one of our columns.
func IsHeading(cell string) bool {
	_, ok := known().of[fold(cell)]
	return ok
}

// Template writes an empty list to be filled in, with the columns that the office can
// take.
func Template(w io.Writer, format people.Format, chinese bool, caps provider.Capabilities) error {
	names := known().english
	if chinese {
		names = known().chinese
	}
	var row []string
	for _, c := range Columns() {
		if c == Name || c.fits(caps) { // addresses are made from names
			row = append(row, names[c])
		}
	}
	return people.WriteHeadings(w, format, row)
}

// fits says whether an office can take a column.
func (c Column) fits(caps provider.Capabilities) bool {
	switch c {
	case Address:
		return true
	case Lists:
		return caps.Can(provider.CanEditLists)
	case MustChange: // it comes with the password or not at all
		return slices.Contains(caps.Create, provider.AttrMustChange)
	}
	a := provider.Attr(c)
	return slices.Contains(caps.Create, a) || caps.CanChange(a) || c.later(caps)
}

// later says whether the office can set a value right after the creation.
func (c Column) later(caps provider.Capabilities) bool {
	switch c {
	case Aliases:
		return caps.Can(provider.CanEditAliases)
	case Password:
		return caps.Can(provider.CanSetPassword)
	case Hidden:
		return caps.Can(provider.CanHide)
	case HiddenAddresses:
		return caps.Can(provider.CanHideAddresses)
	case MailRights:
		return caps.Can(provider.CanSetMailRights)
	case Forward:
		return caps.Can(provider.CanForward)
	}
	return false
}
