import { expect, it } from "vitest";
import { letterFor } from "@/features/staff/joiner/letter";
import { i18n } from "@/i18n";

it("the welcome letter never holds the password", () => {
  const joined = {
    name: "A",
    address: "a@office.example",
    lists: ["All"],
    password: "s3cret-word",
    failed: 0,
  };
  const at = { host: "imap.office.example", port: 993, security: "tls" as const };
  for (const language of ["en", "zh-CN"]) {
    const letter = letterFor(i18n.getFixedT(language), joined, {
      servers: [{ name: "imap", at: at as never }],
      webMail: "",
    });
    expect(letter.text).toContain("imap.office.example:993");
    expect(letter.text + letter.subject).not.toContain("s3cret");
  }
});
