// What was chosen last is brought to the move a moment later, so that not every key that
// is typed is sent; whoever acts on the move first waits until it knows.

/** How long after a change the move is told, in milliseconds. */
const pause = 500;

type Write = () => Promise<void>;

let waiting: Write | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;
let under: Promise<void> = Promise.resolve();

/** Writes in a moment, or when somebody cannot wait; an earlier one that waits is forgotten. */
export function keepSoon(write: Write): void {
  clearTimeout(timer);
  waiting = write;
  timer = setTimeout(() => void optionsKept().catch(() => undefined), pause);
}

/** Waits until the move knows what was chosen; what went wrong is tried again the next time. */
export function optionsKept(): Promise<void> {
  clearTimeout(timer);
  const write = waiting;
  waiting = undefined;
  if (!write) return under;
  under = under
    .catch(() => undefined)
    .then(write)
    .catch((e) => {
      waiting ??= write;
      throw e;
    });
  return under;
}
