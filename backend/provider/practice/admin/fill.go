package admin

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"mailroom/backend/provider"
	"mailroom/backend/provider/practice/content"
	"mailroom/backend/store"
)

// fill invents the office's first state unless there is one. domain "" is the one
// whose mail the practice server holds.
func (f *file) fill(ctx context.Context, size int, domain string) error {
	f.once.Lock()
	defer f.once.Unlock()
	return f.db.Write(ctx, func(tx *sql.Tx) error {
		n, err := count(ctx, tx, "SELECT count(*) FROM domain")
		if err != nil || n > 0 {
			return err
		}
		return invent(ctx, tx, size, domain)
	})
}

// invent writes the first state.
func invent(ctx context.Context, tx *sql.Tx, size int, domain string) error {
	if domain == "" {
		domain = content.NewDomain
	}
	g := &filling{ctx: ctx, tx: tx, domain: strings.ToLower(domain), r: rand.New(rand.NewPCG(1, uint64(size))), departments: map[string]int64{}}
	g.office(size)
	return g.err
}

// reset throws everything away and invents the first state anew.
func (f *file) reset(ctx context.Context, size int, domain string) error {
	f.once.Lock()
	defer f.once.Unlock()
	return f.db.Write(ctx, func(tx *sql.Tx) error {
		for _, table := range []string{"domain", "department", "person", "place", "address", "list", "contact", "contact_group", "granted", "setting", "act", "tag", "tagged"} {
			if _, err := tx.ExecContext(ctx, "DELETE FROM "+table); err != nil {
				return err
			}
		}
		return invent(ctx, tx, size, domain)
	})
}

// filling writes the first state; after the first error it does nothing more.
type filling struct {
	ctx         context.Context
	tx          *sql.Tx
	err         error
	domain      string
	r           *rand.Rand
	departments map[string]int64
}

func (g *filling) do(query string, args ...any) int64 {
	if g.err != nil {
		return 0
	}
	result, err := g.tx.ExecContext(g.ctx, query, args...)
	if err != nil {
		g.err = err
		return 0
	}
	n, err := result.LastInsertId()
	g.err = err
	return n
}

// beginSize is the setting that remembers how many people the office began with: its
// invented past is theirs.
const beginSize = "office.size"

func (g *filling) office(size int) {
	g.do("INSERT INTO setting VALUES (?,?)", beginSize, strconv.Itoa(size))
	g.do("INSERT INTO domain VALUES (?,0,0,'')", g.domain)
	g.do("INSERT INTO domain VALUES (?,1,0,?)", "shop."+g.domain, "网店 web shop")
	staff := len(content.Staff(1))
	for i, p := range beginners(size) {
		if i < staff {
			n := g.person(p, g.department(0, p.Department), i)
			if i == 0 {
				g.do("INSERT INTO setting VALUES (?,?)", beginFirst, strconv.FormatInt(n, 10))
			}
			if p.Local == "liu.yang" || i == 0 {
				g.do("INSERT INTO granted VALUES ('owner',?,0)", n)
			}
			continue
		}
		g.person(p, g.team(i-staff), i)
	}
	g.lists()
	g.tags()
	group := g.do("INSERT INTO contact_group (name, place) VALUES ('客户 Customers', 1)")
	for i, o := range content.Outsiders() {
		g.contact(provider.Contact{Name: o.Name, Addresses: []string{o.Address}, Groups: []string{id('k', group)}, Order: i + 1})
	}
}

func (g *filling) department(parent int64, name string) int64 {
	key := fmt.Sprintf("%d/%s", parent, name)
	if g.departments[key] == 0 {
		g.departments[key] = g.do("INSERT INTO department (parent, name, remark, place) VALUES (?,?,'',?)", parent, name, len(g.departments)+1)
	}
	return g.departments[key]
}

// started is when the office's first account was made.
var started = time.Date(2024, time.March, 1, 1, 0, 0, 0, time.UTC)

