import { describe, expect, it } from "vitest";
import { peopleOfPaste } from "@/features/move/people/rows";

describe("rows pasted from a spreadsheet", () => {
  it("are read with and without names, and headings are left out", () => {
    const people = peopleOfPaste(
      [
        "姓名\t旧邮箱\t旧密码\t新邮箱\t新密码",
        "李雷\tli.lei@old.example\tone two\tli.lei@new.example\tthree",
        "han.meimei@old.example\tp1\than.meimei@new.example\tp2",
        "",
      ].join("\r\n"),
    );
    expect(
      people.map((p) => [p.label, p.from.user, p.from.password.typed, p.to.user, p.to.password.typed]),
    ).toEqual([
      ["李雷", "li.lei@old.example", "one two", "li.lei@new.example", "three"],
      ["", "han.meimei@old.example", "p1", "han.meimei@new.example", "p2"],
    ]);
  });
});
