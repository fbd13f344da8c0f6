import { useEffect, useRef } from "react";
import { useLocation } from "wouter";
import { pages } from "@/app/pages";

const mac = /Mac|iPhone|iPad/.test(navigator.userAgent);
const control = mac ? "⌘" : "Ctrl ";

/** How the shortcuts are written on this computer. */
export const keyNames = {
  palette: `${control}K`,
  newMove: mac ? "⌥N" : "Alt N",
  pages: `${control}1 … ${control}9`,
  settings: `${control},`,
  list: "?",
  close: "Esc",
} as const;

interface Handlers {
  onPalette: () => void;
  onList: () => void;
}

/** Listens to the shortcuts that work on every page. */
export function useShortcuts(handlers: Handlers): void {
  const [, go] = useLocation();
  const latest = useRef(handlers);
  latest.current = handlers;
  useEffect(() => {
    function onKey(event: KeyboardEvent) {
      const act = actionOf(event, go, latest.current);
      if (!act) return;
      event.preventDefault();
      act();
    }
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [go]);
}

function actionOf(event: KeyboardEvent, go: (to: string) => void, on: Handlers): (() => void) | undefined {
  const key = event.key.toLowerCase();
  if ((mac ? event.metaKey : event.ctrlKey) && !event.altKey && !event.shiftKey) {
    if (key === "k") return on.onPalette;
    if (key === ",") return () => go("/settings");
    const page = /^[1-9]$/.test(key) ? pages[Number(key) - 1] : undefined;
    return page && (() => go(page.path));
  }
  if (event.altKey && event.code === "KeyN") return () => go("/move/new");
  if (key === "?" && !isTyping(event.target) && !hasDialog()) return on.onList;
  return undefined;
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

function hasDialog(): boolean {
  return document.querySelector('[role="dialog"][aria-modal="true"]') !== null;
}
