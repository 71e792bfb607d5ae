import { createApiKey, listApiKeys, revokeApiKey } from "@signalbox/db/prisma";
import { type ApiKey, type KeyCredentials, NewApiKey, ProjectName } from "@signalbox/model";
import { z } from "zod";
import { EXIT } from "../commandLine/exitCode.ts";
import { textTable } from "../commandLine/textTable.ts";
import type { Act } from "../commandLine/verb.ts";
import { loadConfig } from "../config.ts";
import { parseArguments } from "./parseArguments.ts";
import { openStateStore } from "./stateStore.ts";

const ROWS_MAX = 1_000;

/** The flag of all key verbs. */
interface ProjectFlag {
  project: string;
}

interface CreateFlags extends ProjectFlag {
  kind?: string;
  scope?: string[];
  requestsPerMinute?: number;
  expiresInDays?: number;
}

const DAY_MS = 86_400_000;

/** `signalbox key create <name>`: the only time that the secret is shown. */
export const keyCreate: Act<CreateFlags> = async ({ output, env, args: [name], flags }) => {
  const wanted = parseArguments(NewApiKey, {
    project: flags.project,
    name,
    kind: flags.kind,
    scopes: flags.scope,
    requestsPerMinuteMax: flags.requestsPerMinute,
    expiresAt: flags.expiresInDays === undefined ? null : new Date(Date.now() + flags.expiresInDays * DAY_MS).toISOString(),
  });
  await using store = openStateStore(loadConfig(env, flags));
  const { key, credentials } = await createApiKey(store, wanted, new Date());
  output.result({ key, ...credentials }, () => credentialsText(key, credentials));
  return EXIT.pass;
};

function credentialsText(key: ApiKey, { secret, publicKey }: KeyCredentials): string {
  const rows = [...(publicKey === null ? [] : [["public key", publicKey]]), ["secret", secret]];
  return [
    `Key "${key.name}" of project ${key.project} allows: ${key.scopes.join(", ")}.`,
    "",
    textTable(rows),
    "",
    "This is the only time that it is shown: Signalbox keeps no more than a hash of it.",
  ].join("\n");
}

/** `signalbox key list`. */
export const keyList: Act<ProjectFlag> = async ({ output, env, flags }) => {
  const project = parseArguments(z.object({ project: ProjectName }), { project: flags.project }).project;
  await using store = openStateStore(loadConfig(env, flags));
  const keys = await listApiKeys(store, project, ROWS_MAX);
  output.result({ keys }, () =>
    keys.length === 0
      ? `Project ${project} has no keys. Make one: ./signalbox key create ci --project ${project}`
      : textTable([["id", "name", "kind", "ends in", "allows", "per minute", "last used", "state"], ...keys.map(keyRow)]),
  );
  return EXIT.pass;
};

/** A time to the minute. */
const minute = (iso: string): string => `${iso.slice(0, 16).replace("T", " ")} UTC`;

function stateOf({ expiresAt, revokedAt }: ApiKey): string {
  if (revokedAt !== null) return `revoked ${minute(revokedAt)}`;
  if (expiresAt === null) return "works";
  return Date.parse(expiresAt) > Date.now() ? `works until ${minute(expiresAt)}` : `expired ${minute(expiresAt)}`;
}

function keyRow(key: ApiKey): string[] {
  const { id, name, kind, ending, scopes, requestsPerMinuteMax, lastUsedAt } = key;
  return [
    id,
    name,
    kind,
    ending,
    scopes.join(", "),
    requestsPerMinuteMax === null ? "no limit" : String(requestsPerMinuteMax),
    lastUsedAt === null ? "never" : minute(lastUsedAt),
    stateOf(key),
  ];
}

/** `signalbox key revoke <id>`. */
export const keyRevoke: Act = async ({ output, env, args: [id], flags }) => {
  const wanted = parseArguments(z.object({ id: z.uuid("it is the id that `key list` shows") }), { id });
  await using store = openStateStore(loadConfig(env, flags));
  const key = await revokeApiKey(store, wanted.id, new Date());
  output.result({ key }, () => `Key "${key.name}" of project ${key.project} is revoked. Collectors and gateways refuse it within seconds.`);
  return EXIT.pass;
};
