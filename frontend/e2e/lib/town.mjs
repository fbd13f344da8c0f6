// The small internet of backend/testkit/cmd/town: DNS zones and mail servers of ours.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { frontend } from "./program.mjs";

/** Starts it; env leads a program to it, change() alters a record, stop() ends it. */
export async function startTown(home) {
  const rehearsal = join(home, "rehearsal.json");
  const binary = process.env.MAILROOM_TOWN_BINARY;
  const command = binary ? [binary, rehearsal] : ["go", "run", "./backend/testkit/cmd/town", rehearsal];
  const child = spawn(command[0], command.slice(1), {
    cwd: join(frontend, ".."),
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error("the town ended");
    return JSON.parse(value);
  };
  const { resolver } = await next();
  return {
    env: { MAILROOM_RESOLVER: resolver, MAILROOM_REHEARSAL: rehearsal },
    async change(name, type, record) {
      child.stdin.write(`${name} ${type} ${record}\n`);
      await next();
    },
    async stop() {
      const ended = new Promise((resolve) => child.once("close", resolve));
      child.stdin.end();
      await ended;
    },
  };
}
