import { remember } from "@/lib/memory";

/** A reply of a mail server, such as "550 5.1.1 User unknown": what the reader of returned mail reads. */
const reply = /(?:^|[^\d.])[45]\d\d(?:[ -]|$)|(?:^|[^\d.])[45]\.\d{1,3}\.\d{1,3}(?:[^\d.]|$)/;

/** Whether the reader of returned mail can say what these words mean. */
export function readable(words: string): boolean {
  return reply.test(words);
}

/** The page that reads returned mail. */
export const returnedPage = "/doctor/bounce";

/** Lays words out on the page that reads returned mail, for when it is opened. */
export function layOut(words: string): void {
  remember("bounce", { text: words, busy: false });
}
