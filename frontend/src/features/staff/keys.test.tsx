import { screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { FakeOffice } from "@/api/fake/staff";
import { nobody } from "@/components/office/change";
import { openPage } from "@/test/page";

describe("people in the list", () => {
  it("are walked by arrow keys from the search on, and Esc asks for everybody again", async () => {
    const office = new FakeOffice();
    office.directory.people = ["Li Lei", "Han Meimei", "Lucy King"].map((name, i) => ({
      ...nobody(),
      id: `p${i}`,
      name,
      address: `${name.toLowerCase().replace(" ", ".")}@office.example`,
    }));
    const { user } = openPage("/people", { office });
    await user.click(await screen.findByRole("textbox", { name: /Search by name/ }));
    await user.paste("e");
    await user.keyboard("{ArrowDown}");
    expect(document.activeElement?.textContent).toBe("Li Lei");
    await user.keyboard("{ArrowDown}");
    expect(document.activeElement?.textContent).toBe("Han Meimei");
    await user.keyboard("{End}{ArrowUp}{Home}");
    expect(document.activeElement?.textContent).toBe("Li Lei");
    await user.click(screen.getByRole("textbox", { name: /Search by name/ }));
    await user.paste("nobody of this name");
    await screen.findByText("0 people");
    expect(screen.queryByRole("table", { name: "People" })).toBeNull();
    await user.keyboard("{Escape}");
    await screen.findByText("3 people");
  });
});
