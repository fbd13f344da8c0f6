import { describe, expect, it } from "vitest";
import { emptyDirectory } from "@/api/fake/offices";
import { indexed } from "@/components/office/useDirectory";
import { creating, editing, nobodysList, settingAll, typedOf } from "@/features/lists/form";

const directory = indexed({
  ...emptyDirectory("o1"),
  domains: [{ name: "office.example", alias: false, off: false, remark: "" }],
});

describe("the form of a list", () => {
  const list = {
    ...nobodysList(),
    id: "l",
    address: "all@office.example",
    members: ["a@office.example", "b@office.example"],
    policy: "named",
    senders: ["a@office.example"],
    hidden: "no",
  };

  it("changes nothing where nothing was touched", () => {
    expect(editing(typedOf(list, directory, []), list)).toEqual([]);
  });

  it("adds and removes members one by one, and tells what was seen of the rest", () => {
    const f = {
      ...typedOf(list, directory, []),
      members: ["b@office.example", "g@shop.example"],
      policy: "anyone",
    };
    const [c] = editing(f, list);
    expect(c).toMatchObject({
      kind: "list.update",
      target: "l",
      set: ["policy", "senders"],
      add: ["g@shop.example"],
      remove: ["a@office.example"],
      seen: [
        { attr: "policy", values: ["named"] },
        { attr: "senders", values: ["a@office.example"] },
      ],
    });
    expect(c?.list?.senders).toEqual([]);
  });

  it("makes a list whose flags are left to the provider where they were not touched", () => {
    const f = { ...typedOf(undefined, directory, ["inside"]), local: " News ", off: true };
    expect(creating(f)[0]?.list).toMatchObject({
      address: "news@office.example",
      policy: "inside",
      hidden: "",
      off: "yes",
    });
    expect(settingAll([list], { hidden: true })[0]).toMatchObject({
      set: ["hidden"],
      list: { hidden: "yes" },
    });
  });
});
