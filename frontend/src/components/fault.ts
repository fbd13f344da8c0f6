import { flushSync } from "react-dom";

/** What keeps a form from going on, and which of its fields it is about. */
export interface Fault<Field extends string> {
  field: Field;
  text: string;
}

/** The text of a fault for its field; "" for every other. */
export function faultOf<Field extends string>(fault: Fault<Field> | undefined, field: Field): string {
  return fault?.field === field ? fault.text : "";
}

/** Lets a form show its fault, and puts the cursor where it is, or what is said in sight. */
export function showFault(form: HTMLElement | null, show: () => void): void {
  flushSync(show);
  const field = form?.querySelector<HTMLElement>('[aria-invalid="true"]');
  if (field) field.focus();
  else form?.querySelector('[role="alert"]')?.scrollIntoView?.({ block: "center" });
}
