// Starts the program under a display and a session bus of its own, and ends it.
import { execFile, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

export const frontend = fileURLToPath(new URL("../..", import.meta.url));
const patience = 120_000;

// The page's language is that of the browser in the tests, not of who runs them.
const plain = { LC_ALL: "C.UTF-8", LANGUAGE: "" };

/**
 * A port of the loopback interface that is free now, below those that the kernel gives to
 * whoever asks for any one: nobody comes in between before the program takes it.
 */
export async function freePort() {
  for (;;) {
    const port = 16384 + Math.floor(Math.random() * 16000);
    const free = await new Promise((resolve) => {
      const server = createServer();
      server.once("error", () => resolve(false));
      server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
    });
    if (free) return port;
  }
}

/** Asks again and again until it is so, and gives what it was then. */
export async function eventually(what, look, patience = 180_000) {
  for (const end = Date.now() + patience; Date.now() < end; ) {
    const found = await look();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`it never came: ${what}`);
}

/** An empty folder for the program's data. */
export function newHome() {
  return mkdtemp(join(tmpdir(), "mailroom-e2e-"));
}

export function removeHome(home) {
  return rm(home, { recursive: true, force: true, maxRetries: 5 });
}

/**
 * Runs a command under Xvfb and a private D-Bus, as a process group of its own.
 * stop() ends the group; kill() does it the hard way.
 */
export function runWithDisplay(command, env) {
  const tell = 'echo "display $DISPLAY $XAUTHORITY" && exec "$@"';
  const inside = [
    "-a",
    "-s",
    "-screen 0 1280x820x24",
    "sh",
    "-c",
    tell,
    "sh",
    "dbus-run-session",
    "--",
    ...command,
  ];
  const child = spawn("xvfb-run", inside, {
    detached: true,
    cwd: join(frontend, ".."),
    env: { ...process.env, LIBGL_ALWAYS_SOFTWARE: "1", NO_AT_BRIDGE: "1", ...plain, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let log = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      if (log.length < 100_000) log += chunk;
    });
  }
  const ended = new Promise((resolve) => child.once("close", resolve));
  const signal = (name) => {
    try {
      process.kill(-child.pid, name);
    } catch {
      // It has ended already.
    }
  };
  return {
    log: () => log,
    ended,
    /** Takes a picture of the whole display. */
    async picture(path) {
      const [, DISPLAY, XAUTHORITY] = log.match(/^display (\S+) (\S*)$/m) ?? [];
      if (!DISPLAY) throw new Error("the display is not known");
      await promisify(execFile)("import", ["-window", "root", path], {
        env: { ...process.env, DISPLAY, XAUTHORITY },
      });
    },
    async stop() {
      signal("SIGTERM");
      const timer = setTimeout(() => signal("SIGKILL"), 10_000);
      await ended;
      clearTimeout(timer);
      signal("SIGKILL");
    },
    async kill() {
      signal("SIGKILL");
      await ended;
    },
  };
}

/** Asks until the address answers; the log of what should answer goes into the error. */
export async function answering(url, running) {
  const until = Date.now() + patience;
  let gone = false;
  running.ended.then(() => {
    gone = true;
  });
  while (Date.now() < until && !gone) {
    try {
      const answer = await fetch(url);
      if (answer.ok) return;
    } catch {
      // Not yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${url} does not answer:\n${running.log()}`);
}

/** Starts a build with the tag dev, whose page is served over HTTP. */
export async function startProgram(home, env = {}) {
  const binary = process.env.MAILROOM_DEV_BINARY;
  if (!binary) throw new Error("MAILROOM_DEV_BINARY must name a build with the tag dev: run scripts/e2e.sh");
  const port = await freePort();
  const running = runWithDisplay([binary], {
    devserver: `127.0.0.1:${port}`,
    assetdir: join(frontend, "dist"),
    loglevel: "Info",
    MAILROOM_E2E: "1",
    MAILROOM_E2E_DIR: home,
    MAILROOM_HOME: join(home, "data"),
    MAILROOM_BY_HAND: "1", // the tests of records let them be fetched by themselves
    ...env,
  });
  const url = `http://127.0.0.1:${port}/`;
  await answering(url, running);
  return { ...running, url };
}
