import { resolve } from "node:path";
import { AppError } from "@signalbox/model";
import { describe, expect, test } from "vitest";
import { loadConfig, REPOSITORY_ROOT } from "./config.ts";

function failureOf(load: () => unknown): AppError {
  try {
    load();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

test("without flags and variables everything is embedded, in the repository's own folder", () => {
  expect(loadConfig({})).toEqual({
    dataDir: resolve(REPOSITORY_ROOT, ".signalbox"),
    portOffset: 0,
    isKeyRequired: false,
    isGatewayKeyRequired: false,
    stores: { DATABASE_URL: undefined, CLICKHOUSE_URL: undefined, REDIS_URL: undefined },
    topology: { kind: "prototype" },
  });
});

test("staging has two copies of each service unless told otherwise", () => {
  expect(loadConfig({ SIGNALBOX_TOPOLOGY: "staging" }).topology).toEqual({ kind: "staging", copies: 2 });
  expect(loadConfig({ SIGNALBOX_TOPOLOGY: "staging", SIGNALBOX_COPIES: "3" }).topology).toEqual({ kind: "staging", copies: 3 });
  expect(loadConfig({ SIGNALBOX_COPIES: "3" }, { topology: "staging", copies: 4 }).topology).toEqual({ kind: "staging", copies: 4 });
  expect(failureOf(() => loadConfig({ SIGNALBOX_TOPOLOGY: "production" })).message).toContain(
    'SIGNALBOX_TOPOLOGY: it has to be "prototype" or "staging"',
  );
  expect(failureOf(() => loadConfig({ SIGNALBOX_COPIES: "10" })).message).toContain(
    "SIGNALBOX_COPIES: it has to be a whole number from 1 to 9",
  );
});

test("an empty variable counts as unset", () => {
  expect(loadConfig({ SIGNALBOX_DATA_DIR: "", SIGNALBOX_PORT_OFFSET: "", DATABASE_URL: "" })).toEqual(loadConfig({}));
});

test("a gateway that others reach takes nothing without a key, unless it is told to", () => {
  const everywhere = { SIGNALBOX_LISTEN_ADDRESS: "0.0.0.0" };
  expect(loadConfig(everywhere).isGatewayKeyRequired).toBe(true);
  expect(loadConfig({ SIGNALBOX_LISTEN_ADDRESS: "" }).isGatewayKeyRequired).toBe(false);
  expect(loadConfig({ ...everywhere, SIGNALBOX_GATEWAY_KEY_REQUIRED: "false" }).isGatewayKeyRequired).toBe(false);
});

test("a cluster is one of servers from outside", () => {
  const CLICKHOUSE_URL = "http://db.example:8123/signalbox";
  expect(loadConfig({ CLICKHOUSE_URL, CLICKHOUSE_CLUSTER: "telemetry" }).clickhouseCluster).toBe("telemetry");
  expect(loadConfig({ CLICKHOUSE_URL, CLICKHOUSE_CLUSTER: "" }).clickhouseCluster).toBeUndefined();
  expect(failureOf(() => loadConfig({ CLICKHOUSE_CLUSTER: "telemetry" })).hint).toContain("CLICKHOUSE_URL");
});

test("flags go before variables", () => {
  const config = loadConfig({ SIGNALBOX_DATA_DIR: "a", SIGNALBOX_PORT_OFFSET: "1" }, { dataDir: "b", portOffset: "2" });
  expect(config).toMatchObject({ dataDir: resolve("b"), portOffset: 2 });
});

test("what is wrong is refused by the name it was given under: a flag is usage, a variable the machine around it", () => {
  expect(failureOf(() => loadConfig({ SIGNALBOX_PORT_OFFSET: "x" }))).toMatchObject({
    code: "infrastructure",
    message: "The settings of this Signalbox are wrong: SIGNALBOX_PORT_OFFSET: it has to be a whole number from 0 to 11206.",
  });
  expect(failureOf(() => loadConfig({ SIGNALBOX_PORT_OFFSET: "1" }, { portOffset: "x" }))).toMatchObject({
    code: "invalid_input",
    message: '--port-offset cannot be "x": it has to be a whole number from 0 to 11206.',
  });
  expect(loadConfig({ SIGNALBOX_PORT_OFFSET: "x" }, { portOffset: "1" }).portOffset).toBe(1);
});

describe("a store's URL of the wrong kind is refused, naming the variable and nothing of its content", () => {
  test.each([
    ["DATABASE_URL", "mysql://ann:s3cret@db/x", "postgresql://"],
    ["CLICKHOUSE_URL", "s3cret", "http://"],
    ["REDIS_URL", "http://ann:s3cret@db", "redis://"],
  ])("%s", (variable, url, expected) => {
    const failure = failureOf(() => loadConfig({ [variable]: url }));
    expect(failure.code).toBe("infrastructure");
    expect(failure.message).toContain(variable);
    expect(failure.message).toContain(expected);
    expect(failure.message).not.toContain("s3cret");
  });
});

describe("a store's URL that cannot be used as it is says what is wrong with it, and nothing of its content", () => {
  test.each([
    ["DATABASE_URL", "postgresql://ann:s3cret%zz@db/x", "has a % that is no escape"],
    ["REDIS_URL", "redis://ann:s3cret%@cache", "has a % that is no escape"],
    ["DATABASE_URL", "postgresql://ann:s3cret@db", "names no database"],
    ["DATABASE_URL", "postgresql://ann:s3cret@db/", "names no database"],
    ["DATABASE_URL", "postgresql://", "names no host"],
    ["DATABASE_URL", "postgresql:///x", "names no host"],
  ])("%s=%s", (variable, url, expected) => {
    const { code, message } = failureOf(() => loadConfig({ [variable]: url }));
    expect({ code, message }).toEqual({ code: "infrastructure", message: expect.stringMatching(new RegExp(`^${variable} ${expected}`)) });
    expect(message).not.toContain("s3cret");
  });
});
