/** What was typed or pasted, as addresses and as what is none. */
export interface Typed {
  good: string[];
  bad: string[];
}

const whole =
  /^[^\s@<>(),;:"[\]\\]+@[a-z0-9\u00a1-\uffff](?:[a-z0-9.\u00a1-\uffff-]*[a-z0-9\u00a1-\uffff])?$/i;

export function isAddress(text: string): boolean {
  const domain = text.split("@")[1] ?? "";
  return whole.test(text) && text.length <= 254 && domain.includes(".") && !domain.includes("..");
}

/**
 * Reads addresses as people paste them: one a line, with commas and semicolons of both
 * kinds, and as "Name <address>" from a mail program. Each once, in lower case.
 */
export function readAddresses(text: string): Typed {
  const good = new Set<string>();
  const bad = new Set<string>();
  const take = (raw: string) => {
    const part = raw.replace(/^mailto:/i, "").toLowerCase();
    if (part !== "") (isAddress(part) ? good : bad).add(part);
  };
  for (const chunk of text.replace(/"[^"\n]*"/g, " ").split(/[,;，；、|\r\n]+/)) {
    const [, inner] = /<\s*([^<>\s]+)\s*>/.exec(chunk) ?? [];
    if (inner) take(inner);
    else for (const raw of chunk.split(/\s+/)) take(raw);
  }
  return { good: [...good], bad: [...bad] };
}
