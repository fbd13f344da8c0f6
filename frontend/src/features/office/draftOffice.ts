import type { OfficeDraft, OfficeInfo, OfficeMaker } from "@/api/offices";

/** An office as it is typed; secrets are plain until they are kept in the vault. */
export interface Typed {
  domain: string;
  name: string;
  provider: string;
  values: Record<string, string>;
  secrets: Record<string, string>;
  baseUrl: string;
  readOnly: boolean;
}

export function typedOf(office?: OfficeInfo): Typed {
  return {
    domain: office?.domain ?? "",
    name: office?.name ?? "",
    provider: office?.provider ?? "",
    values: office?.values ?? {},
    secrets: {},
    baseUrl: office?.baseUrl ?? "",
    readOnly: office?.readOnly ?? false,
  };
}

const isSecret = (kind: string) => kind === "secret" || kind === "key";

/** The first required field that is empty. */
export function missingField(maker: OfficeMaker, typed: Typed, office?: OfficeInfo): string | undefined {
  return maker.fields.find((f) => {
    if (!f.required) return false;
    if (isSecret(f.kind)) return !typed.secrets[f.key] && !office?.secrets.includes(f.key);
    return !typed.values[f.key];
  })?.key;
}

/** What is sent, with handles for the secrets. */
export function draftOf(
  typed: Typed,
  maker: OfficeMaker,
  handles: Record<string, string>,
  id = "",
): OfficeDraft {
  const values: Record<string, string> = {};
  for (const f of maker.fields) {
    if (isSecret(f.kind)) continue;
    values[f.key] = typed.values[f.key] ?? (f.kind === "choice" ? (f.choices[0] ?? "") : "");
  }
  return {
    id,
    name: typed.name.trim(),
    provider: maker.id,
    domain: typed.domain.trim().replace(/^.*@/, ""),
    values,
    secrets: handles,
    baseUrl: typed.baseUrl.trim(),
    readOnly: typed.readOnly,
  };
}
