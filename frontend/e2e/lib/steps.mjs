// What every story does: opens pages, calls the program, and goes through the steps of a move as a person does.

/** Opens a page by its address. */
export const go = (page, hash) =>
  page.evaluate((to) => {
    window.location.hash = to;
  }, hash);

/** Calls the program as the page does. */
export const call = (page, service, method, ...args) =>
  page.evaluate(([s, m, a]) => window.go.api[s][m](...a), [service, method, args]);

export const button = (page, name) => page.getByRole("button", { name, exact: true });

/** Presses the button that leads to a step. */
export async function next(page, t, step) {
  await button(page, t("wizard.next", { step: t(`wizard.step.${step}`) })).click();
}

/** From the practice people to the step about time; look is told each step's name. */
export async function practiceSteps(page, t, look = async () => undefined) {
  const people = page.getByRole("table", { name: t("move.people.table") });
  await people.getByRole("checkbox", { checked: true }).nth(5).waitFor();
  await look("people");
  await next(page, t, "folders");
  await page.getByRole("table", { name: t("move.map.table") }).waitFor();
  await look("folders");
  await next(page, t, "check");
  await page.getByRole("table", { name: t("wizard.check.table") }).waitFor();
  await page.getByText(t("move.check.exact")).waitFor();
  await look("check");
  await next(page, t, "when");
  await page.getByRole("region", { name: t("when.title") }).waitFor();
  await look("when");
}

/** Answers the question for a passphrase where no keychain holds the vault's key. */
export async function openVault(page, t, instead) {
  const field = page.getByLabel(t("vault.passphrase"), { exact: true });
  await field.or(instead).first().waitFor();
  if (!(await field.isVisible())) return;
  const again = page.getByLabel(t("vault.again"), { exact: true });
  const fresh = await again.isVisible();
  await field.fill("correct horse battery");
  if (fresh) await again.fill("correct horse battery");
  await button(page, t(fresh ? "vault.newOk" : "vault.openOk")).click();
}

/** Waits until the time line tells the end of so many runs: a short run is over before its beginning is seen. */
export async function runsEnded(page, t, runs) {
  const [beginning] = t("run.event.finished", { n: "|" }).split("|");
  await page
    .getByText(beginning)
    .nth(runs - 1)
    .waitFor();
}

/** The zone of an office before its switch: mail goes to the old provider. */
export const oldZone = () => ({
  "office.example": {
    MX: [[5, "mxbiz1.qq.com"]],
    TXT: ["v=spf1 include:spf.mail.qq.com include:spf.qiye.163.com ~all"],
  },
});

/**
 * The day of the switch, from the page of a finished move: the test's own DNS is asked,
 * the MX is changed there, and the page sees it. look is told when the change is due. It
 * ends on the page of the switch.
 */
export async function switchOver(view, t, dns, look = async () => undefined) {
  await view.click(t("switchover.open"), "a");
  await view.unfold(t("switchover.resolvers.title"));
  await view.fill(t("switchover.resolvers.list"), dns.address);
  await view.click(t("switchover.resolvers.save"));
  await view.fill(t("switchover.form.domain"), "office.example");
  const english = t.language === "en";
  await view.pick(t("switchover.form.from"), english ? "Tencent" : "腾讯企业");
  await view.pick(t("switchover.form.to"), english ? "NetEase Ent" : "网易企业");
  await view.click(t("switchover.form.save"));
  await view.see(t("switchover.step.spf.done"));
  const left = t("switchover.act.seenLeft");
  if (await view.has(left)) await view.click(left);
  await view.see("5 qiye163mx01.mxmail.netease.com");
  await look();
  dns.records["office.example"].MX = [[5, "qiye163mx01.mxmail.netease.com"]];
  await view.click(t("switchover.check"));
  await view.see(t("switchover.step.mx.done"));
}

/** The plan that is shown: its name typed where it is asked for, done, and closed. */
export async function apply(page, t, typed = "") {
  const drawer = page.getByRole("dialog", { name: t("change.title") });
  await drawer.waitFor();
  if (typed) await drawer.getByRole("textbox").fill(typed);
  await drawer.locator(".plan-view .ant-btn-primary").click();
  const results = page.getByRole("dialog", { name: t("change.results") });
  await results.getByText(t("change.state.done")).first().waitFor();
  await results
    .getByRole("button", { name: t("change.close"), exact: true })
    .last()
    .click();
  await results.waitFor({ state: "hidden" });
}
