import { once } from "node:events";
import { readdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { portsAt } from "@signalbox/model";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { tryLock } from "./supervisor/dataFolder/folderLock.ts";
import { newPlace, type Place, runSignalbox } from "./testing/signalbox.ts";

let place: Place;
let dataDir: string;
let portOffset: number;

beforeEach(async () => {
  place = await newPlace();
  ({ dataDir, portOffset } = place);
});
afterEach(() => place[Symbol.dispose]());

const signalbox = (args: string[], env?: Record<string, string>) => runSignalbox(place, args, env);

test("with --json a mistake is one document on stdout and nothing on stderr", async () => {
  const { stdout, stderr, exitCode } = await signalbox(["doctor", "--json", "--vebose"]);
  expect(JSON.parse(stdout)).toEqual({ error: { code: "usage", message: "Unknown option '--vebose'.", hint: "Did you mean --verbose?" } });
  expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 2 });
});

test("tells its version", async () => {
  const { stdout, stderr, exitCode } = await signalbox(["--version"]);
  expect({ stdout, stderr, exitCode }).toEqual({ stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/), stderr: "", exitCode: 0 });
});

test("status says that nothing runs, with exit code 4", async () => {
  const { stdout, exitCode } = await signalbox(["status", "--json"]);
  expect(exitCode).toBe(4);
  expect(JSON.parse(stdout)).toMatchObject({ ready: false, parts: [], reconciliation: [] });
});

test("doctor checks this machine without touching the data folder", async () => {
  const { stdout, exitCode } = await signalbox(["doctor", "--json"]);
  expect(exitCode).toBe(0);
  const { healthy, checks } = JSON.parse(stdout);
  expect(healthy).toBe(true);
  expect(checks.map(({ name }: { name: string }) => name)).toEqual([
    "node",
    "platform",
    "clock",
    "data folder",
    "permissions",
    "disk space",
    "engines",
    "ports",
    "stores",
  ]);
  expect(readdirSync(dataDir)).toEqual([]);
});

describe("up does not start where it cannot, and says so in a sentence with exit code 4", () => {
  async function refusal(env: Record<string, string> = {}): Promise<string> {
    const { stdout, stderr, exitCode } = await signalbox(["up"], env);
    expect({ stdout, exitCode }).toEqual({ stdout: "", exitCode: 4 });
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(stderr.trim().split("\n")).toHaveLength(2);
    return stderr;
  }

  test("a folder that another Signalbox uses", async () => {
    const attempt = tryLock(join(dataDir, "lock"));
    expect(attempt.kind).toBe("taken");
    expect(await refusal()).toContain(`Another Signalbox (process ${process.pid}) is running on the data folder ${dataDir}.`);
  });

  test.each([
    ["otlpHttp", "collector"],
    ["otlpGrpc", "collector, gRPC"],
    ["otlpTls", "collector, TLS"],
  ] as const)("a port that is taken: %s", async (name, holder) => {
    const port = portsAt(portOffset)[name];
    const server = createServer().listen(port, "127.0.0.1");
    await once(server, "listening");
    try {
      const words = await refusal();
      expect(words).toContain(`Port ${port} (${holder}) is taken`);
      expect(words).toContain("SIGNALBOX_PORT_OFFSET");
      expect(readdirSync(dataDir)).not.toContain("lock");
    } finally {
      server.close();
    }
  });

  test("a data folder that is a file", async () => {
    const file = join(dataDir, "file");
    writeFileSync(file, "");
    expect(await refusal({ SIGNALBOX_DATA_DIR: file })).toContain(`The data folder ${file} is a file, not a folder.`);
  });

  test("a database that does not answer", async () => {
    const words = await refusal({ DATABASE_URL: `postgresql://ann:s3cret@127.0.0.1:${portsAt(portOffset).postgres}/x` });
    expect(words).toContain("DATABASE_URL (postgresql://ann:***@127.0.0.1:");
    expect(words).not.toContain("s3cret");
  });

  test("a store's URL of the wrong kind", async () => {
    expect(await refusal({ CLICKHOUSE_URL: "localhost:8123" })).toContain("CLICKHOUSE_URL is not a URL that starts with http://");
  });
});

describe("import says what is wrong with its folder, with exit code 2", () => {
  test("there is none", async () => {
    const { stderr, exitCode } = await signalbox(["import", "tau-bench", join(dataDir, "nowhere")]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`${join(dataDir, "nowhere")} does not exist.`);
  });

  test("a file of it is missing", async () => {
    const { stderr, exitCode } = await signalbox(["import", "tau-bench", dataDir]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("flights.json is missing");
  });
});

describe("loadgen says what it cannot do, with exit code 2", () => {
  test.each([
    [["--protocol", "zipkin"], "langsmith"],
    [["--dialects", "otel,lisp"], "openinference"],
    [["--rate", "fast"], "whole number"],
    [["--header", "no colon"], "authorization"],
    [["--endpoint", "localhost:4318"], "http://"],
    [["--log", "/nowhere/log"], "Choose another file"],
  ])("%j", async (args, words) => {
    const { stdout, stderr, exitCode } = await signalbox(["loadgen", "--duration", "1", ...args]);
    expect({ stdout, exitCode }).toEqual({ stdout: "", exitCode: 2 });
    expect(stderr).toContain(words);
  });

  test("with nobody at the other end: exit code 4, and the figures so far", async () => {
    const endpoint = `http://127.0.0.1:${portsAt(portOffset).otlpHttp}`;
    const { stdout, exitCode } = await signalbox(["loadgen", "--endpoint", endpoint, "--duration", "1", "--connections", "2", "--json"]);
    expect(exitCode).toBe(4);
    expect(JSON.parse(stdout)).toMatchObject({
      spansPerSecond: 0,
      spans: { acknowledged: 0 },
      errors: { ECONNREFUSED: expect.any(Number) },
    });
  });
});

test("chaos has a payload of its own: asking for another is a mistake", async () => {
  const { stderr, exitCode } = await signalbox(["bench", "ingest", "--chaos", "--light"]);
  expect(exitCode).toBe(2);
  expect(stderr).toContain("--light");
});
