import { cleanup, configure } from "@testing-library/react";
import { afterEach, beforeEach } from "vitest";
import { i18n } from "@/i18n";

// What the page needs of a browser and jsdom lacks.
class Observer {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}
globalThis.ResizeObserver ??= Observer as unknown as typeof ResizeObserver;
window.matchMedia ??= ((query: string) => ({
  matches: false,
  media: query,
  onchange: null,
  addEventListener() {},
  removeEventListener() {},
  addListener() {},
  removeListener() {},
  dispatchEvent: () => false,
})) as typeof window.matchMedia;

// jsdom answers for a pseudo-element as for its element, and complains each time. The
// components ask for the scroll bar's whenever a dialog opens.
const styleOf = window.getComputedStyle.bind(window);
window.getComputedStyle = (element) => styleOf(element);

// Nothing is laid out here, and who asks for one style has all the rules of the components
// looked through for it: a fifth of the time. Chromium sees them in the end-to-end tests.
Object.defineProperty(HTMLStyleElement.prototype, "innerHTML", {
  configurable: true,
  set() {},
  get: () => "",
});

// Machines that build are busy; waiting longer costs nothing where all is well.
configure({ asyncUtilTimeout: 45_000, getElementError: (message) => new Error(message ?? "not found") });

beforeEach(async () => {
  localStorage.clear();
  window.location.hash = "";
  await i18n.changeLanguage("en");
});

afterEach(() => {
  cleanup();
});
