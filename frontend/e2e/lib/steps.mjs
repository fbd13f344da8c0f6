// Goes through the steps of a move as a person does.

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
  for (const label of ["vault.passphrase", "vault.again"]) {
    await page.getByLabel(t(label), { exact: true }).fill("correct horse battery");
  }
  await button(page, t("vault.newOk")).click();
}

/** Waits until the time line tells the end of so many runs: a short run is over before its beginning is seen. */
export async function runsEnded(page, t, runs) {
  const [beginning] = t("run.event.finished", { n: "|" }).split("|");
  await page
    .getByText(beginning)
    .nth(runs - 1)
    .waitFor();
}
