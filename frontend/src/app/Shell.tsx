import { useQuery } from "@tanstack/react-query";
import { useLayoutEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import { useClient } from "@/api/ClientContext";
import { keys } from "@/api/keys";
import { CloseDialog } from "@/app/CloseDialog";
import { CommandPalette } from "@/app/CommandPalette";
import { ErrorBoundary } from "@/app/ErrorBoundary";
import { Notices } from "@/app/Notices";
import { PageFault } from "@/app/PageFault";
import { Routes } from "@/app/Routes";
import { ShortcutList } from "@/app/ShortcutList";
import { Sidebar } from "@/app/Sidebar";
import { StartupScreen } from "@/app/StartupScreen";
import { TopBar } from "@/app/TopBar";
import { useDialogFocus } from "@/app/useDialogFocus";
import { useShortcuts } from "@/app/useShortcuts";
import { ChangesProvider } from "@/components/office/ChangesContext";
import { useFrontDesk } from "@/components/records/useFrontDesk";
import { VaultGate } from "@/components/vault/VaultGate";
import { MonitorNews } from "@/features/doctor/MonitorNews";
import { GuestWindow } from "@/features/move/invite/GuestWindow";
import { OpenInvitation } from "@/features/move/invite/OpenInvitation";
import { useCurrentInvitation } from "@/features/move/invite/useGuest";
import { FrontDeskWindow } from "@/features/records/desk/FrontDeskWindow";
import { RecordNews } from "@/features/records/RecordNews";
import { useStoredSettings } from "@/lib/useSettings";

export function Shell() {
  const { t } = useTranslation();
  const client = useClient();
  const [location] = useLocation();
  const [open, setOpen] = useState<"palette" | "shortcuts" | "">("");
  const main = useRef<HTMLElement>(null);
  // A page begins at its top, however far the one before it was read.
  // biome-ignore lint/correctness/useExhaustiveDependencies: with every page
  useLayoutEffect(() => {
    if (main.current) main.current.scrollTop = 0;
  }, [location]);
  const startup = useQuery({
    queryKey: keys.startup,
    queryFn: () => client.app.startup(),
    // The event app:ready may have come before the page listened.
    refetchInterval: (query) => (query.state.data?.ready || query.state.data?.problem ? false : 1000),
  });
  const ready = startup.data?.ready === true;
  useStoredSettings(ready);
  useDialogFocus();
  const desk = useFrontDesk(ready);
  const guest = useCurrentInvitation(ready && desk.data?.locked === false);
  useShortcuts({ onPalette: () => setOpen("palette"), onList: () => setOpen("shortcuts") });

  if (ready && desk.data?.locked) {
    return (
      <>
        <FrontDeskWindow state={desk.data} />
        <CloseDialog />
      </>
    );
  }
  if (!ready || desk.isPending || (guest.isPending && !desk.error))
    return <StartupScreen startup={startup.data} error={startup.error} />;
  const offered = guest.data?.file && <Offered key={guest.data.file} file={guest.data.file} />;
  if (guest.data?.invitation) {
    return (
      <VaultGate>
        <GuestWindow invitation={guest.data.invitation} />
        {offered}
        <CloseDialog />
      </VaultGate>
    );
  }
  return (
    <div className="shell">
      <button type="button" className="skip-link" onClick={skipToMain}>
        {t("app.skip")}
      </button>
      <Sidebar />
      <div className="shell-right">
        <TopBar onSearch={() => setOpen("palette")} onShortcuts={() => setOpen("shortcuts")} />
        <main id="main" ref={main} tabIndex={-1} className="main">
          <ErrorBoundary
            key={location}
            fallback={(error, again) => <PageFault error={error} onAgain={again} />}
          >
            <VaultGate>
              <ChangesProvider>
                <Routes />
              </ChangesProvider>
            </VaultGate>
          </ErrorBoundary>
        </main>
      </div>
      {open === "palette" && <CommandPalette onClose={() => setOpen("")} />}
      {open === "shortcuts" && <ShortcutList onClose={() => setOpen("")} />}
      {offered && <VaultGate>{offered}</VaultGate>}
      <CloseDialog />
      <MonitorNews />
      <RecordNews />
      <Notices />
    </div>
  );
}

/** A file that was opened in the file manager. */
function Offered({ file }: { file: string }) {
  const [open, setOpen] = useState(true);
  return open ? <OpenInvitation file={file} onClose={() => setOpen(false)} /> : null;
}

function skipToMain(): void {
  document.getElementById("main")?.focus();
}
