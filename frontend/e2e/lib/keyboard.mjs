// Uses the page with the keyboard alone.

/** What has the focus: its role and accessible name, and whether the focus can be seen. */
async function focused(page) {
  return page.evaluate(() => {
    const at = document.activeElement;
    if (!at || at === document.body) return { name: "", visible: true };
    const label = at.labels?.[0]?.textContent ?? "";
    const ids = (at.getAttribute("aria-labelledby") ?? "").split(" ").filter(Boolean);
    const byId = ids.map((id) => document.getElementById(id)?.textContent ?? "").join(" ");
    const name = (at.getAttribute("aria-label") || byId || label || at.textContent || "").trim();
    const style = getComputedStyle(at);
    const ring = style.outlineStyle !== "none" || style.boxShadow !== "none";
    const parent = at.closest("span,label,li,div");
    const around = parent ? getComputedStyle(parent) : style;
    const child = parent?.querySelector("[class*=checkbox-inner],[class*=radio-inner]");
    const inner = child ? getComputedStyle(child) : style;
    const visible =
      ring || around.outlineStyle !== "none" || around.boxShadow !== "none" || inner.outlineStyle !== "none";
    return { name, visible };
  });
}

/** Presses Tab until the element of this name has the focus, which must be visible there. */
export async function tabTo(page, name, most = 120) {
  const seen = [];
  for (let i = 0; i < most; i++) {
    await page.keyboard.press("Tab");
    const at = await focused(page);
    seen.push(at.name.slice(0, 30));
    if (typeof name === "string" ? at.name === name : name.test(at.name)) {
      if (!at.visible) throw new Error(`the focus on "${at.name}" cannot be seen`);
      return;
    }
  }
  throw new Error(`Tab never came to ${name}; it came to: ${seen.join(" | ")}`);
}
