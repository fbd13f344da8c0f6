import { useQuery } from "@tanstack/react-query";
import { Button, Drawer } from "antd";
import { useTranslation } from "react-i18next";
import { useClient } from "@/api/ClientContext";
import { keys } from "@/api/keys";
import { DiffList } from "@/components/office/DiffList";
import { useCodeText } from "@/lib/codeText";
import { useFormat } from "@/lib/useFormat";

/** What was changed at the provider by somebody else. */
export function NewsDrawer({ office, onClose }: { office: string; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useClient();
  const format = useFormat();
  const code = useCodeText();
  const { data: news = [] } = useQuery({
    queryKey: keys.news(office),
    queryFn: () => client.directory.news(office, 200),
  });
  function seen() {
    void client.directory.seeNews(office).catch(() => undefined);
    onClose();
  }
  return (
    <Drawer
      open
      size={620}
      title={t("staff.newsTitle")}
      onClose={onClose}
      footer={
        <Button type="primary" onClick={seen}>
          {t("staff.newsSeen")}
        </Button>
      }
    >
      <p className="faint drawer-lead">{t("staff.newsLead")}</p>
      <ul className="plan">
        {news.map((n, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: news have no name of their own
          <li key={i} className="plan-step">
            <p className="plan-head">
              <strong>{`${code("staff.object", n.object)} · ${code("staff.newsWhat", n.what)}`}</strong>
              <span>{n.label}</span>
              <small className="faint">{format.moment(n.time)}</small>
            </p>
            <DiffList diffs={n.diffs} of={n.object} />
          </li>
        ))}
      </ul>
    </Drawer>
  );
}
