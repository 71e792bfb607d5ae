import { resolve } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { DataDir, LogLevel, PortOffset, readEnvironment } from "./environment.ts";

const Env = z.object({
  SIGNALBOX_LOG_LEVEL: LogLevel,
  SIGNALBOX_PORT_OFFSET: PortOffset,
  SIGNALBOX_DATA_DIR: DataDir.optional(),
  DATABASE_URL: z.url().optional(),
});
const read = (env: NodeJS.ProcessEnv) => readEnvironment(Env, env, "the gateway");

test("an empty variable counts as unset, and those of others are left alone", () => {
  const usual = { SIGNALBOX_LOG_LEVEL: "info", SIGNALBOX_PORT_OFFSET: 0 };
  expect(read({ HOME: "/home/ann" })).toEqual(usual);
  expect(read({ SIGNALBOX_LOG_LEVEL: "", SIGNALBOX_PORT_OFFSET: " ", SIGNALBOX_DATA_DIR: "", DATABASE_URL: "" })).toEqual(usual);
});

test("every level of the log is known to every part", () => {
  for (const level of ["trace", "debug", "info", "warn", "error", "fatal", "silent"])
    expect(read({ SIGNALBOX_LOG_LEVEL: level }).SIGNALBOX_LOG_LEVEL).toBe(level);
});

test("a data folder is named by its whole path", () => {
  expect(read({ SIGNALBOX_DATA_DIR: "data" }).SIGNALBOX_DATA_DIR).toBe(resolve("data"));
});

test.each(["x", "-1", "1.5", "1e3", "0x10", "11207"])("%s is no offset of ports", (text) => {
  expect(() => read({ SIGNALBOX_PORT_OFFSET: text })).toThrow(
    "The settings of the gateway are wrong: SIGNALBOX_PORT_OFFSET: it has to be a whole number from 0 to 11206.",
  );
});

test("each variable that is wrong is named, and nothing of what it holds", () => {
  const failure = expect.objectContaining({
    code: "infrastructure",
    message:
      "The settings of the gateway are wrong: SIGNALBOX_PORT_OFFSET: it has to be a whole number from 0 to 11206; DATABASE_URL: it has to be a URL.",
  });
  expect(() => read({ SIGNALBOX_PORT_OFFSET: "s3cret", DATABASE_URL: "s3cret" })).toThrow(failure);
});
