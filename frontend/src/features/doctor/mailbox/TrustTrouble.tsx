import { useState } from "react";
import type { CertificateFact, Problem } from "@/api/types";
import { CertificateDialog } from "@/components/CertificateDialog";
import { TroubleCard } from "@/components/TroubleCard";

/** The certificate that trouble is about, where the program told enough to decide. */
function certificateIn(problem: Problem): CertificateFact | undefined {
  const a = problem.args;
  if (problem.code !== "untrusted_cert" || !a.sha256) return undefined;
  const until = Date.parse(a.expires ?? "");
  return {
    subject: a.subject ?? "",
    issuer: a.issuer ?? "",
    notAfter: Number.isNaN(until) ? 0 : until,
    sha256: a.sha256,
    reason: a.why ?? "",
  };
}

/** Trouble; where it is one certificate, the person may compare and trust it. */
export function TrustTrouble({ problem, onTrust }: { problem: Problem; onTrust: (pin: string) => void }) {
  const [asking, setAsking] = useState(false);
  const fact = certificateIn(problem);
  return (
    <>
      <TroubleCard problem={problem} acts={fact ? { trust: () => setAsking(true) } : {}} />
      {asking && fact && (
        <CertificateDialog
          host={problem.args.host ?? ""}
          fact={fact}
          onCancel={() => setAsking(false)}
          onTrust={() => {
            setAsking(false);
            onTrust(fact.sha256);
          }}
        />
      )}
    </>
  );
}
