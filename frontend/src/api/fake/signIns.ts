import type { Client } from "@/api/client";
import { AppError, problem } from "@/api/errors";
import type { FakeWorld } from "@/api/fake/world";
import type { SignInApp, SignInAppInput } from "@/api/types";

/** Sign-in apps and people at a browser, made up. */
export class FakeSignIns {
  apps: SignInApp[] = [];
  /** Who signs in when asked; "" waits until canceled. */
  who = "li.lei@old.example";
  private waiting = new Map<string, (e: AppError) => void>();

  save(input: SignInAppInput): SignInApp {
    if (!input.clientId && !input.keyFile)
      throw new AppError(problem("invalid", { field: "client_id", reason: "missing" }));
    const google = input.vendor === "google";
    const before = this.apps.find((a) => a.id === input.id);
    const hasSecret = input.secret !== "" || before?.hasSecret === true;
    const keyEmail = input.keyFile ? "mover@office.iam.example" : (before?.keyEmail ?? "");
    const app: SignInApp = {
      id: input.id || `app-${this.apps.length + 1}`,
      name: input.name,
      vendor: input.vendor,
      tenant: input.tenant,
      clientId: input.clientId,
      hasSecret,
      keyEmail,
      keyClient: keyEmail ? "1042" : "",
      scope: "https://mail.google.com/",
      person: input.clientId !== "" && (!google || hasSecret),
      codes: !google,
      office: google ? keyEmail !== "" : hasSecret && input.tenant !== "",
    };
    this.apps = [...this.apps.filter((a) => a.id !== app.id), app];
    return app;
  }

  cancel(requestId: string): void {
    this.waiting.get(requestId)?.(new AppError(problem("canceled")));
  }

  client(world: FakeWorld): Client["signIns"] {
    return {
      apps: async () => this.apps,
      saveApp: async (input) => this.save(input),
      removeApp: async (id) => {
        this.apps = this.apps.filter((a) => a.id !== id);
      },
      pickKeyFile: async () => ({
        path: "/home/li/key.json",
        email: "mover@office.iam.example",
        client: "1042",
      }),
      signIn: (requestId, _, address, byCode) => {
        world.emit("signin:step", {
          requestId,
          url: byCode ? "https://example.com/device" : "https://example.com/sign-in",
          code: byCode ? "WDJB-MJHT" : "",
          expires: byCode ? 1_800_000_000_000 : 0,
        });
        if (this.who === "") return new Promise((_, reject) => this.waiting.set(requestId, reject));
        const other = address !== "" && address !== this.who;
        return Promise.resolve({ secret: world.keep(`grant of ${this.who}`), account: this.who, other });
      },
    };
  }
}
