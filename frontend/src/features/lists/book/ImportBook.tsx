import { useQuery } from "@tanstack/react-query";
import { App, Button, Dropdown, Skeleton } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import { useClient } from "@/api/ClientContext";
import { problemOf } from "@/api/errors";
import type { ContactSource } from "@/api/lists";
import type { OfficeInfo } from "@/api/offices";
import { type File, FileDrop } from "@/components/file/FileDrop";
import { useChanges } from "@/components/office/ChangesContext";
import { useDirectory } from "@/components/office/useDirectory";
import { useAbility } from "@/components/office/useOffice";
import { TroubleCard } from "@/components/TroubleCard";
import { troubleText } from "@/components/trouble";
import { CheckedBook } from "@/features/lists/book/CheckedBook";

/** Brings shared contacts in from a file, after every one was checked. */
export function ImportBook({ office }: { office: OfficeInfo }) {
  const { t, i18n } = useTranslation();
  const client = useClient();
  const [, go] = useLocation();
  const { message } = App.useApp();
  const ability = useAbility(office);
  const { directory } = useDirectory(office.id);
  const { open } = useChanges();
  const [file, setFile] = useState<File | null>(null);
  const [sheet, setSheet] = useState("");
  const [existing, setExisting] = useState<ContactSource["existing"]>("leave");
  const [group, setGroup] = useState("");
  const source: ContactSource = {
    file: { path: file?.path ?? "", base64: file?.base64 ?? "", sheet },
    existing,
    group,
  };
  const { data, error, refetch, isFetching } = useQuery({
    queryKey: [
      "bookFile",
      office.id,
      file?.path,
      file?.name,
      file?.base64.length,
      sheet,
      existing,
      group,
      directory?.seq,
    ],
    queryFn: () => client.contacts.read(office.id, source),
    enabled: file !== null,
    staleTime: 0,
    gcTime: 0,
    placeholderData: (before) => (file ? before : undefined),
  });
  if (!ability.caps || !directory) return <Skeleton active paragraph={{ rows: 5 }} />;
  if (!ability.can("contacts.edit")) return <p className="warn">{ability.why("contacts.edit")}</p>;
  const template = (format: "csv" | "xlsx") =>
    void client.contacts
      .saveTemplate(i18n.language === "en" ? "en" : "zh-CN", format)
      .then((path) => {
        if (path) void message.success(t("change.saved", { path }));
      })
      .catch((e: unknown) => void message.error(troubleText(t, problemOf(e)).what));
  if (!file) {
    return (
      <FileDrop
        title={t("book.import.title")}
        text={t("book.import.text")}
        formats={t("book.import.formats")}
        pick={() => client.contacts.pick()}
        onFile={setFile}
      >
        <Dropdown
          trigger={["click"]}
          menu={{
            items: [
              { key: "xlsx", label: t("change.saveXLSX") },
              { key: "csv", label: t("change.saveCSV") },
            ],
            onClick: ({ key }) => template(key === "csv" ? "csv" : "xlsx"),
          }}
        >
          <Button aria-haspopup="menu">{t("book.import.template")}</Button>
        </Dropdown>
        <Button type="text" onClick={() => go("/lists/book")}>
          {t("book.import.back")}
        </Button>
      </FileDrop>
    );
  }
  return (
    <>
      {error ? <TroubleCard problem={problemOf(error)} acts={{ again: () => void refetch() }} /> : null}
      {!data && !error && <Skeleton active paragraph={{ rows: 6 }} />}
      {data && (
        <CheckedBook
          name={file.name}
          found={data}
          source={source}
          groups={directory.groups}
          busy={isFetching}
          onSheet={setSheet}
          onExisting={setExisting}
          onGroup={setGroup}
          onReread={() => void refetch()}
          onAgain={() => {
            setFile(null);
            setSheet("");
          }}
          onNext={() =>
            open({
              preview: (requestId) => client.contacts.preview(requestId, office.id, source),
              onDone: () => void refetch(),
            })
          }
        />
      )}
    </>
  );
}
