import { AutoComplete, Input, Select } from "antd";
import { type ReactNode, useId, useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { OfficeInfo } from "@/api/offices";
import type { RecordForm } from "@/api/records";
import { useDirectory } from "@/components/office/useDirectory";
import { useRecordText } from "@/components/records/useRecordText";
import { kinds, outcomes } from "@/features/records/search/form";

interface Props {
  office: OfficeInfo;
  form: RecordForm;
  onChange: (form: RecordForm) => void;
}

/** Asks field by field. */
export function SearchForm({ office, form, onChange }: Props) {
  const { t } = useTranslation();
  const id = useId();
  const text = useRecordText(office.id);
  const { directory } = useDirectory(office.id);
  const set = (part: Partial<RecordForm>) => onChange({ ...form, ...part });
  const people = useMemo(() => {
    const typed = form.person.toLowerCase();
    return (directory?.people ?? [])
      .filter((p) => `${p.address} ${p.name}`.toLowerCase().includes(typed))
      .slice(0, 20)
      .map((p) => ({ value: p.address, label: p.name ? `${p.name} · ${p.address}` : p.address }));
  }, [directory, form.person]);
  return (
    <div className="search-form">
      <Field id={`${id}-w`} label={t("recordsPage.form.words")} wide>
        <Input
          id={`${id}-w`}
          allowClear
          value={form.words}
          placeholder={t("recordsPage.form.wordsHint")}
          onChange={(e) => set({ words: e.target.value })}
        />
      </Field>
      <Field id={`${id}-p`} label={t("recordsPage.form.person")}>
        <AutoComplete
          id={`${id}-p`}
          allowClear
          value={form.person}
          options={people}
          placeholder={t("recordsPage.form.personHint")}
          onChange={(v) => set({ person: v ?? "" })}
        />
      </Field>
      <Field id={`${id}-i`} label={text.column("ip")}>
        <Input
          id={`${id}-i`}
          allowClear
          value={form.ip}
          placeholder="203.0.113."
          onChange={(e) => set({ ip: e.target.value })}
        />
      </Field>
      <Field id={`${id}-k`} label={text.column("kind")}>
        <Select
          id={`${id}-k`}
          mode="multiple"
          allowClear
          maxTagCount="responsive"
          value={form.kinds}
          placeholder={t("recordsPage.form.all")}
          options={kinds.map((k) => ({ value: k, label: text.kind(k) }))}
          onChange={(v) => set({ kinds: v })}
        />
      </Field>
      <Field id={`${id}-o`} label={text.column("outcome")}>
        <Select
          id={`${id}-o`}
          mode="multiple"
          allowClear
          maxTagCount="responsive"
          value={form.outcomes}
          placeholder={t("recordsPage.form.all")}
          options={outcomes.map((o) => ({ value: o, label: text.outcome(o) }))}
          onChange={(v) => set({ outcomes: v })}
        />
      </Field>
      <Field id={`${id}-a`} label={t("recordsPage.form.after")}>
        <Input
          id={`${id}-a`}
          type="date"
          value={form.after}
          max={form.before || undefined}
          onChange={(e) => set({ after: e.target.value })}
        />
      </Field>
      <Field id={`${id}-b`} label={t("recordsPage.form.before")}>
        <Input
          id={`${id}-b`}
          type="date"
          value={form.before}
          min={form.after || undefined}
          onChange={(e) => set({ before: e.target.value })}
        />
      </Field>
    </div>
  );
}

function Field(props: { id: string; label: string; wide?: boolean; children: ReactNode }) {
  return (
    <div className={props.wide ? "field search-wide" : "field"}>
      <label htmlFor={props.id}>{props.label}</label>
      {props.children}
    </div>
  );
}
