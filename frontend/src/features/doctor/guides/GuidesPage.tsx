import { RightOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Skeleton } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { useClient } from "@/api/ClientContext";
import { problemOf } from "@/api/errors";
import { TroubleCard } from "@/components/TroubleCard";
import { GuidePage } from "@/features/doctor/guides/GuidePage";
import { useText } from "@/lib/useText";

/** The guides by complaint, or one of them. */
export function GuidesPage({ id }: { id: string }) {
  const { t } = useTranslation();
  const text = useText();
  const client = useClient();
  const guides = useQuery({
    queryKey: ["guides"],
    queryFn: () => client.guides.list(),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const chosen = guides.data?.find((g) => g.id === id);
  if (chosen) return <GuidePage key={chosen.id} guide={chosen} />;
  return (
    <div className="doctor-section">
      <div>
        <h2>{t("guides.ui.title")}</h2>
        <p className="lead">{t("guides.ui.lead")}</p>
      </div>
      {guides.isPending && <Skeleton active />}
      {guides.error && <TroubleCard problem={problemOf(guides.error)} />}
      <ul className="complaints">
        {guides.data?.map((g) => (
          <li key={g.id}>
            <Link href={`/doctor/guides/${g.id}`} className="complaint">
              <span className="grow">
                <strong>{text(`guides.tree.${g.id}.title`)}</strong>
                <small>{text(`guides.tree.${g.id}.lead`)}</small>
              </span>
              <RightOutlined aria-hidden />
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}
