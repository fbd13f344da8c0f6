import { useEffect } from "react";

/**
 * Dialogs and the keyboard, in one place for all pages. A dialog that opens puts the cursor
 * into its first field. One that closes gives the focus back to what had it before: dialogs
 * are taken away with their component, and the focus would be lost with them.
 */
export function useDialogFocus(): void {
  useEffect(() => {
    const keeper = new FocusKeeper();
    const onFocus = (event: FocusEvent) => keeper.moved(event.target);
    const onUse = () => keeper.used();
    document.addEventListener("focusin", onFocus);
    document.addEventListener("keydown", onUse, true);
    document.addEventListener("pointerdown", onUse, true);
    // Every dialog is a child of the body.
    const observer = new MutationObserver(() => keeper.closed());
    observer.observe(document.body, { childList: true });
    return () => {
      document.removeEventListener("focusin", onFocus);
      document.removeEventListener("keydown", onUse, true);
      document.removeEventListener("pointerdown", onUse, true);
      observer.disconnect();
    };
  }, []);
}

/** What takes the focus by itself when a dialog opens, some of them one after the other. */
const itself =
  ".ant-drawer, .ant-drawer-close, .ant-modal, .ant-modal-wrap, .ant-modal-close, [data-sentinel]";

interface Opened {
  dialog: Element;
  /** What had the focus before it. */
  before: HTMLElement | null;
  /** The person has pressed something since: from then on the focus is theirs. */
  used: boolean;
}

class FocusKeeper {
  private open: Opened[] = [];
  private last: HTMLElement | null = null;
  /** The last on the page itself: what is in a menu is gone with it. */
  private onPage: HTMLElement | null = null;

  moved(target: EventTarget | null): void {
    if (!(target instanceof HTMLElement)) return;
    const root = rootOf(target);
    if (root && isDialog(root)) this.inDialog(root, target);
    this.last = document.activeElement as HTMLElement | null;
    if (document.getElementById("root")?.contains(this.last)) this.onPage = this.last;
  }

  /** Somebody pressed a key or the pointer. */
  used(): void {
    for (const o of this.open) o.used = true;
  }

  private inDialog(root: Element, target: HTMLElement): void {
    let opened = this.open.find((o) => o.dialog === root);
    if (!opened) {
      opened = {
        dialog: root,
        before: this.last?.isConnected ? this.last : this.onPage,
        used: false,
      };
      this.open.push(opened);
    }
    if (opened.used || !target.matches(itself)) return;
    const field =
      this.last && root.contains(this.last) && !this.last.matches(itself) ? this.last : firstField(root);
    field?.focus();
  }

  closed(): void {
    const gone = this.open.filter((o) => !o.dialog.isConnected);
    if (gone.length === 0) return;
    this.open = this.open.filter((o) => o.dialog.isConnected);
    const top = this.open.at(-1)?.dialog;
    const inTop = (node: HTMLElement | null) => !top || top.contains(node);
    const wanted = [...gone.map((o) => o.before).reverse(), this.onPage, document.getElementById("main")];
    for (const node of wanted) {
      if (!lost()) return;
      if (node?.isConnected && inTop(node)) node.focus({ preventScroll: true });
    }
  }
}

function lost(): boolean {
  const at = document.activeElement;
  return !at || at === document.body || !at.isConnected;
}

/** The child of the body that an element is in; null for the page itself. */
function rootOf(element: Element): Element | null {
  let at: Element | null = element;
  while (at && at.parentElement !== document.body) at = at.parentElement;
  return at?.id === "root" ? null : at;
}

function isDialog(root: Element): boolean {
  return root.matches(".ant-drawer") || root.querySelector(".ant-drawer, .ant-modal") !== null;
}

function firstField(root: Element): HTMLElement | null {
  const body = root.querySelector(".ant-drawer-body, .ant-modal-body");
  const first = body?.querySelector<HTMLInputElement>("input:not(:disabled), textarea:not(:disabled)");
  if (first?.type !== "radio") return first ?? null;
  return body?.querySelector<HTMLElement>("input[type=radio]:checked") ?? first;
}
