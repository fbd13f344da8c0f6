import { screen, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { FakeOffice } from "@/api/fake/staff";
import { nobody } from "@/components/office/change";
import { openPage } from "@/test/page";

function office() {
  const o = new FakeOffice();
  o.directory.people = [
    {
      ...nobody(),
      id: "p0",
      name: "Li Lei",
      address: "li@office.example",
      aliases: ["l@office.example", "sales@office.example"],
      hiddenAddresses: ["l@office.example"],
    },
  ];
  return o;
}

const open = async (o: FakeOffice) => {
  const { user } = openPage("/people/person/p0", { office: o });
  const list = await screen.findByRole("region", { name: "Addresses" });
  return { user, list: within(list) };
};

const send = async (user: Awaited<ReturnType<typeof open>>["user"]) =>
  user.click(await screen.findByRole("button", { name: "Do it" }));

describe("the addresses of a person", () => {
  it("say which is the main one, and another becomes it after it was shown", async () => {
    const o = office();
    const { user, list } = await open(o);
    expect(list.getByText("Main address")).toBeTruthy();
    expect(list.queryByRole("button", { name: "Make li@office.example the main address" })).toBeNull();
    await user.click(list.getByRole("button", { name: "Make sales@office.example the main address" }));
    await send(user);
    expect(o.sent).toMatchObject([
      {
        kind: "person.primary",
        target: "p0",
        address: "sales@office.example",
        seen: [{ attr: "address", values: ["li@office.example"] }],
      },
    ]);
  });

  it("are shown in the book and hidden one by one", async () => {
    const o = office();
    const { user, list } = await open(o);
    const of = (address: string) => list.getByRole("switch", { name: `Show ${address} in the address book` });
    expect(of("l@office.example").getAttribute("aria-checked")).toBe("false");
    expect(of("li@office.example").getAttribute("aria-checked")).toBe("true");
    await user.click(of("l@office.example"));
    await send(user);
    expect(o.sent).toMatchObject([{ kind: "person.hideAddress", address: "l@office.example", on: false }]);
    expect(o.sent[0]?.seen).toEqual([{ attr: "hiddenAddresses", values: ["l@office.example"] }]);
  });

  it("are grey where the provider cannot, with the reason and its console", async () => {
    const o = office();
    o.cannot = { "people.primary": "not_in_api", "people.hideAddresses": "not_in_api" };
    const { list } = await open(o);
    const main = await list.findByRole("button", { name: "Make sales@office.example the main address" });
    expect(main.getAttribute("aria-disabled")).toBe("true");
    for (const one of list.getAllByRole("switch")) {
      expect(one).toHaveProperty("disabled", true);
      expect(one.getAttribute("aria-checked")).toBe("false"); // nobody tells what the book shows
    }
    expect(list.getByText(/^Main address: /)).toBeTruthy();
    expect(list.getByText(/^In the book: /)).toBeTruthy();
    expect(list.getAllByRole("button", { name: /console/i })).toHaveLength(1);
  });

  it("get a new main one where the provider knows no other way", async () => {
    const o = office();
    o.primaryNew = true;
    const { user, list } = await open(o);
    const fresh = await list.findByRole("textbox", { name: "New main address" });
    const old = list.getByRole("button", { name: "Make sales@office.example the main address" });
    expect(old.getAttribute("aria-disabled")).toBe("true");
    expect(old.title).toMatch(/only a newly added address/);
    await user.click(fresh);
    await user.paste("Lei.Li");
    await user.click(list.getByRole("button", { name: "Add as main address" }));
    await send(user);
    expect(o.sent).toMatchObject([{ kind: "person.primary", address: "lei.li@office.example" }]);
  });
});
