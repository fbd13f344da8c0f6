import { useEffect, useRef, useState } from "react";
import { useClient } from "@/api/ClientContext";
import { problemOf } from "@/api/errors";
import type { CertificateOrder, CertificateSaved, PapersProgress, Problem } from "@/api/types";

/** Saves certificates: one at a time, with progress, and stoppable. */
export function useSaveCertificate() {
  const client = useClient();
  const request = useRef("");
  const [busy, setBusy] = useState(false);
  const [progress, setProgress] = useState<PapersProgress>();
  const [trouble, setTrouble] = useState<Problem>();

  useEffect(
    () =>
      client.on("papers:progress", (p) => {
        if (p.requestId === request.current) setProgress(p);
      }),
    [client],
  );

  async function save(order: CertificateOrder): Promise<CertificateSaved | undefined> {
    const id = crypto.randomUUID();
    request.current = id;
    setBusy(true);
    setProgress(undefined);
    setTrouble(undefined);
    try {
      return await client.papers.save(id, order);
    } catch (e) {
      const p = problemOf(e);
      if (p.code !== "canceled") setTrouble(p);
      return undefined;
    } finally {
      setBusy(false);
      setProgress(undefined);
    }
  }
  const stop = () => {
    client.app.cancel(request.current).catch(() => undefined);
  };
  return { save, stop, busy, progress, trouble };
}
