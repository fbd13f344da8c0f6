import { screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { FakeOffice } from "@/api/fake/staff";
import { nobody } from "@/components/office/change";
import { button, openPage } from "@/test/page";

describe("connecting", () => {
  it("recognises the provider, asks for what its adapter needs, and says what is missing", async () => {
    const o = new FakeOffice();
    o.directory.people = [{ ...nobody(), id: "p0", name: "Li Lei", address: "li.lei@office.example" }];
    const { user } = openPage("/offices/new", { office: o });
    await user.click(await screen.findByLabelText("The office’s mail domain"));
    await user.paste("office.example");
    await user.keyboard("{Enter}");
    await screen.findByText("This domain is at Tencent Exmail.");
    await user.click(screen.getByLabelText(/^CorpID/));
    await user.paste("wm1");
    await user.click(button("Test"));
    expect((await screen.findAllByText(/Please fill in “Secret of/)).length).toBeGreaterThan(0);
    await user.click(screen.getByLabelText(/Secret of .*Contacts/));
    await user.paste("s3cret");
    await user.click(button("Test"));
    await screen.findByText("The keys work: connected to office.example.");
    await user.click(button("Connect"));
    await screen.findByRole("table", { name: "People" });
  });
});