func (g *filling) person(p content.Person, department int64, i int) int64 {
	address := p.Local + "@" + g.domain
	doc := provider.Person{
		Name: p.Name, Title: p.Title, StaffNo: fmt.Sprintf("E%04d", i+1), Phone: fmt.Sprint(8000 + i), Status: provider.Active,
		Quota: usualQuota, Used: g.r.Int64N(usualQuota), Created: started.Add(time.Duration(i) * 6 * time.Hour),
	}
	complete(&doc)
	raw, err := json.Marshal(struct{ Person provider.Person }{doc})
	if err != nil {
		g.err = err
	}
	var hash, salt []byte
	if p.Password != "" {
		hash, salt = hashed(p.Password)
	}
	n := g.do("INSERT INTO person (address, doc, salt, hash) VALUES (?,?,?,?)", address, string(raw), salt, hash)
	g.do("INSERT INTO address VALUES (?,'person',?)", address, n)
	if department > 0 {
		g.do("INSERT INTO place VALUES (?,?,0)", n, department)
	}
	return n
}

// beginners are who an office of that size begins with: the staff first.
func beginners(size int) []content.Person {
	people := content.Staff(1)
	for i := range max(size-len(people), 0) {
		p := content.Stranger(i)
		p.Local = fmt.Sprintf("%s%d", p.Local, i+1)
		people = append(people, p)
	}
	return people[:min(size, len(people))]
}

// team is the department of the i-th further person: up to 200, in 20 branches.
func (g *filling) team(i int) int64 {
	const perDepartment, branches = 25, 20
	number := i / perDepartment
	branch := g.department(0, fmt.Sprintf("分公司 %d", number%branches+1))
	return g.department(branch, fmt.Sprintf("%d 组", number/branches+1))
}

func (g *filling) lists() {
	at := func(local string) string { return local + "@" + g.domain }
	for _, l := range []provider.List{
		{Address: at("all"), Name: "全体员工 Everybody", Policy: provider.PolicyNamed, Senders: []string{at("li.lei"), at("chen.jing")}, Members: []string{at("li.lei"), at("han.meimei"), at("wang.fang"), at("zhang.wei"), at("chen.jing"), at("liu.yang"), at("tom.baker"), at("zhao.min"), at("grace.lin")}, Lists: []string{at("sales")}},
		{Address: at("sales"), Name: "销售 Sales", Policy: provider.PolicyAnyone, Members: []string{at("han.meimei"), at("emma.clarke"), at("sun.hao"), "agent@retail.example.org"}},
		{Address: at("info"), Name: "对外咨询 Info", Policy: provider.PolicyAnyone, Members: []string{at("ouyang.xue"), at("grace.lin")}},
		{Address: at("managers"), Name: "管理层 Managers", Policy: provider.PolicyMembers, Members: []string{at("li.lei"), at("han.meimei"), at("wang.fang")}, Hidden: provider.Yes},
	} {
		if l.Hidden == provider.Unknown {
			l.Hidden = provider.No
		}
		l.Off = provider.No
		n := g.do("INSERT INTO list (address, doc) VALUES (?,'{}')", l.Address)
		g.do("INSERT INTO address VALUES (?,'list',?)", l.Address, n)
		if g.err == nil {
			g.err = saveList(g.ctx, g.tx, n, l)
		}
	}
}

func (g *filling) tags() {
	for _, t := range []struct {
		name  string
		local []string
	}{{"管理者 Managers", []string{"li.lei", "han.meimei", "wang.fang"}}, {"外勤 Field staff", []string{"sun.hao", "emma.clarke"}}} {
		tag := g.do("INSERT INTO tag (name) VALUES (?)", t.name)
		for _, local := range t.local {
			g.do("INSERT INTO tagged SELECT ?, id, 0 FROM person WHERE address=? AND gone=0", tag, local+"@"+g.domain)
		}
	}
}

func (g *filling) contact(c provider.Contact) {
	raw, err := json.Marshal(c)
	if err != nil {
		g.err = err
	}
	g.do("INSERT INTO contact (doc) VALUES (?)", string(raw))
}

// emptyTrash deletes for good who was deleted too long ago.
func (f *file) emptyTrash(ctx context.Context, now time.Time) error {
	return f.db.Write(ctx, func(tx *sql.Tx) error {
		limit := store.Millis(now.Add(-trashTime))
		for _, step := range []string{
			"DELETE FROM place WHERE person IN (SELECT id FROM person WHERE gone>0 AND gone<?)",
			"DELETE FROM tagged WHERE person IN (SELECT id FROM person WHERE gone>0 AND gone<?)",
			"DELETE FROM person WHERE gone>0 AND gone<?",
		} {
			if _, err := tx.ExecContext(ctx, step, limit); err != nil {
				return err
			}
		}
		return nil
	})
}
