import { act, screen, waitFor, within } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { problem } from "@/api/errors";
import { FakeWorld } from "@/api/fake/world";
import { pages } from "@/app/pages";
import { openPage } from "@/test/page";

afterEach(() => vi.restoreAllMocks());

describe("the shell", () => {
  it("shows every page under one heading of the first level", async () => {
    const { go } = openPage("/");
    for (const page of pages) {
      await go(page.path);
      await waitFor(() => expect(screen.getAllByRole("heading", { level: 1 }).length).toBe(1));
      const link = within(await screen.findByRole("navigation")).getByRole("link", { current: "page" });
      expect(link.getAttribute("href")).toBe(`#${page.path}`);
    }
  });

  it("changes the language of the page and of the document at once", async () => {
    const { user } = openPage("/settings");
    await user.click(await screen.findByRole("button", { name: "切换到中文" }));
    expect(await screen.findByRole("heading", { level: 1, name: "设置" })).toBeTruthy();
    expect(document.documentElement.lang).toBe("zh-CN");
  });

  it("follows the choice of light and dark and tells the program", async () => {
    const { user, world } = openPage("/settings");
    await user.click(await screen.findByRole("radio", { name: "Dark" }));
    expect(document.documentElement.dataset.theme).toBe("dark");
    await waitFor(() => expect(world.settings.theme).toBe("dark"));
  });

  it("finds pages in either language, by pinyin, and opens them by keyboard", async () => {
    const { user } = openPage("/");
    await screen.findByRole("heading", { level: 1 });
    for (const text of ["banjia", "搬家", "Move"]) {
      await user.keyboard("{Control>}k{/Control}");
      const field = await screen.findByRole("combobox", { name: "Search" });
      await user.type(field, text);
      expect(screen.getAllByRole("option")[0]?.textContent).toContain("Move");
      await user.keyboard("{Enter}");
      await screen.findByRole("heading", { level: 1, name: "Move" });
      await waitFor(() => expect(screen.queryByRole("combobox", { name: "Search" })).toBeNull());
    }
  });

  it("says in plain words why the data cannot be opened", async () => {
    const world = new FakeWorld();
    world.startup = { ready: false, problem: problem("in_use") };
    openPage("/", { world });
    expect(await screen.findByText("Mailroom is running already.")).toBeTruthy();
    expect(screen.queryByRole("navigation")).toBeNull();
  });

  it("asks before the window closes over running work", async () => {
    const { user, world } = openPage("/");
    await screen.findByRole("navigation");
    act(() => world.emit("app:closing", { running: 2 }));
    const dialog = within(await screen.findByRole("dialog"));
    expect(dialog.getByText(/2 moves or sets of changes are running/)).toBeTruthy();
    expect(world.asked).toBe(1);
    await user.click(dialog.getByRole("button", { name: "Pause and close" }));
    await waitFor(() => expect(world.quit).toBe(true));
  });

  it("keeps the window when a page breaks", async () => {
    // React reports what the boundary caught; here that is the point.
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    const world = new FakeWorld();
    world.list = () => [{ broken: true } as never];
    openPage("/move", { world });
    expect(await screen.findByText("This page ran into a problem")).toBeTruthy();
    expect(screen.getByRole("navigation")).toBeTruthy();
  });
});
