// Starts a real `frontrow gateway` on a free port, and a server that hears its notices.
import { spawn } from "node:child_process";
import { once } from "node:events";
import http from "node:http";

const binary = process.env.FRONTROW_BINARY;
if (!binary) throw new Error("FRONTROW_BINARY is not set");

export const secret = "sk_test_of_this_test";

export class Gateway {
  /// `more` are further arguments of the command, `secrets` variables of its environment.
  static async start(more = [], secrets = {}) {
    const gateway = new Gateway();
    gateway.process = spawn(
      binary,
      ["gateway", "--listen", "127.0.0.1:0", "--secret", "env:GATEWAY_SECRET", ...more],
      { env: { ...process.env, GATEWAY_SECRET: secret, ...secrets }, stdio: ["ignore", "pipe", "pipe"] },
    );
    let errors = "";
    gateway.process.stderr.on("data", (part) => (errors += part));
    let output = "";
    for await (const part of gateway.process.stdout) {
      output += part;
      const line = output.match(/^listening (\S+)$/m);
      if (!line) continue;
      gateway.url = new URL(line[1]);
      return gateway;
    }
    throw new Error(`the gateway did not start: ${errors}`);
  }

  async stop() {
    this.process.kill("SIGTERM");
    const [code] = this.process.exitCode === null ? await once(this.process, "exit") : [this.process.exitCode];
    return code;
  }

  /// Of the sandbox's own API.
  async own(method, path, body) {
    const answer = await fetch(new URL(`/sandbox/v1${path}`, this.url), {
      method,
      headers: { Authorization: `Bearer ${secret}` },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    return { status: answer.status, body: await answer.json() };
  }

  async setFaults(faults) {
    const answer = await fetch(new URL("/faults", this.url), {
      method: "PUT",
      headers: { Authorization: `Bearer ${secret}` },
      body: JSON.stringify(faults),
    });
    if (answer.status !== 200) throw new Error(await answer.text());
  }

  /// What a person does on the page of a payment: "approve" or "decline".
  async decide(page, act) {
    const shown = await fetch(page);
    const html = await shown.text();
    const action = html.match(new RegExp(`action="([^"]+/${act})"`));
    if (!action) throw new Error(`no button to ${act}: ${html}`);
    const done = await fetch(new URL(action[1], page), { method: "POST", redirect: "manual" });
    if (done.status !== 303) throw new Error(`${act}: ${done.status}`);
    return done.headers.get("location");
  }
}

/// Hears notices on 127.0.0.1 and keeps them: raw body and header fields.
export class Listener {
  static async start() {
    const listener = new Listener();
    listener.notices = [];
    listener.waiting = [];
    listener.server = http.createServer(async (request, response) => {
      const parts = [];
      for await (const part of request) parts.push(part);
      listener.notices.push({ headers: request.headers, body: Buffer.concat(parts).toString() });
      response.end("{}");
      for (const look of listener.waiting.splice(0)) look();
    });
    listener.server.listen(0, "127.0.0.1");
    await once(listener.server, "listening");
    listener.url = `http://127.0.0.1:${listener.server.address().port}/webhooks`;
    return listener;
  }

  /// The first notice that `fits`; waits for it until the test's own deadline.
  async first(fits) {
    for (;;) {
      const found = this.notices.find(fits);
      if (found) return found;
      await new Promise((look) => this.waiting.push(look));
    }
  }

  stop() {
    this.server.closeAllConnections();
    this.server.close();
  }
}
