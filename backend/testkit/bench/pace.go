package bench

import (
	"context"
	"fmt"
	"path/filepath"
	"strconv"
	"time"

	"golang.org/x/sync/errgroup"

	"mailroom/backend/office"
	"mailroom/backend/provider/alimail"
	"mailroom/backend/provider/netease"
	"mailroom/backend/provider/tencent"
	"mailroom/backend/secret"
	emualimail "mailroom/backend/testkit/vendors/alimail"
	emunetease "mailroom/backend/testkit/vendors/netease"
	emutencent "mailroom/backend/testkit/vendors/tencent"
)

// paceGoal is how much of an adapter's own pace an import must reach.
const paceGoal = 0.95

const emulatedDomain = "office.example"

// paces imports at the adapters' own pace from vendors that are 50 and 200 ms away, all
// at the same time since they wait most of it. The pace counts from the first call, after
// the calls that may be made at once after a rest.
func (b *bench) paces(ctx context.Context, dir string) ([]Goal, error) {
	var all []pacing
	for _, away := range []time.Duration{50 * time.Millisecond, 200 * time.Millisecond} {
		all = append(all,
			pacing{importing{name: "tencent", open: tencentOffice, away: away, rows: 128}, 8, 8},
			pacing{importing{name: "alimail", open: alimailOffice, away: away, rows: 320}, 20, 20},
			pacing{importing{name: "netease, open platform", open: neteaseOffice, away: away, rows: 76}, 5, 1})
	}
	goals := make([]Goal, len(all))
	var work errgroup.Group
	for i, p := range all {
		work.Go(func() (err error) {
			p.dir = filepath.Join(dir, strconv.Itoa(i))
			goals[i], err = p.run(ctx)
			return err
		})
	}
	return goals, work.Wait()
}

// pacing is an import at an adapter's own pace.
type pacing struct {
	importing
	calls, burst float64 // a second, and at once after a rest
}

func (p pacing) run(ctx context.Context) (Goal, error) {
	took, most, err := p.whole(ctx)
	if err != nil {
		return Goal{}, fmt.Errorf("%s, %v away: %w", p.name, p.away, err)
	}
	least := (float64(p.rows) - p.burst) / p.calls // seconds
	reached := least / took.Seconds()
	return Goal{
		Case: casePace, Peer: nameOurs, Known: true, Met: reached >= paceGoal,
		What:  fmt.Sprintf("%d people into %s, %v away: at least %.0f %% of the %v calls a second that its pace allows", p.rows, p.name, p.away, paceGoal*100, p.calls),
		Found: fmt.Sprintf("%.1f %%, %.2f rows a second (%v, up to %d at once)", reached*100, reached*p.calls, took.Round(10*time.Millisecond), most),
	}, nil
}

func tencentOffice() opened {
	s := emutencent.New(emulatedDomain)
	return opened{maker: tencent.Maker(), key: secret.NewValue(s.Secret(emutencent.Contacts)), close: s.Close, o: office.Office{
		Provider: tencent.ID, Domain: emulatedDomain, BaseURL: s.BaseURL(), Values: map[string]string{"corpId": emutencent.CorpID}, Secrets: map[string]string{"contactSecret": "key"},
	}}
}

func alimailOffice() opened {
	s := emualimail.New(emulatedDomain)
	return opened{maker: alimail.Maker(), key: secret.NewValue(s.Secret()), close: s.Close, o: office.Office{
		Provider: alimail.Maker().ID, Domain: emulatedDomain, BaseURL: s.BaseURL(), Values: map[string]string{"clientId": emualimail.ClientID}, Secrets: map[string]string{"clientSecret": "key"},
	}}
}

func neteaseOffice() opened {
	s := emunetease.NewOpen(emulatedDomain)
	return opened{maker: netease.Open(), key: secret.NewValue(s.AuthCode()), close: s.Close, o: office.Office{
		Provider: netease.Open().ID, Domain: emulatedDomain, BaseURL: s.BaseURL(), Values: map[string]string{"appId": s.AppID, "orgOpenId": s.OrgOpenID}, Secrets: map[string]string{"authCode": "key"},
	}}
}
