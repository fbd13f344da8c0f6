import { type RefObject, useEffect, useRef } from "react";

/**
 * What was pressed may be gone with the step that it led from. Then the focus comes to the
 * element of this ref, which needs tabIndex -1, so that the next Tab goes on inside it. It is
 * looked at whenever step changes.
 */
export function useLostFocus<T extends HTMLElement>(step: unknown): RefObject<T | null> {
  const box = useRef<T>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: with every step
  useEffect(() => {
    const at = document.activeElement;
    if (!at || at === document.body) box.current?.focus({ preventScroll: true });
  }, [step]);
  return box;
}
