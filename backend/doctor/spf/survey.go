package spf

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"strings"

	"github.com/miekg/dns"
)

// Problem is a fault that a survey finds.
type Problem string

// The problems. All but [ProblemUnanswered] make receivers give a permerror once
// they come across them.
const (
	ProblemSyntax     Problem = "syntax"     // a term that RFC 7208 does not know
	ProblemTwo        Problem = "two"        // two records at one name
	ProblemMissing    Problem = "missing"    // include or redirect of a name without a record
	ProblemLoop       Problem = "loop"       // an include that leads back to itself
	ProblemManyHosts  Problem = "many_hosts" // mx with more than ten hosts
	ProblemUnanswered Problem = "unanswered" // the DNS did not answer: unknown, not wrong
	ProblemDepth      Problem = "depth"      // the survey stopped: more than [surveyLimit] questions
)

// surveyLimit bounds the questions of a survey; receivers have given up long before.
const surveyLimit = 60

// Node is one record in the tree.
type Node struct {
	Domain  string
	Text    string // the record; "" none
	Record  *Record
	Terms   []*Step
	Problem Problem // "" none
	Detail  string
}

// Step is a term of the record that asks the DNS, or the redirect.
type Step struct {
	Text    string
	Kind    string // a term's kind, or redirect
	Target  string // "" where a macro makes it depend on the sender
	Void    bool   // the question has no answer
	Child   *Node  // of include and redirect
	Problem Problem
}

// Survey is what a policy is without looking at one sender.
type Survey struct {
	Root     *Node
	Lookups  int // terms that ask, over the whole tree, as a receiver counts them at worst
	Void     int // of them without an answer
	Problems []Problem
	Networks []netip.Prefix // ip4 and ip6 that may send, with + qualifier
	All      byte           // qualifier of the "all" that decides: + - ~ ?; 0 none
	Hosts    []string       // names of include and redirect over the whole tree
}

// Inspect surveys the policy of a domain. Redirect is followed only where no "all"
// makes it void (RFC 7208 6.1).
func Inspect(ctx context.Context, ask Asker, domain string) *Survey {
	s := &surveyor{ask: ask, out: &Survey{}}
	s.out.Root = s.node(ctx, strings.ToLower(domain), nil, true)
	return s.out
}

type surveyor struct {
	ask  Asker
	out  *Survey
	seen int
}

func (s *surveyor) problem(p Problem) Problem {
	s.out.Problems = append(s.out.Problems, p)
	return p
}

func (s *surveyor) node(ctx context.Context, domain string, above []string, decides bool) *Node {
	n := &Node{Domain: domain}
	for _, a := range above {
		if a == domain {
			n.Problem = s.problem(ProblemLoop)
			return n
		}
	}
	a := s.ask.Ask(ctx, domain, dns.TypeTXT)
	if !a.Known() {
		n.Problem, n.Detail = s.problem(ProblemUnanswered), string(a.Status)
		return n
	}
	for _, text := range a.Texts() {
		if !IsRecord(text) {
			continue
		}
		if n.Text != "" {
			n.Problem, n.Detail = s.problem(ProblemTwo), text
			return n
		}
		n.Text = text
	}
	if n.Text == "" {
		if len(above) > 0 {
			n.Problem = s.problem(ProblemMissing)
		}
		return n
	}
	record, err := Parse(n.Text)
	n.Record = record
	if err != nil {
		n.Problem, n.Detail = s.problem(ProblemSyntax), err.Error()
		if syntax, ok := errors.AsType[*SyntaxError](err); ok {
			n.Detail = syntax.Term
		}
	}
	s.terms(ctx, n, append(above[:len(above):len(above)], domain), decides)
	return n
}

func (s *surveyor) terms(ctx context.Context, n *Node, path []string, decides bool) {
	all := false
	for _, t := range n.Record.Terms {
		switch {
		case t.Kind == "all":
			all = true
			if decides && s.out.All == 0 {
				s.out.All = t.Qual
			}
		case t.Net.IsValid() && t.Qual == '+':
			s.out.Networks = append(s.out.Networks, t.Net)
		case t.Counts():
			n.Terms = append(n.Terms, s.step(ctx, t.Text, t.Kind, t.Domain, path, false))
		}
		if all {
			break // what stands behind is never reached
		}
	}
	if n.Record.HasRedir && !all {
		n.Terms = append(n.Terms, s.step(ctx, "redirect="+n.Record.Redirect, "redirect", n.Record.Redirect, path, decides))
	}
}

