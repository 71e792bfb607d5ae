import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { hostname, userInfo } from "node:os";
import { basename } from "node:path";
import { createApiKey, noteUnreadableFile, type PrismaClient, revokeApiKey, settleImportedFile } from "@signalbox/db/prisma";
import { newId, ProjectName, portsAt } from "@signalbox/model";
import { z } from "zod";
import { EXIT } from "../../commandLine/exitCode.ts";
import type { Act } from "../../commandLine/verb.ts";
import { loadConfig } from "../../config.ts";
import { parseArguments } from "../../projects/parseArguments.ts";
import { openStateStore } from "../../projects/stateStore.ts";
import { loopbackUrl } from "../../supervisor/parts/parts.ts";
import { runningStack } from "../../supervisor/stack.ts";
import { readRunState } from "../../supervisor/stateFile.ts";
import { listBatchFiles } from "./batchFiles.ts";
import { FAILED_BATCH_NAME, readFailedBatch } from "./failedBatch.ts";
import { sendBatch } from "./sendBatch.ts";

/** By default the client keeps at most 100 MB of batches; a file is held in memory more than once. */
const FILE_BYTES_MAX = 150_000_000;

/** The lifetime of the import's key unless it is revoked earlier, in milliseconds. */
const KEY_LASTS_MS = 6 * 3_600_000;

type Flags = { project: string; endpoint?: string };

/** The result for one file: its batch was accepted (except for some parts), it became a letter, or it is not a file of the client. */
type Imported =
  | { path: string; outcome: "sent"; rejectedParts: number }
  | { path: string; outcome: "letter"; letterId: string; isNew: boolean; reason: string }
  | { path: string; outcome: "foreign"; reason: string };

type Means = { store: PrismaClient; project: string; endpoint: string; key: string };

/** The content of a file, or why it cannot be one of the client's. A name may belong to a pipe or a device, which would block. */
async function readBatchFile(path: string): Promise<{ content: Buffer } | { reason: string }> {
  await using file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  const found = await file.stat();
  if (!found.isFile()) return { reason: "it is no regular file" };
  if (found.size > FILE_BYTES_MAX) return { reason: `it has more than ${FILE_BYTES_MAX} bytes` };
  return { content: await file.readFile() };
}

async function importFile(path: string, { store, project, endpoint, key }: Means): Promise<Imported> {
  const file = await readBatchFile(path);
  if ("reason" in file) return { path, outcome: "foreign", reason: file.reason };
  const { content } = file;
  const read = readFailedBatch(content);
  const answer = read.kind === "batch" ? await sendBatch(read.batch, { endpoint, key }) : null;
  if (answer?.kind === "taken") {
    await settleImportedFile(store, { project, content, actor: userInfo().username, now: new Date() });
    return { path, outcome: "sent", rejectedParts: answer.rejectedParts };
  }
  const reason = answer?.reason ?? (read.kind === "unreadable" ? read.reason : "");
  if (answer === null && !FAILED_BATCH_NAME.test(basename(path))) return { path, outcome: "foreign", reason };
  const message = `${answer?.kind === "too_large" ? "a failed batch is larger than the collector takes" : "nothing can be read of a failed batch"}: ${reason}`;
  const { id, isNew } = await noteUnreadableFile(store, { project, message, path, host: hostname(), content, now: new Date() });
  return { path, outcome: "letter", letterId: id, isNew, reason };
}

function textOf(files: readonly Imported[]): string {
  const sent = files.filter((file) => file.outcome === "sent");
  const parts = sent.reduce((sum, { rejectedParts }) => sum + rejectedParts, 0);
  const lines = files.flatMap((file) => {
    if (file.outcome === "letter") return [`${file.path}: ${file.reason}. Dead letter ${file.letterId}${file.isNew ? "" : ", of before"}.`];
    return file.outcome === "foreign" ? [`${file.path} is no failed batch of LangSmith's client: ${file.reason}.`] : [];
  });
  const rejected = parts === 0 ? "" : ` ${parts} of their parts were rejected: they are among the dead letters (dlq list --kind ingest).`;
  return [...lines, `${sent.length} of ${files.length} batches were sent.${rejected}`].join("\n");
}

/**
 * `signalbox import langsmith-failed <paths...>`: sends what LangSmith's client could not, and turns
 * unreadable files into letters. Runs are identified by their ids, so a second import duplicates nothing.
 */
export const importLangsmithFailed: Act<Flags> = async ({ output, env, args, flags }) => {
  const { project } = parseArguments(z.object({ project: ProjectName }), { project: flags.project });
  const config = loadConfig(env, flags);
  const paths = await listBatchFiles(args);
  const running = runningStack(config.dataDir) === undefined ? undefined : readRunState(config.dataDir);
  const endpoint = flags.endpoint ?? loopbackUrl(portsAt(running?.portOffset ?? config.portOffset).otlpHttp);
  await using store = openStateStore(config);
  const now = new Date();
  const expiresAt = new Date(now.getTime() + KEY_LASTS_MS).toISOString();
  const wanted = {
    project,
    name: `import ${newId()}`,
    kind: "token" as const,
    scopes: ["ingest" as const],
    requestsPerMinuteMax: null,
    expiresAt,
  };
  const { key, credentials } = await createApiKey(store, wanted, now);
  const files: Imported[] = [];
  try {
    for (const path of paths) files.push(await importFile(path, { store, project, endpoint, key: credentials.secret }));
  } finally {
    await revokeApiKey(store, key.id, new Date());
  }
  output.result({ project, endpoint, files }, () => textOf(files));
  return files.every((file) => file.outcome === "sent" && file.rejectedParts === 0) ? EXIT.pass : EXIT.failed;
};
