import { AppError, problem, problemOf } from "@/api/errors";
import type { Plain } from "@/api/types";

const usual = 30_000;

/**
 * Waits for a call of the program. The bridge never settles a call that it could
 * not deliver, so every call has a limit in milliseconds; 0 is for calls that
 * wait for a person (dialogs).
 */
export function call<T>(ask: () => Promise<T>, limit = usual): Promise<Plain<T>> {
  return new Promise((resolve, reject) => {
    const timer =
      limit > 0
        ? setTimeout(() => reject(new AppError(problem("timeout", { where: "program" }))), limit)
        : undefined;
    const settle = (then: () => void) => {
      clearTimeout(timer);
      then();
    };
    let answer: Promise<T>;
    try {
      answer = ask();
    } catch (e) {
      settle(() => reject(new AppError(problemOf(e))));
      return;
    }
    answer.then(
      (value) => settle(() => resolve(value as Plain<T>)),
      (e: unknown) => settle(() => reject(new AppError(problemOf(e)))),
    );
  });
}