func (s *surveyor) step(ctx context.Context, text, kind, spec string, path []string, decides bool) *Step {
	p := &Step{Text: text, Kind: kind}
	s.out.Lookups++
	if s.seen++; s.seen > surveyLimit {
		p.Problem = s.problem(ProblemDepth)
		return p
	}
	domain := path[len(path)-1]
	if spec == "" {
		spec = domain
	}
	if dependsOnSender(spec) {
		return p
	}
	target, err := values{domain: domain}.target(spec)
	if err != nil {
		return p
	}
	p.Target = strings.ToLower(target)
	switch kind {
	case "include", "redirect":
		s.out.Hosts = append(s.out.Hosts, p.Target)
		p.Child = s.node(ctx, p.Target, path, decides)
	case "a":
		v4 := s.ask.Ask(ctx, p.Target, dns.TypeA)
		p.Void = v4.None() && s.ask.Ask(ctx, p.Target, dns.TypeAAAA).None()
	case "mx":
		a := s.ask.Ask(ctx, p.Target, dns.TypeMX)
		p.Void = a.None()
		if len(a.MX()) > MaxNames {
			p.Problem = s.problem(ProblemManyHosts)
		}
	case "exists":
		p.Void = s.ask.Ask(ctx, p.Target, dns.TypeA).None()
	}
	if p.Void {
		s.out.Void++
	}
	return p
}

// dependsOnSender says whether a domain-spec has macros other than the domain itself.
func dependsOnSender(spec string) bool {
	depends := false
	err := parts(spec, false, func(string) {}, func(m macro) { depends = depends || m.letter != 'd' })
	return depends || err != nil
}

// Has says whether a problem occurs anywhere in the tree.
func (s *Survey) Has(p Problem) bool {
	for _, q := range s.Problems {
		if p == q {
			return true
		}
	}
	return false
}

// Find returns the first node or step with a problem, as "domain" and what is wrong.
func (s *Survey) Find(p Problem) (domain, detail string) {
	var walk func(n *Node) bool
	walk = func(n *Node) bool {
		if n.Problem == p {
			domain, detail = n.Domain, n.Detail
			return true
		}
		for _, t := range n.Terms {
			if t.Problem == p {
				domain, detail = n.Domain, t.Text
				return true
			}
			if t.Child != nil && walk(t.Child) {
				return true
			}
		}
		return false
	}
	walk(s.Root)
	return domain, detail
}

// VoidTerms lists the terms whose question has no answer.
func (s *Survey) VoidTerms() []string {
	var all []string
	var walk func(n *Node)
	walk = func(n *Node) {
		for _, t := range n.Terms {
			if t.Void {
				all = append(all, t.Text)
			}
			if t.Child != nil {
				walk(t.Child)
			}
		}
	}
	walk(s.Root)
	return all
}

// String draws the tree, one record a line, for evidence.
func (s *Survey) String() string {
	var b strings.Builder
	var walk func(n *Node, indent string)
	walk = func(n *Node, indent string) {
		fmt.Fprintf(&b, "%s%s: %s", indent, n.Domain, n.Text)
		if n.Problem != "" {
			fmt.Fprintf(&b, " [%s %s]", n.Problem, n.Detail)
		}
		b.WriteByte('\n')
		for i, t := range n.Terms {
			if t.Child != nil {
				fmt.Fprintf(&b, "%s  %d. %s\n", indent, i+1, t.Text)
				walk(t.Child, indent+"    ")
			} else if t.Void || t.Problem != "" {
				fmt.Fprintf(&b, "%s  %d. %s [no answer]\n", indent, i+1, t.Text)
			}
		}
	}
	walk(s.Root, "")
	return strings.TrimSuffix(b.String(), "\n")
}
