import { NewApiKey, NewProject, RedactionRules, SamplingRules, secretHash } from "@signalbox/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestStores, type TestStores } from "../../embedded/index.ts";
import { createPrisma } from "../client.ts";
import type { PrismaClient } from "../generated/client.ts";
import { admitSecret, createApiKey, listApiKeys, listKnownKeys, revokeApiKey, touchApiKeys } from "./apiKeyStore.ts";
import {
  changeIntakeRules,
  createProject,
  listIntakeRules,
  listProjects,
  listRulesChanges,
  listTailSampling,
  readIntakeRules,
} from "./projectStore.ts";

let stores: TestStores;
let prisma: PrismaClient;
const now = new Date("2026-11-26T10:00:00.000Z");

beforeAll(async () => {
  stores = await startTestStores({ only: "postgres" });
  prisma = createPrisma(stores.databaseUrl);
});
afterAll(async () => {
  await prisma.$disconnect();
  await stores[Symbol.asyncDispose]();
});

/** A project of its own, so that no test sees another's keys. */
async function aProject(name: string): Promise<string> {
  await createProject(prisma, NewProject.parse({ name }), now);
  return name;
}

const aKey = (project: string, given: Partial<NewApiKey> = {}) =>
  createApiKey(prisma, NewApiKey.parse({ project, name: "ci", ...given }), now);

test("a new installation has one project, default", async () => {
  expect(await listProjects(prisma, 10)).toMatchObject([
    { name: "default", organisation: "default", environments: ["production"], workingKeys: 0 },
  ]);
});

test("a project is made with its organisation, and its name is given once", async () => {
  const wanted = NewProject.parse({ name: "shop", organisation: "acme", environments: ["staging", "production"] });
  expect(await createProject(prisma, wanted, now)).toEqual({ ...wanted, createdAt: now.toISOString() });
  await expect(createProject(prisma, NewProject.parse({ name: "shop" }), now)).rejects.toMatchObject({ code: "conflict" });
  expect((await listProjects(prisma, 10)).map(({ name, organisation }) => [organisation, name])).toContainEqual(["acme", "shop"]);
});

test("of a key nothing but its hash and its ending is stored", async () => {
  const project = await aProject("hashed");
  const { key, credentials } = await aKey(project, { kind: "pair" });
  expect(key.ending).toBe(credentials.secret.slice(-4));
  const rows = await prisma.$queryRaw<{ row: string }[]>`SELECT api_key::text AS row FROM api_key WHERE project = ${project}`;
  expect(rows).toHaveLength(1);
  expect(rows[0]?.row).toContain(secretHash(credentials.secret));
  expect(rows[0]?.row).not.toContain(credentials.secret.slice(0, -4));
  expect(JSON.stringify(await listApiKeys(prisma, project, 10))).not.toContain(secretHash(credentials.secret));
});

test("a secret that a program keeps is let in once, and not again after it was revoked", async () => {
  const project = await aProject("kept");
  const wanted = NewApiKey.parse({ project, name: "agent" });
  const isWorking = async () =>
    (await listKnownKeys(prisma)).some((key) => key.secretHash === secretHash("sbx_kept") && key.revokedAt === null);
  await admitSecret(prisma, wanted, "sbx_kept", now);
  await admitSecret(prisma, wanted, "sbx_kept", now);
  const [key, ...more] = await listApiKeys(prisma, project, 10);
  expect([key, more]).toMatchObject([{ name: "agent", scopes: ["ingest"], ending: "kept" }, []]);
  expect(await isWorking()).toBe(true);
  await revokeApiKey(prisma, key?.id ?? "", now);
  await admitSecret(prisma, wanted, "sbx_kept", now);
  expect(await isWorking()).toBe(false);
});

test("a key needs a project that is there, and a name that no working key of it has", async () => {
  await expect(aKey("nowhere")).rejects.toMatchObject({ code: "not_found" });
  const project = await aProject("names");
  const { key } = await aKey(project);
  await expect(aKey(project)).rejects.toMatchObject({ code: "conflict" });
  await revokeApiKey(prisma, key.id, now);
  expect((await aKey(project)).key.name).toBe("ci");
});

