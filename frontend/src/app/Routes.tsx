import { Route, Switch } from "wouter";
import { DoctorPage } from "@/features/doctor/DoctorPage";
import { HomePage } from "@/features/home/HomePage";
import { ListsHome } from "@/features/lists/ListsHome";
import { Invited } from "@/features/move/invite/Invited";
import { MoveListPage } from "@/features/move/MoveListPage";
import { MovePage } from "@/features/move/MovePage";
import { ExistingMove, NewMovePage } from "@/features/move/NewMovePage";
import { SwitchoverPage } from "@/features/move/switchover/SwitchoverPage";
import { DraftPage } from "@/features/move/wizard/DraftPage";
import { stepNamed } from "@/features/move/wizard/route";
import { ConnectPage } from "@/features/office/ConnectPage";
import { OfficesPage } from "@/features/office/OfficesPage";
import { PlannedPage, plannedPages } from "@/features/planned/PlannedPage";
import { RecordsPage } from "@/features/records/RecordsPage";
import { SettingsPage } from "@/features/settings/SettingsPage";
import { HistoryPage } from "@/features/staff/HistoryPage";
import { ImportPage } from "@/features/staff/intake/ImportPage";
import { JoinerPage } from "@/features/staff/joiner/JoinerPage";
import { PeoplePage } from "@/features/staff/PeoplePage";

export function Routes() {
  return (
    <Switch>
      <Route path="/move" component={MoveListPage} />
      <Route path="/move/new/practice">
        <NewMovePage practice />
      </Route>
      <Route path="/move/new">
        <NewMovePage />
      </Route>
      <Route path="/move/draft/:id/:step">
        {({ id, step }) => <DraftPage key={id} id={id} step={stepNamed(step)} />}
      </Route>
      <Route path="/move/:id/edit">{({ id }) => <ExistingMove key={id} id={id} step="people" />}</Route>
      <Route path="/move/:id/switch">{({ id }) => <SwitchoverPage key={id} moveId={id} />}</Route>
      <Route path="/move/:id">{({ id }) => <MovePage key={id} id={id} />}</Route>
      <Route path="/doctor/*?" component={DoctorPage} />
      <Route path="/records/*?" component={RecordsPage} />
      <Route path="/people">
        <PeoplePage />
      </Route>
      <Route path="/people/person/:id">{({ id }) => <PeoplePage id={id} />}</Route>
      <Route path="/people/only/:what">{({ what }) => <PeoplePage only={what} />}</Route>
      <Route path="/people/import" component={ImportPage} />
      <Route path="/people/join" component={JoinerPage} />
      <Route path="/people/history" component={HistoryPage} />
      <Route path="/lists/*?" component={ListsHome} />
      <Route path="/offices" component={OfficesPage} />
      <Route path="/offices/new">
        <ConnectPage />
      </Route>
      <Route path="/offices/:id">{({ id }) => <ConnectPage id={id} />}</Route>
      <Route path="/settings" component={SettingsPage} />
      {plannedPages.map((id) => (
        <Route key={id} path={`/${id}`}>
          <PlannedPage id={id} />
        </Route>
      ))}
      <Route>
        <HomePage invited={<Invited />} />
      </Route>
    </Switch>
  );
}
