import { expect, test } from "vitest";
import { startOrder } from "../processes/startOrder.ts";
import { partOf, partRows, wantedPorts } from "./parts.ts";
import { COPIES_MAX, type Topology } from "./topology.ts";
import { topologyEnv } from "./topologyRows.ts";

const staging = (copies: number): Topology => ({ kind: "staging", copies });

test("in staging there are copies of each service, of the worker and of the gateway, and one of everything else", () => {
  const names = partRows({ stores: {}, topology: staging(2) }).map(({ name }) => name);
  const copied = ["language", "memory", "planning", "tools", "worker", "gateway"].flatMap((part) => [`${part}-1`, `${part}-2`]);
  expect(names).toEqual(["clickhouse", "postgres", "collector", ...copied, "controller", "console"]);
});

test("workers start after the services that they call, and so end before them", () => {
  const rows = partRows({ stores: {}, topology: staging(2) }).filter(({ copyOf }) => copyOf !== undefined);
  const waves = startOrder(rows.map(({ name, needs }) => ({ name, needs: needs.filter((need) => !need.includes("schema")) })));
  const waveOf = (name: string): number => waves.findIndex((wave) => wave.some((row) => row.name === name));
  expect(waveOf("worker-2")).toBeGreaterThan(waveOf("planning-2"));
});

test("no two listeners want one port, however many copies there are", () => {
  const ports = wantedPorts(partRows({ stores: {}, topology: staging(COPIES_MAX) }), 0).map(({ port }) => port);
  expect(new Set(ports).size).toBe(ports.length);
});

test.each([{ kind: "prototype" } as const, staging(2)])(
  "others than this machine reach the gateway and nothing else, $kind",
  (topology) => {
    const stores = { DATABASE_URL: "", CLICKHOUSE_URL: "", REDIS_URL: undefined };
    const parts = partRows({ stores: {}, topology }).map((row) => ({ row, part: partOf(row, { portOffset: 0, stores, env: {} }) }));
    const reached = parts.filter(({ part }) => part.kind === "process" && part.env.SIGNALBOX_LISTEN_ADDRESS !== "");
    expect(new Set(reached.map(({ row: { name, copyOf } }) => copyOf ?? name))).toEqual(new Set(["gateway"]));
  },
);

test("whoever calls a service is told where its copies listen", () => {
  const rows = partRows({ stores: {}, topology: staging(2) });
  const told = topologyEnv(staging(2), 100).SIGNALBOX_TOOLS_URL;
  const urls = rows.filter(({ copyOf }) => copyOf === "tools").map(({ port }) => `http://127.0.0.1:${port + 100}`);
  expect(told).toBe(urls.join(","));
  expect(topologyEnv({ kind: "prototype" }, 100)).toEqual({});
});
