package office

import (
	"context"
	"slices"

	"mailroom/backend/core"
	"mailroom/backend/provider"
	"mailroom/backend/secret"
)

// send carries one change out at the provider. target is the change's, with handles
// resolved; before is what the target was like just now and after what it is to be like.
// It returns what was created, as the provider tells it.
func send(ctx context.Context, live *Live, c Change, target string, before, after thing, password secret.Value) (thing, error) {
	p := live.Provider
	if !live.capable(c.Kind) {
		return thing{}, core.E(core.Unsupported, string(c.Kind), nil)
	}
	switch c.Kind.Of() {
	case Person:
		return sendPerson(ctx, p, c, target, after, password)
	case Department:
		return sendDepartment(ctx, p.(provider.DepartmentEditor), c, target, after)
	case List:
		return sendList(ctx, p.(provider.ListEditor), c, target, after)
	case Tag:
		return sendTag(ctx, p.(provider.TagEditor), c, target, before, after)
	case UntoldList:
		return thing{}, sendUntold(ctx, p.(provider.ListOverwriter), c)
	}
	e := live.contactEditor()
	switch c.Kind {
	case SaveContact:
		saved, err := e.SaveContact(ctx, *after.Contact)
		return thing{Contact: &saved}, err
	case DeleteContact:
		return thing{}, e.DeleteContact(ctx, target)
	case SaveContactGroup:
		saved, err := e.SaveContactGroup(ctx, *after.Group)
		return thing{Group: &saved}, err
	}
	return thing{}, e.DeleteContactGroup(ctx, target)
}

func sendPerson(ctx context.Context, p provider.Provider, c Change, target string, after thing, password secret.Value) (thing, error) {
	switch c.Kind {
	case CreatePerson:
		made, err := p.(provider.PersonEditor).CreatePerson(ctx, provider.NewPerson{Person: *after.Person, Password: password})
		return thing{Person: &made}, err
	case UpdatePerson:
		return thing{}, p.(provider.PersonEditor).UpdatePerson(ctx, target, personChange(c.Set, *after.Person))
	case DeletePerson:
		return thing{}, p.(provider.PersonEditor).DeletePerson(ctx, target)
	case DeletePersonKeeping:
		return thing{}, p.(provider.Keeper).DeletePersonKeeping(ctx, target, c.Heir, c.Keep)
	case RestorePerson:
		return thing{}, p.(provider.Restorer).RestorePerson(ctx, target)
	case SuspendPerson:
		return thing{}, p.(provider.Suspender).SuspendPerson(ctx, target)
	case ResumePerson:
		return thing{}, p.(provider.Suspender).ResumePerson(ctx, target)
	case SetPassword:
		return thing{}, p.(provider.PasswordSetter).SetPassword(ctx, target, password, c.MustChange)
	case AddAlias:
		return thing{}, p.(provider.AliasEditor).AddAlias(ctx, target, c.Address)
	case RemoveAlias:
		return thing{}, p.(provider.AliasEditor).RemoveAlias(ctx, target, c.Address)
	case SetForward:
		return thing{}, p.(provider.Forwarder).SetForward(ctx, target, c.Forward)
	case SetMailRights:
		return thing{}, p.(provider.MailRightsSetter).SetMailRights(ctx, target, c.Rights)
	case SetSignIn:
		return thing{}, p.(provider.SignInSetter).SetSignIn(ctx, target, c.Way, c.On)
	case SetPrimary:
		return thing{}, p.(provider.PrimarySetter).SetPrimary(ctx, target, c.Address)
	case HideAddress:
		return thing{}, p.(provider.AddressHider).SetAddressHidden(ctx, target, c.Address, c.On)
	}
	return thing{}, p.(provider.VisibilitySetter).SetHidden(ctx, target, c.On)
}

// personChange is an update in the contract's words.
func personChange(set []provider.Attr, p provider.Person) (c provider.PersonChange) {
	hidden := p.Hidden == provider.Yes
	for _, a := range set {
		switch a {
		case provider.AttrName:
			c.Name = &p.Name
		case provider.AttrDepartments:
			c.Departments = &p.Departments
		case provider.AttrTitle:
			c.Title = &p.Title
		case provider.AttrMobile:
			c.Mobile = &p.Mobile
		case provider.AttrPhone:
			c.Phone = &p.Phone
		case provider.AttrStaffNo:
			c.StaffNo = &p.StaffNo
		case provider.AttrRemark:
			c.Remark = &p.Remark
		case provider.AttrGender:
			c.Gender = &p.Gender
		case provider.AttrHidden:
			c.Hidden = &hidden
		case provider.AttrQuota:
			c.Quota = &p.Quota
		case provider.AttrExpires:
			c.Expires = &p.Expires
		}
	}
	return c
}

func sendDepartment(ctx context.Context, e provider.DepartmentEditor, c Change, target string, after thing) (thing, error) {
	switch c.Kind {
	case CreateDepartment:
		made, err := e.CreateDepartment(ctx, *after.Department)
		return thing{Department: &made}, err
	case DeleteDepartment:
		return thing{}, e.DeleteDepartment(ctx, target)
	}
	var to provider.DepartmentChange
	for _, a := range c.Set {
		switch a {
		case provider.AttrName:
			to.Name = &after.Department.Name
		case provider.AttrParent:
			to.Parent = &after.Department.Parent
		case provider.AttrRemark:
			to.Remark = &after.Department.Remark
		case provider.AttrOrder:
			to.Order = &after.Department.Order
		}
	}
	return thing{}, e.UpdateDepartment(ctx, target, to)
}

func sendList(ctx context.Context, e provider.ListEditor, c Change, target string, after thing) (thing, error) {
	switch c.Kind {
	case CreateList:
		made, err := e.CreateList(ctx, *after.List)
		return thing{List: &made}, err
	case DeleteList:
		return thing{}, e.DeleteList(ctx, target)
	}
	return thing{}, e.UpdateList(ctx, target, listChange(c, after))
}

// listChange is an update in the contract's words.
func listChange(c Change, after thing) (to provider.ListChange) {
	l := after.List
	hidden, off := l.Hidden == provider.Yes, l.Off == provider.Yes
	for _, a := range c.Set {
		switch a {
		case provider.AttrName:
			to.Name = &l.Name
		case provider.AttrRemark:
			to.Remark = &l.Remark
		case provider.AttrMembers:
			to.Members = &l.Members
		case provider.AttrLists:
			to.Lists = &l.Lists
		case provider.AttrDepartments:
			to.Departments = &l.Departments
		case provider.AttrPolicy:
			to.Policy = &l.Policy
		case provider.AttrSenders:
			to.Senders = &l.Senders
		case provider.AttrHidden:
			to.Hidden = &hidden
		case provider.AttrOff:
			to.Off = &off
		}
	}
	if len(c.AddMembers)+len(c.RemoveMembers) > 0 {
		members := slices.Clone(l.Members)
		to.Members = &members
	}
	return to
}
