import { renderHook, waitFor } from "@testing-library/react";
import { expect, it } from "vitest";
import { useDialogFocus } from "@/app/useDialogFocus";

/** The page, with a button that dialogs are opened from. */
function page() {
  document.body.innerHTML = `<div id="root"><main id="main" tabindex="-1"><button>open</button></main></div>`;
  const button = document.querySelector("button") as HTMLElement;
  button.focus();
  return button;
}

/** A dialog as the library builds it, which takes the focus to itself. */
function dialog(kind: string, fields: string) {
  const root = document.createElement("div");
  root.innerHTML = `<div class="ant-${kind}" tabindex="-1"><button class="ant-${kind}-close"></button>
    <div class="ant-${kind}-body">${fields}</div></div>`;
  document.body.append(root);
  (root.firstElementChild as HTMLElement).focus();
  return root;
}

const focusIs = (node: Element | null) => waitFor(() => expect(document.activeElement).toBe(node));

it("puts the cursor into a dialog's first field, and gives the focus back step by step", async () => {
  const button = page();
  renderHook(() => useDialogFocus());
  button.blur();
  button.focus();
  const drawer = dialog("drawer", `<input disabled><input id="name"><button id="more">more</button>`);
  await focusIs(drawer.querySelector("#name"));
  // Later the dialog can be given the focus: by a click beside its fields.
  document.body.dispatchEvent(new Event("pointerdown", { bubbles: true }));
  (drawer.firstElementChild as HTMLElement).focus();
  await focusIs(drawer.firstElementChild);
  const more = drawer.querySelector<HTMLElement>("#more");
  more?.focus();
  const modal = dialog("modal", `<input type="radio"><input type="radio" id="chosen" checked>`);
  await focusIs(modal.querySelector("#chosen"));
  modal.remove();
  await focusIs(more);
  drawer.remove();
  await focusIs(button);
});

it("leaves the cursor in the field that a dialog chose, though the dialog takes the focus", async () => {
  page();
  renderHook(() => useDialogFocus());
  const root = document.createElement("div");
  root.innerHTML = `<div class="ant-drawer" tabindex="-1"><div class="ant-drawer-body"><input><input id="chosen"></div></div>`;
  document.body.append(root);
  root.querySelector<HTMLElement>("#chosen")?.focus();
  (root.firstElementChild as HTMLElement).focus();
  await focusIs(root.querySelector("#chosen"));
});

it("goes on at the content of the page where the button is gone", async () => {
  const button = page();
  renderHook(() => useDialogFocus());
  button.blur();
  button.focus();
  const drawer = dialog("drawer", "");
  await focusIs(drawer.firstElementChild);
  button.remove();
  drawer.remove();
  await focusIs(document.querySelector("main"));
});
