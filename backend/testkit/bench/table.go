package bench

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"
)

// Print writes the report for people.
func (r Report) Print(w io.Writer) error {
	fmt.Fprintf(w, "%s, %s", r.Started.Format("2006-01-02 15:04"), r.Machine)
	if r.Scale != 1 {
		fmt.Fprintf(w, "; only %g of the messages: the ratios mean little", r.Scale)
	}
	fmt.Fprintln(w)
	for _, m := range r.Missing {
		fmt.Fprintln(w, m)
	}
	for _, c := range r.Cases {
		if err := c.print(w); err != nil {
			return err
		}
	}
	fmt.Fprintln(w, "\nGoals, as far as measured")
	t := tabwriter.NewWriter(w, 2, 0, 2, ' ', 0)
	for _, g := range r.Goals {
		if !g.Known {
			continue
		}
		state := "missed"
		if g.Met {
			state = "met"
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\n", state, g.Peer, g.Case, g.What, g.Found)
	}
	return t.Flush()
}

func (c *Case) print(w io.Writer) error {
	fmt.Fprintf(w, "\n%s: %s (%d messages, %d MB)\n", c.Name, c.What, c.Messages, c.Bytes>>20)
	t := tabwriter.NewWriter(w, 2, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "program\truns\twall s\tmin-max\tmsg/s\tCPU s\tpeak MB\t÷ raw\t÷ mbsync\told CPU\tnew CPU\tother load\t outcome")
	for _, r := range c.Rows {
		fmt.Fprintln(t, strings.Join(c.line(r), "\t"))
	}
	return t.Flush()
}

func (c *Case) line(r *Row) []string {
	s, ok := r.Median()
	if !ok {
		return []string{r.Peer, fmt.Sprint(len(r.Samples)), "", "", "", "", "", "", "", "", "", "", " failed: " + r.Samples[0].Failed}
	}
	low, high := s.Wall, s.Wall
	for _, o := range r.Samples {
		low, high = min(low, o.Wall), max(high, o.Wall)
	}
	ratio := func(other string) string {
		if o, ok := c.reference(other); ok && o.Wall > 0 {
			return fmt.Sprintf("%.2f", s.perMessage().Seconds()/o.perMessage().Seconds())
		}
		return ""
	}
	rate := ""
	if s.Messages > 0 {
		rate = fmt.Sprintf("%.0f", float64(s.Messages)/s.Wall.Seconds())
	}
	outcome := s.Verdict
	if !s.Finished {
		outcome = "stopped; " + outcome
	}
	return []string{
		r.Peer, fmt.Sprint(len(r.Samples)), seconds(s.Wall), seconds(low) + "-" + seconds(high), rate, seconds(s.CPU), fmt.Sprint(r.peak() >> 20),
		ratio(nameLimit), ratio(nameMbsync), seconds(s.SourceCPU), seconds(s.TargetCPU), fmt.Sprintf("%.2f", s.Other), " " + outcome,
	}
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.2f", d.Seconds()) }
