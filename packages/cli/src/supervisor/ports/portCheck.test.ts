import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { afterEach, expect, test } from "vitest";
import { freePorts } from "../../testing/processes.ts";
import { portsTaken, requireFreePorts, takenPorts } from "./portCheck.ts";

const servers: Server[] = [];

async function listen(host: string): Promise<number> {
  const server = createServer();
  servers.push(server);
  server.listen(0, host);
  await once(server, "listening");
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

test("finds the ports on which somebody listens, on loopback or on every address", async () => {
  const [free = 0] = await freePorts(1);
  const [loopback, everywhere] = [await listen("127.0.0.1"), await listen("0.0.0.0")];
  const wanted = [free, loopback, everywhere].map((port) => ({ name: "some", port }));
  expect((await takenPorts(wanted)).map(({ port }) => port)).toEqual([loopback, everywhere]);
});

test("says which port, who has it and how to move", async () => {
  const port = await listen("127.0.0.1");
  const failure = portsTaken([{ name: "collector", port }]);
  expect(failure).toMatchObject({ code: "infrastructure", hint: expect.stringContaining("SIGNALBOX_PORT_OFFSET") });
  expect(failure.message).toMatch(new RegExp(`^Port ${port} \\(collector\\) is taken`));
  if (process.platform === "linux") expect(failure.message).toContain(`(process ${process.pid})`);
});

test("waits for ports that are about to be left, and not for longer than it was told", async () => {
  const port = await listen("127.0.0.1");
  const wanted = [{ name: "collector", port }];
  await expect(requireFreePorts(wanted, 100)).rejects.toThrow("is taken");
  setTimeout(() => servers[0]?.close(), 100);
  await requireFreePorts(wanted, 5_000);
});
