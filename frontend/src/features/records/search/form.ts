import type { RecordForm, RecordKind, RecordOutcome } from "@/api/records";

export const kinds: RecordKind[] = ["received", "sent", "signin", "user", "admin", "traffic"];

export const outcomes: RecordOutcome[] = [
  "ok",
  "delivered",
  "foldered",
  "junk",
  "pending",
  "quarantined",
  "blocked",
  "bounced",
  "refused",
  "locked",
  "failed",
  "other",
];

export function emptyForm(): RecordForm {
  return {
    words: "",
    person: "",
    address: "",
    from: "",
    to: "",
    subject: "",
    ip: "",
    kinds: [],
    outcomes: [],
    methods: [],
    actions: [],
    after: "",
    before: "",
  };
}

/** The day after a day: the language's end is not included, a person's last day is. */
function dayAfter(day: string): string {
  const d = new Date(`${day}T12:00:00Z`);
  if (Number.isNaN(d.getTime())) return day;
  d.setUTCDate(d.getUTCDate() + 1);
  return d.toISOString().slice(0, 10);
}

/** The form as it is asked: with the last day included. */
export function asked(form: RecordForm): RecordForm {
  return form.before ? { ...form, before: dayAfter(form.before) } : form;
}

export function isEmpty(form: RecordForm): boolean {
  return Object.values(form).every((v) => v.length === 0);
}
