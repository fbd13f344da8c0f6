import { FileSearchOutlined } from "@ant-design/icons";
import { useClient } from "@/api/ClientContext";
import { exampleHeader } from "@/features/doctor/examples";
import { FindingsCard } from "@/features/doctor/header/FindingsCard";
import { JunkCard } from "@/features/doctor/header/JunkCard";
import { ProofCard } from "@/features/doctor/header/ProofCard";
import { MarkCard, MessageFacts } from "@/features/doctor/header/Remarks";
import { WayCard } from "@/features/doctor/header/WayCard";
import { ReaderPage } from "@/features/doctor/ReaderPage";

/** A header in plain words: why junk, is it genuine, which way, what is odd about the mail. */
export function HeaderPage() {
  const client = useClient();
  return (
    <ReaderPage
      area="mailHeader"
      icon={<FileSearchOutlined />}
      example={exampleHeader}
      returned={false}
      read={(input) => client.readers.header("doctor-header", input)}
    >
      {(report) => (
        <>
          <JunkCard report={report} />
          <ProofCard report={report} />
          <WayCard report={report} />
          <MarkCard report={report} />
          <FindingsCard findings={report.findings} />
          <MessageFacts report={report} />
        </>
      )}
    </ReaderPage>
  );
}
