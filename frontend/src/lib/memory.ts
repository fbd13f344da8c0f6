/**
 * What was typed and found on the doctor's pages, kept while the window is open, so
 * that a look at another page loses nothing.
 */
const kept = new Map<string, unknown>();

export function remember<T>(key: string, value: T): void {
  kept.set(key, value);
}

export function recall<T>(key: string): T | undefined {
  return kept.get(key) as T | undefined;
}

export function forgetAll(): void {
  kept.clear();
}
