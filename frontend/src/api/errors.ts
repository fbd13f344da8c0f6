import type { ErrorCode, Problem } from "@/api/types";

/** An error of the program: a code, a finer class, facts, and the server's own words. */
export class AppError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.class ? `${problem.code} (${problem.class})` : problem.code);
    this.name = "AppError";
    this.problem = problem;
  }

  get code(): ErrorCode {
    return this.problem.code;
  }
}

/** A problem made by the page itself. */
export function problem(code: ErrorCode, args: Record<string, string> = {}, cls = "", server = ""): Problem {
  return { code, class: cls, args, server };
}

/**
 * Whatever a call was rejected with, as a problem. The program answers with JSON
 * text, which the bridge wraps into an Error or hands over bare; anything else is
 * our own fault.
 */
export function problemOf(e: unknown): Problem {
  if (e instanceof AppError) return e.problem;
  const text = e instanceof Error ? e.message : String(e);
  return parseProblem(text) ?? problem("internal", { detail: text.slice(0, 500) });
}

function parseProblem(text: string): Problem | undefined {
  if (!text.startsWith("{")) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const p = value as Partial<Problem>;
  if (typeof p.code !== "string") return undefined;
  return problem(p.code, p.args ?? {}, p.class ?? "", p.server ?? "");
}
