import { RollbackOutlined } from "@ant-design/icons";
import { useClient } from "@/api/ClientContext";
import { BounceResult } from "@/features/doctor/bounce/BounceResult";
import { exampleBounce } from "@/features/doctor/examples";
import { ReaderPage } from "@/features/doctor/ReaderPage";

/** Returned mail in plain words. */
export function BouncePage() {
  const client = useClient();
  return (
    <ReaderPage
      area="bounce"
      icon={<RollbackOutlined />}
      example={exampleBounce}
      returned
      read={(input) => client.readers.bounce("doctor-bounce", input)}
    >
      {(report) => <BounceResult report={report} />}
    </ReaderPage>
  );
}
