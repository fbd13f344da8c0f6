// An old and a new Dovecot of ours with an outgoing server for the people of both.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** Starts the old and the new server; the program that runs them is built by scripts/e2e.sh. */
export async function startServers() {
  const binary = process.env.MAILROOM_E2E_SERVERS;
  if (!binary) throw new Error("MAILROOM_E2E_SERVERS must name the built servers: run scripts/e2e.sh");
  const child = spawn(binary, [], { stdio: ["pipe", "pipe", "inherit"] });
  const ended = new Promise((resolve) => child.once("close", resolve));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error("the mail servers ended");
    return JSON.parse(value);
  };
  return {
    ...(await answer()),
    /** Every byte of both mailboxes compared; "" if they agree. */
    async differences() {
      child.stdin.write("compare\n");
      return (await answer()).differences;
    },
    async stop() {
      child.stdin.end();
      await ended;
    },
  };
}
