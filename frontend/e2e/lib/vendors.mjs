// An emulated mail vendor of backend/testkit/cmd/vendors, with an invented office.
import { spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { frontend } from "./program.mjs";

/**
 * Starts a vendor: "tencent", "alimail", …. office is an office file: the adapter's
 * fields by their names beside provider, domain and baseUrl; the form is filled from it.
 * save(home) writes it for --office; ask("count user/create"), ask("show li@…"),
 * ask('fail {"path":"user/get","status":500}'), ask("heal"), ask("expire") speak to the
 * vendor; stop() ends it.
 */
export async function startVendor(
  vendor,
  { people = 40, departments = 8, days = 3, domain = "office.example" } = {},
) {
  const binary = process.env.MAILROOM_VENDORS_BINARY;
  const command = binary ? [binary] : ["go", "run", "./backend/testkit/cmd/vendors"];
  const wanted = { vendor, people, departments, days, domain };
  const flags = Object.entries(wanted).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const child = spawn(command[0], [...command.slice(1), ...flags], {
    cwd: join(frontend, ".."),
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`the vendor ${vendor} ended`);
    return JSON.parse(value);
  };
  const office = await next();
  return {
    office,
    async save(home) {
      const file = join(home, `${vendor}.office.json`);
      await writeFile(file, JSON.stringify(office), { mode: 0o600 });
      return file;
    },
    async ask(line) {
      child.stdin.write(`${line}\n`);
      const answer = await next();
      if (typeof answer === "string" && answer.startsWith("error: ")) throw new Error(answer);
      return answer;
    },
    async stop() {
      const ended = new Promise((resolve) => child.once("close", resolve));
      child.stdin.end();
      await ended;
    },
  };
}
