/**
 * The page that examines a domain; "" leaves the field as it is. The domain is part of
 * the path because the page's router hides what follows a question mark.
 */
export function examine(domain: string): string {
  return domain ? `/doctor/check/${encodeURIComponent(domain)}` : "/doctor";
}
