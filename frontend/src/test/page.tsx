import { act, render, screen, within } from "@testing-library/react";
import userEvent, { type UserEvent } from "@testing-library/user-event";
import { type FakeOptions, fakeClient } from "@/api/fake";
import { FakeWorld } from "@/api/fake/world";
import { App } from "@/app/App";
import { emptyDraft, setDraft } from "@/features/move/draft";
import { adopt } from "@/lib/preferences";

/** The whole page on a made-up program that moves only when told (world.tick). */
export function openPage(hash = "/", options: FakeOptions = {}) {
  adopt({ language: "en", theme: "light", resume: "scheduled", quiet: false });
  setDraft(emptyDraft());
  window.location.hash = `#${hash}`;
  const world = options.world ?? new FakeWorld();
  world.settings = { language: "en", theme: "light", resume: "scheduled", quiet: false };
  const client = fakeClient({ pace: 0, ...options, world });
  const user = quickly(userEvent.setup());
  const view = render(<App client={client} />);
  return {
    world,
    client,
    user,
    view,
    /** Lets the made-up program get on. */
    tick: (times = 1) =>
      act(async () => {
        for (let i = 0; i < times; i++) world.tick();
      }),
    go: (to: string) =>
      act(async () => {
        window.location.hash = `#${to}`;
      }),
  };
}

/** Somebody who pastes what they know: a letter at a time, each would draw the whole page. */
function quickly(user: UserEvent): UserEvent {
  return {
    ...user,
    async type(field, text) {
      if (/[{[]/.test(text)) return user.type(field, text);
      await user.click(field);
      await user.paste(text);
    },
  };
}

/** A button of the page by its words. */
export function button(name: string | RegExp): HTMLElement {
  return screen.getByRole("button", { name });
}

/** A card of the page by its title. */
export async function card(title: string | RegExp) {
  return within(await screen.findByRole("region", { name: title }));
}
