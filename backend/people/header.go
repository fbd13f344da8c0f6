package people

import (
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// synonyms are the headers that offices write, beside the canonical names. The first
// one is the Chinese template's.
var synonyms = map[Column][]string{
	FromUser:     {"旧邮箱", "原邮箱", "源邮箱", "旧账号", "旧帐号", "原账号", "原帐号", "源账号", "旧邮箱地址", "旧地址", "舊信箱", "舊郵箱", "old_mailbox", "old_user", "old_email", "source_user", "from"},
	FromPassword: {"旧密码", "原密码", "源密码", "旧授权码", "旧邮箱密码", "原邮箱密码", "旧客户端密码", "舊密碼", "old_password", "source_password"},
	ToUser:       {"新邮箱", "目标邮箱", "新账号", "新帐号", "目标账号", "目标帐号", "新邮箱地址", "新地址", "新信箱", "新郵箱", "new_mailbox", "new_user", "new_email", "destination_user", "target_user", "to"},
	ToPassword:   {"新密码", "目标密码", "新授权码", "新邮箱密码", "目标邮箱密码", "新客户端密码", "新密碼", "new_password", "destination_password", "target_password"},
	FromURL:      {"旧服务器", "原服务器", "源服务器", "旧地址链接", "舊伺服器", "old_url", "old_server", "source_url", "from_server"},
	ToURL:        {"新服务器", "目标服务器", "新伺服器", "new_url", "new_server", "destination_url", "target_url", "to_server"},
	Name:         {"姓名", "名字", "成员", "员工", "显示名", "full_name", "display_name", "person"},
}

var columnOf = func() map[string]Column {
	m := map[string]Column{}
	for _, c := range Columns() {
		m[string(c)] = c
		for _, s := range synonyms[c] {
			m[s] = c
		}
	}
	return m
}()

// headerKey folds width, case, and the ways of joining words: "From User" and
// "from-user" are from_user.
func headerKey(s string) string {
	s = strings.ToLower(norm.NFKC.String(strings.Trim(norm.NFKC.String(s), " \t\r\n\u00a0\ufeff*")))
	return strings.NewReplacer(" ", "_", "-", "_").Replace(s)
}

// layout says in which cell which column stands.
type layout struct {
	at    map[Column]int
	width int
}

// knownHeaders counts how many cells are headers that we know.
func knownHeaders(cells []string) int {
	n := 0
	for _, c := range cells {
		if _, ok := columnOf[headerKey(c)]; ok {
			n++
		}
	}
	return n
}

// headings counts the cells that are headings in the list that is read.
func (c *checker) headings(cells []string) int {
	if c.known == nil {
		return knownHeaders(cells)
	}
	n := 0
	for _, cell := range cells {
		if c.known(cell) {
			n++
		}
	}
	return n
}

// header reads the header row; false means that the rows below cannot be understood.
func (c *checker) header(cells []string, row int) bool {
	c.layOut(cells, row)
	required := c.options.required()
	for _, col := range required {
		if !c.layout.has(col) {
			c.problem(MissingColumn, row, col)
		}
	}
	return !slices.ContainsFunc(required, func(col Column) bool { return !c.layout.has(col) })
}

// layOut finds out which column stands where.
func (c *checker) layOut(cells []string, row int) {
	c.layout = layout{at: map[Column]int{}}
	for i, cell := range cells {
		if strings.TrimSpace(cell) != "" {
			c.layout.width = i + 1
		}
		col, ok := columnOf[headerKey(cell)]
		switch {
		case !ok:
			if cell = strings.TrimSpace(cell); cell != "" && len(c.list.Ignored) < 100 && len(cell) <= MaxCell {
				c.list.Ignored = append(c.list.Ignored, cell)
			}
		case c.layout.has(col):
			c.problem(DuplicateColumn, row, col)
		default:
			c.layout.at[col] = i
		}
	}
}

func (l layout) has(c Column) bool { _, ok := l.at[c]; return ok }

func (l layout) cell(cells []string, c Column) string {
	if i, ok := l.at[c]; ok && i < len(cells) {
		return cells[i]
	}
	return ""
}
