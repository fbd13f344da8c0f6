/**
 * Reads a day as people type it (2024-1-31, 2024/01/31, 2024年1月31日, full-width digits):
 * "2024-01-31", "" for nothing, undefined for what is no day.
 */
export function readDay(text: string): string | undefined {
  const plain = text.normalize("NFKC").trim();
  if (plain === "") return "";
  const parts =
    plain.match(/^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?$/) ??
    plain.match(/^(\d{4})(\d{2})(\d{2})$/);
  if (!parts) return undefined;
  const [year, month, day] = parts.slice(1).map(Number) as [number, number, number];
  const date = new Date(Date.UTC(year, month - 1, day));
  const same = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return same && year >= 1970 && year < 9000 ? date.toISOString().slice(0, 10) : undefined;
}
