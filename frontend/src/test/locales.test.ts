import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { messageClasses, oauthClasses, troubleClasses } from "@/components/trouble";
import { changeCodes, skipReasons } from "@/features/move/folderCodes";
import { fileCodes } from "@/features/move/people/fileCodes";
import { en, zh } from "@/i18n/locales";

type Tree = { [key: string]: string | Tree };

function flat(tree: Tree, path = ""): Map<string, string> {
  const all = new Map<string, string>();
  for (const [key, value] of Object.entries(tree)) {
    const at = path ? `${path}.${key}` : key;
    if (typeof value === "string") all.set(at, value);
    else for (const [k, v] of flat(value, at)) all.set(k, v);
  }
  return all;
}

const english = flat(en);
const chinese = flat(zh);

/** Languages have different plural forms, so the form is no part of a key. */
function base(key: string): string {
  return key.replace(/_(one|other)$/, "");
}

function placeholders(text: string): string[] {
  return [...new Set([...text.matchAll(/\{\{(\w+)\}\}/g)].map((m) => m[1] ?? ""))].sort();
}

describe("the two languages", () => {
  it("stand in the same files, each of them in use, no key in two", () => {
    const folder = (lang: string) => join(process.cwd(), "src/i18n/locales", lang);
    const files = (lang: string) => readdirSync(folder(lang)).sort();
    expect(files("zh-CN")).toEqual(files("en"));
    for (const [lang, merged] of [
      ["en", en],
      ["zh-CN", zh],
    ] as const) {
      const keys = files(lang).flatMap((f) =>
        Object.keys(JSON.parse(readFileSync(join(folder(lang), f), "utf8"))),
      );
      expect(keys.sort()).toEqual(Object.keys(merged).sort());
    }
  });

  it("hold the same keys", () => {
    const keys = (all: Map<string, string>) => [...new Set([...all.keys()].map(base))].sort();
    expect(keys(chinese)).toEqual(keys(english));
  });

  it("use the same placeholders under each key", () => {
    // A singular may say "one" without the number, and a name may stand without it.
    const free = new Set(["move.name.several"]);
    for (const [key, text] of english) {
      if (free.has(base(key))) continue;
      const other = chinese.get(key) ?? chinese.get(`${base(key)}_other`) ?? "";
      expect(placeholders(other), key).toEqual(placeholders(text));
    }
  });

  it("have no empty text and no stray blanks", () => {
    for (const [key, text] of [...english, ...chinese]) {
      expect(text, key).not.toBe("");
      if (!["list.join", "list.comma"].includes(key)) expect(text.trim(), key).toBe(text);
    }
  });

  it("keep Chinese free of half-width punctuation and English free of Chinese", () => {
    // The menus of Chinese consoles are called as they are.
    const names =
      /^(app\.otherName|settings\.language\.|top\.otherLanguage|office\.\w+\.\w+\.(label|help)|recordsPage\.help\.chinese)/;
    for (const [key, text] of chinese) {
      if (key === "recordsPage.search.questionHint") continue; // how a search is typed
      expect(text.replace(/\{\{\w+\}\}/g, "字"), key).not.toMatch(/[\u4e00-\u9fff][,;:?!]/);
    }
    for (const [key, text] of english) {
      if (!names.test(key)) expect(text, key).not.toMatch(/[\u4e00-\u9fff]/);
    }
  });

  const faults = (all: Map<string, string>, wrong: RegExp, free = /^$/) =>
    [...all]
      .filter(([key, text]) => !free.test(key) && wrong.test(text.replace(/\{\{\w+\}\}/g, "}")))
      .map(([key, text]) => `${key}: ${text}`);

  it("set marks and blanks as each language does", () => {
    const either = /["']|\.\.\.|[\d}] %/;
    expect(faults(english, either)).toEqual([]);
    expect(faults(chinese, either)).toEqual([]);
    const close = /[\u4e00-\u9fff][A-Za-z0-9]|[A-Za-z0-9][\u4e00-\u9fff]/;
    expect(faults(chinese, close)).toEqual([]);
    // What is typed as it stands: patterns of folders, a search, an address with a name in it.
    const typed =
      /^(wizard\.advanced\.(ex|in)cludeNote|recordsPage\.search\.questionHint|guides\.tree\.client\.node\.do-certificate)/;
    const apart = /[\u4e00-\u9fff] [\u4e00-\u9fff]|[，。：；？！“”（）、] | [，。：；？！”（）、]/;
    expect(faults(chinese, apart, typed)).toEqual([]);
  });

  it("call a thing by the glossary's word for it", () => {
    const avoided = /[Ww]eb mail|[Ww]eb site|[Ss]et-up|[Ll]ook-up|[Ss]ub-folder|[Rr]ound mail/;
    expect(faults(english, avoided)).toEqual([]);
    const otherWords = /邮件客户端|邮件程序|客户端授权码|两步验证|邮件组|信箱|帐号|登陆|其它/;
    expect(faults(chinese, otherWords)).toEqual([]);
  });
});

describe("codes of the program", () => {
  const read = (path: string) => readFileSync(join(process.cwd(), "..", "backend", path), "utf8");

  it("every error code has its texts", () => {
    const codes = [...read("core/errors.go").matchAll(/ Code = "(\w+)"/g)].map((m) => m[1]);
    expect(codes.length).toBeGreaterThan(15);
    for (const code of codes) expect(english.has(`trouble.code.${code}.todo`), code).toBe(true);
  });

  it("every class of the dictionary has its texts", () => {
    const classes = [...read("preset/dictionary.go").matchAll(/ Class = "([\w-]+)"/g)].map((m) => m[1]);
    expect([...classes].sort()).toEqual([...troubleClasses].sort());
    for (const name of classes) expect(english.has(`trouble.class.${name}.todo`), name).toBe(true);
  });

  it("every reason why a message cannot be moved as it is has its texts", () => {
    const classes = [...read("migrate/anatomy.go").matchAll(/preset\.Class = "([\w-]+)"/g)].map(
      (m) => m[1] ?? "",
    );
    expect([...classes].sort()).toEqual([...messageClasses].sort());
    for (const name of messageClasses) expect(english.has(`trouble.class.${name}.todo`), name).toBe(true);
  });

  it("every reason why no token is given has its texts", () => {
    const classes = [...read("oauth/class.go").matchAll(/ Class = "([\w-]+)"/g)].map((m) => m[1] ?? "");
    expect([...classes, "oauth-app-gone"].sort()).toEqual([...oauthClasses].sort());
    for (const name of oauthClasses) expect(english.has(`trouble.class.${name}.todo`), name).toBe(true);
  });

  it("every reason and change of the folder map has a text", () => {
    const source = read("migrate/foldermap/foldermap.go");
    const skipped = [...read("preset/data/roles.json").matchAll(/"reason": "([\w-]+)"/g)].map((m) => m[1]);
    const reasons = [...source.matchAll(/Reason\w+ +(?:Reason +)?= "([\w-]+)"/g)].map((m) => m[1]);
    expect([...new Set([...reasons, ...skipped])].sort()).toEqual([...skipReasons].sort());
    const changes = [...source.matchAll(/ ChangeCode = "([\w-]+)"/g)].map((m) => m[1]);
    expect([...changes].sort()).toEqual([...changeCodes].sort());
  });

  it("everything that can be wrong in a people file has a text", () => {
    const codes = [...read("people/people.go").matchAll(/ Code += "(\w+)"/g)].map((m) => m[1]);
    expect([...codes].sort()).toEqual([...fileCodes].sort());
  });

  it.each([
    ["office/intake/intake.go", "Code", "intake.code"],
    ["office/listfile/listfile.go", "Code", "fileProblem"],
    ["office/contactfile/contactfile.go", "Code", "fileProblem"],
    ["office/contactfile/vcard/vcard.go", "FaultCode", "fileProblem"],
    ["office/passrule/passrule.go", "Broken", "staff.rule"],
    ["recognise/recognise.go", "How", "providers.by"],
  ])("everything that %s can find has its texts", (file, type, place) => {
    const codes = [...read(file).matchAll(new RegExp(`\\w+ +${type} += "(\\w+)"`, "g"))].map((m) => m[1]);
    expect(codes.length).toBeGreaterThan(5);
    const texts = new Set([...english.keys()].map(base));
    expect(codes.filter((c) => !texts.has(`${place}.${c}`))).toEqual([]);
  });

  it("Chinese texts address the reader politely, and all in the same way", () => {
    expect(JSON.stringify(zh)).not.toContain("你");
  });
});