test("a revoked key works no more, stays in the list behind the others, and keeps the moment of its first revocation", async () => {
  const project = await aProject("revoked");
  const { key: old } = await aKey(project, { name: "old" });
  const { key: other } = await aKey(project, { name: "other" });
  await revokeApiKey(prisma, old.id, now);
  expect((await revokeApiKey(prisma, old.id, new Date())).revokedAt).toBe(now.toISOString());
  expect((await listApiKeys(prisma, project, 10)).map(({ name }) => name)).toEqual(["other", "old"]);
  const known = (await listKnownKeys(prisma)).filter((key) => key.project === project).map(({ id, revokedAt }) => ({ id, revokedAt }));
  expect(known).toHaveLength(2);
  expect(known).toEqual(
    expect.arrayContaining([
      { id: other.id, revokedAt: null },
      { id: old.id, revokedAt: now.getTime() },
    ]),
  );
  expect((await listProjects(prisma, 20)).find(({ name }) => name === project)?.workingKeys).toBe(1);
  await expect(revokeApiKey(prisma, "00000000-0000-4000-8000-000000000000", now)).rejects.toMatchObject({ code: "not_found" });
});

test("a working key tells what a request with it may do", async () => {
  const project = await aProject("working");
  const { key, credentials } = await aKey(project, { kind: "pair", scopes: ["read", "ingest"], requestsPerMinuteMax: 60 });
  expect((await listKnownKeys(prisma)).filter((known) => known.project === project)).toEqual([
    {
      id: key.id,
      project,
      secretHash: secretHash(credentials.secret),
      publicKey: credentials.publicKey,
      scopes: ["ingest", "read"],
      requestsPerMinuteMax: 60,
      expiresAt: null,
      revokedAt: null,
    },
  ]);
});

test("a key's last use is shown", async () => {
  const project = await aProject("used");
  const { key } = await aKey(project);
  await touchApiKeys(prisma, [key.id], now);
  expect(await listApiKeys(prisma, project, 10)).toMatchObject([{ lastUsedAt: now.toISOString() }]);
});

test("what is redacted and sampled in a project is kept, each by itself, and who changed it", async () => {
  const project = await aProject("rules");
  const by = { actor: "ann", now };
  const redaction = RedactionRules.parse({ patterns: [{ name: "email", pattern: "\\S+@\\S+" }], attributes: ["user.email"] });
  const sampling = SamplingRules.parse({ headShare: 0.25, tail: { slowerThanMs: 1_000 } });
  const none = { redaction: RedactionRules.parse({}), sampling: SamplingRules.parse({}) };
  expect((await listIntakeRules(prisma)).get(project)).toEqual(none);
  await changeIntakeRules(prisma, project, { redaction }, by);
  await changeIntakeRules(prisma, project, { sampling }, { actor: "bob", now: new Date(now.getTime() + 1_000) });
  await changeIntakeRules(prisma, project, { sampling }, by);
  expect((await listIntakeRules(prisma)).get(project)).toEqual({ redaction, sampling });
  expect(await readIntakeRules(prisma, project)).toEqual({ redaction, sampling });
  expect(await listRulesChanges(prisma, project, 10)).toEqual([
    { changedAt: "2026-11-26T10:00:01.000Z", actor: "bob", before: { ...none, redaction }, after: { redaction, sampling } },
    { changedAt: now.toISOString(), actor: "ann", before: none, after: { ...none, redaction } },
  ]);
  const [judged] = (await listTailSampling(prisma)).filter((some) => some.project === project);
  expect(judged).toEqual({ project, tail: sampling.tail, since: new Date(now.getTime() + 1_000) });
  await changeIntakeRules(prisma, project, none, by);
  expect((await listTailSampling(prisma)).filter((some) => some.project === project)).toEqual([]);
  expect(await readIntakeRules(prisma, project)).toEqual(none);
});

test("rules of a project that is not there are neither read nor changed", async () => {
  const by = { actor: "ann", now };
  await expect(changeIntakeRules(prisma, "nowhere", {}, by)).rejects.toMatchObject({ code: "not_found" });
  await expect(readIntakeRules(prisma, "nowhere")).rejects.toMatchObject({ code: "not_found" });
  await expect(listRulesChanges(prisma, "nowhere", 10)).rejects.toMatchObject({ code: "not_found" });
});

test("a store that does not answer is said so, without its address", async () => {
  await using away = createPrisma("postgresql://ann:s3cret@127.0.0.1:9/x");
  await expect(listProjects(away, 10)).rejects.toMatchObject({
    code: "upstream_unavailable",
    message: "The state store (PostgreSQL) does not answer.",
  });
});

test("a store without our tables is said so", async () => {
  const url = new URL(stores.databaseUrl);
  url.pathname = "/postgres";
  await using empty = createPrisma(url.href);
  await expect(listProjects(empty, 10)).rejects.toMatchObject({ code: "infrastructure" });
});
