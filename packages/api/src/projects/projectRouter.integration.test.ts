import { userInfo } from "node:os";
import { startTestStores, type TestStores } from "@signalbox/db/embedded";
import { IntakeRules } from "@signalbox/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createCaller } from "../appRouter.ts";
import { type Context, createContext } from "../context.ts";

let stores: TestStores;
let context: Context & AsyncDisposable;
let call: ReturnType<typeof createCaller>;

beforeAll(async () => {
  stores = await startTestStores({ only: "postgres" });
  context = createContext({ ...stores, otlpUrl: "http://127.0.0.1:4318", parts: [] });
  call = createCaller(context);
});
afterAll(async () => {
  await context?.[Symbol.asyncDispose]();
  await stores?.[Symbol.asyncDispose]();
});

test("a project is made and listed, and a key of it is shown with its secret once", async () => {
  await call.projects.create({ name: "shop" });
  expect((await call.projects.list()).map(({ name }) => name)).toEqual(["default", "shop"]);
  const { key, credentials } = await call.projects.createKey({ project: "shop", name: "ci" });
  expect(await call.projects.keys({ project: "shop" })).toEqual([key]);
  expect(JSON.stringify(await call.projects.keys({ project: "shop" }))).not.toContain(credentials.secret);
  expect(await call.projects.keys({})).toEqual([]);
  expect((await call.projects.revokeKey({ id: key.id })).revokedAt).not.toBeNull();
});

test("rules are tried before they are set, and who set them is shown", async () => {
  const rules = IntakeRules.parse({ redaction: { builtIn: ["email"] }, sampling: { headShare: 0.5 } });
  const tried = await call.projects.tryRules({ rules, text: "to ann@example.org" });
  expect(tried).toMatchObject({
    text: "to [redacted: email]",
    counts: { email: 1 },
    words: [expect.stringContaining("email"), expect.anything()],
  });
  expect((await call.projects.rules({ project: "default" })).rules.redaction.builtIn).toEqual([]);
  await call.projects.changeRules({ project: "default", rules });
  const after = await call.projects.rules({ project: "default" });
  expect(after).toMatchObject({ rules, words: tried.words, changes: [{ actor: userInfo().username }] });
  expect(after.builtIn.map(({ name }) => name)).toContain("credit card");
  await expect(call.projects.rules({ project: "nowhere" })).rejects.toMatchObject({ code: "NOT_FOUND" });
  const wrong = { ...rules, redaction: { ...rules.redaction, patterns: [{ name: "x", pattern: "(" }] } };
  await expect(call.projects.changeRules({ project: "default", rules: wrong })).rejects.toMatchObject({ code: "BAD_REQUEST" });
});

test("a project is kept for so many days, or for ever as in the beginning", async () => {
  const kept = async () => (await call.projects.list()).find(({ name }) => name === "default")?.retentionDays;
  expect(await kept()).toBeNull();
  await call.projects.changeRetention({ project: "default", retentionDays: 30 });
  expect(await kept()).toBe(30);
  for (const retentionDays of [0, 1.5, 36_501])
    await expect(call.projects.changeRetention({ project: "default", retentionDays })).rejects.toMatchObject({ code: "BAD_REQUEST" });
  await expect(call.projects.changeRetention({ project: "nowhere", retentionDays: 1 })).rejects.toMatchObject({ code: "NOT_FOUND" });
  await call.projects.changeRetention({ project: "default", retentionDays: null });
  expect(await kept()).toBeNull();
});

test("what is wrong is refused by its name", async () => {
  await expect(call.projects.create({ name: "Shop" })).rejects.toMatchObject({ code: "BAD_REQUEST" });
  await expect(call.projects.create({ name: "default" })).rejects.toMatchObject({ code: "CONFLICT" });
  await expect(call.projects.createKey({ project: "nowhere", name: "ci" })).rejects.toMatchObject({ code: "NOT_FOUND" });
  await expect(call.projects.revokeKey({ id: crypto.randomUUID() })).rejects.toMatchObject({ code: "NOT_FOUND" });
});

test("a state store that is away is unavailable, not broken", async () => {
  const away = { ...stores, databaseUrl: "postgresql://nobody@127.0.0.1:9/x" };
  await using other = createContext({ ...away, otlpUrl: "http://127.0.0.1:4318", parts: [] });
  await expect(createCaller(other).projects.list()).rejects.toMatchObject({ code: "SERVICE_UNAVAILABLE" });
});
