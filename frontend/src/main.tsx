import { createRoot } from "react-dom/client";
import type { Client } from "@/api/client";
import { App } from "@/app/App";
import { tellSystemLanguage } from "@/i18n";
import { readCopy, startPreferences } from "@/lib/preferences";
import "@/app/styles/base.css";
import "@/app/styles/frame.css";
import "@/app/styles/pages.css";
import "@/app/styles/home.css";
import "@/app/styles/fields.css";
import "@/app/styles/tables.css";
import "@/app/styles/move.css";
import "@/app/styles/wizard.css";
import "@/app/styles/when.css";
import "@/app/styles/papers.css";
import "@/app/styles/oauth.css";
import "@/app/styles/doctor.css";
import "@/app/styles/examination.css";
import "@/app/styles/guides.css";
import "@/app/styles/watch.css";
import "@/app/styles/records.css";
import "@/app/styles/lists.css";
import "@/app/styles/staff.css";

async function client(): Promise<Client> {
  if ("go" in window) return (await import("@/api/real")).realClient();
  // A plain browser: the page runs on made-up data, for looking at it only.
  const { FakeWorld } = await import("@/api/fake/world");
  const world = new FakeWorld();
  world.settings = readCopy();
  return (await import("@/api/fake")).fakeClient({ world });
}

// A dropped file must not navigate the window away from the page.
for (const type of ["dragenter", "dragover", "drop"]) {
  window.addEventListener(type, (event) => event.preventDefault());
}

/** The program knows the system's language better than a web view; it answers at once or not at all. */
async function askLanguage(c: Client): Promise<void> {
  const late = new Promise<undefined>((resolve) => setTimeout(resolve, 400));
  const info = await Promise.race([c.app.info().catch(() => undefined), late]);
  if (info) tellSystemLanguage(info.language);
}

async function start(root: HTMLElement): Promise<void> {
  const c = await client();
  await askLanguage(c);
  startPreferences();
  createRoot(root).render(<App client={c} />);
}

const root = document.getElementById("root");
if (root) void start(root);
