import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from "react";
import { useClient } from "@/api/ClientContext";
import type { ChangePlan, ChangeRun, OfficeChange } from "@/api/offices";
import { ChangeDrawer } from "@/components/office/ChangeDrawer";
import { useOffice } from "@/components/office/useOffice";

export interface Proposal {
  /** Finds out what would be done; nothing is changed by it. */
  preview: (requestId: string) => Promise<ChangePlan>;
  /** The same, whatever somebody else has changed since it was seen. */
  anyway?: (requestId: string) => Promise<ChangePlan>;
  /** Told when the person has let it be done and it is over. */
  onDone?: (run: ChangeRun) => void;
  undo?: boolean;
  /** A run to be shown; then there is nothing to preview. */
  run?: ChangeRun;
}

interface Changes {
  /** Shows what changes would do, and does it when the person says so. */
  propose: (changes: OfficeChange[], onDone?: (run: ChangeRun) => void) => void;
  open: (proposal: Proposal) => void;
  /** Shows a run of before. */
  show: (run: ChangeRun) => void;
}

const ChangesContext = createContext<Changes | null>(null);

export function useChanges(): Changes {
  const found = useContext(ChangesContext);
  if (!found) throw new Error("no ChangesProvider");
  return found;
}

/** The one place through which every page changes an office. */
export function ChangesProvider({ children }: { children: ReactNode }) {
  const client = useClient();
  const office = useOffice();
  const [proposal, setProposal] = useState<{ n: number; value: Proposal } | null>(null);
  const id = office?.id ?? "";
  const open = useCallback(
    (value: Proposal) => setProposal((before) => ({ n: (before?.n ?? 0) + 1, value })),
    [],
  );
  const changes = useMemo<Changes>(
    () => ({
      open,
      propose: (wanted, onDone) =>
        open({
          preview: (requestId) => client.changes.preview(requestId, id, wanted),
          anyway: (requestId) =>
            client.changes.preview(
              requestId,
              id,
              wanted.map((c) => ({ ...c, seen: [] })),
            ),
          onDone,
        }),
      show: (run) => open({ preview: () => Promise.reject(new Error("a run of before")), run }),
    }),
    [client, id, open],
  );
  return (
    <ChangesContext.Provider value={changes}>
      {children}
      {proposal && (
        <ChangeDrawer
          key={proposal.n}
          proposal={proposal.value}
          provider={office?.provider ?? ""}
          onClose={() => setProposal(null)}
          onUndo={(run) =>
            open({ preview: (requestId) => client.changes.undo(requestId, run.id), undo: true })
          }
        />
      )}
    </ChangesContext.Provider>
  );
}
