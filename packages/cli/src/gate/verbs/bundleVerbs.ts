import { createPrivateKey, type KeyObject } from "node:crypto";
import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { readRelease } from "@signalbox/db/gateEvidence";
import type { PrismaClient } from "@signalbox/db/prisma";
import { type BundleFinding, explainRollout, explainVerdict, otherReckoningText, verifyBundle } from "@signalbox/evals";
import {
  AppError,
  canonicalJson,
  envelopeText,
  keyIdOf,
  type ReleaseFacts,
  type ReleaseStatement,
  releaseStatement,
  signEnvelope,
} from "@signalbox/model";
import { EXIT } from "../../commandLine/exitCode.ts";
import type { Act } from "../../commandLine/verb.ts";
import { loadConfig } from "../../config.ts";
import { ownKeyFile, readGiven, trustedKeys } from "../../decisions/checkpointKeys.ts";
import { openStateStore } from "../../projects/stateStore.ts";
import { type KeptRecord, requireRecord } from "../check/keptRecord.ts";

/** The private key in a file. Throws `invalid_input` where it cannot be read, or is not an Ed25519 key. */
function signingKey(file: string): KeyObject {
  let key: KeyObject;
  try {
    key = createPrivateKey(readGiven(file));
  } catch (cause) {
    throw new AppError("invalid_input", `There is no private key to be read in ${file}.`, {
      cause,
      hint: "`openssl genpkey -algorithm ed25519` makes one: give it with --key. The data folder's own is made by the controller.",
    });
  }
  if (key.asymmetricKeyType === "ed25519") return key;
  throw new AppError("invalid_input", `The key in ${file} is no Ed25519 key: bundles are signed with that.`);
}

/** The statement that a record attests. Throws `conflict` where it does not follow from its evidence, or cannot be recomputed here. */
async function attested(prisma: PrismaClient, record: KeptRecord): Promise<ReleaseFacts> {
  const { id, differs, reckonedBy } = explainedRecord(record);
  if (reckonedBy !== null)
    throw new AppError("conflict", `What is kept under ${id} is not signed. ${otherReckoningText(reckonedBy)}`, {
      hint: "Sign it with the Signalbox that reckoned it: a bundle of that time says so to whoever verifies it.",
    });
  if (!differs) return record.kind === "live" ? readRelease(prisma, record.evidence) : { kind: "offline", ...record.verdict };
  throw new AppError("conflict", `What is kept under ${id} is not what its policy makes of its evidence, and is not signed.`, {
    hint: `./signalbox gate explain ${id} says where it differs.`,
  });
}

/** Whether a record differs from what its policy makes of its evidence, and which other version reckoned it where that is why. */
function explainedRecord(record: KeptRecord): { id: string; differs: boolean; reckonedBy: number | null } {
  if (record.kind === "live") {
    const { fault, reckonedBy } = explainRollout(record.evidence);
    return { id: record.evidence.rollout.id, differs: fault !== null, reckonedBy };
  }
  const { differsAt, reckonedBy } = explainVerdict(record.verdict);
  return { id: record.verdict.id, differs: differsAt !== null, reckonedBy };
}

/** `signalbox gate bundle`. What does not follow from its evidence is not signed. */
export const bundle: Act<{ out: string; key?: string }> = async ({ output, env, args, flags: { out, key: keyFile, ...flags } }) => {
  const config = loadConfig(env, flags);
  const key = signingKey(keyFile ?? ownKeyFile(env, config.dataDir));
  await using prisma = openStateStore(config);
  const statement = releaseStatement(await attested(prisma, await requireRecord(prisma, args[0] ?? "")));
  const text = envelopeText(signEnvelope(Buffer.from(canonicalJson(statement)), key));
  await writeFile(out, text).catch((cause: Error) => {
    throw new AppError("infrastructure", `The file ${out} cannot be written: ${cause.message}.`, { cause });
  });
  const document = { file: out, keyId: keyIdOf(key), ...factsOf(statement) };
  output.result(document, () => `${out}: ${statementText(statement)}\nsigned by ${document.keyId}`);
  return EXIT.pass;
};

/** A statement's facts, without the evidence. `phase` is a rollout's, and null for eval runs. */
function factsOf({ subject: [subject], predicate }: ReleaseStatement) {
  const { kind, id, project, gate, at, hashes } = predicate;
  const about = { kind, id, subject, project, gate, at, hashes };
  if (predicate.kind === "live") {
    const { verdict, rollout, check } = predicate;
    const { phase, reason } = rollout;
    return { ...about, verdict: verdict?.kind ?? null, reason, phase, dataset: check?.dataset ?? null, commit: check?.commit ?? null };
  }
  const { verdict, evidence, commit } = predicate;
  return { ...about, verdict: verdict.verdict, reason: verdict.reason, phase: null, dataset: evidence.candidate.dataset, commit };
}

function statementText(statement: ReleaseStatement): string {
  const { gate, verdict, phase, subject, at } = factsOf(statement);
  const name = `${subject.name} (sha256 ${subject.digest.sha256.slice(0, 12)})`;
  return phase === null
    ? `gate ${gate} says ${verdict} of ${name}, at ${at}`
    : `gate ${gate} rolled ${name} out, which is ${PHASES[phase]}, at ${at}`;
}

const PHASES = {
  ...{ running: "under way", paused: "paused", promoted: "promoted", rolledBack: "rolled back", aborted: "aborted" },
} as const;

/** The bytes of a file. Throws `invalid_input` where it cannot be read. */
function bytesOf(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new AppError("invalid_input", `The file ${file} cannot be read.`, { cause });
  }
}

/**
 * `signalbox gate verify`: 0 when a bundle is whole, 1 when something in it is not as it was signed, 3 when it is as it
 * was signed and another version reckoned it, so that it cannot be judged again here; what is no bundle is refused. Asks no store.
 */
export const verify: Act<{ publicKey?: string }> = async ({ output, env, args, flags: { publicKey, ...flags } }) => {
  const file = args[0] ?? "";
  const bytes = bytesOf(file);
  const checked = verifyBundle(bytes, trustedKeys(publicKey, env, loadConfig(env, flags).dataDir));
  if (checked.kind === "noBundle") throw new AppError("invalid_input", `${file} is no release bundle. ${checked.reason}`);
  const { findings, keyId, reckonedBy, statement } = checked;
  const isAsSigned = findings.length === 0;
  const isWhole = isAsSigned && reckonedBy === null;
  output.result(
    { whole: isWhole, findings, reckonedBy, keyId, ownKey: publicKey === undefined, ...(statement === null ? {} : factsOf(statement)) },
    () => (isAsSigned && statement !== null ? asSignedText(statement, keyId, reckonedBy) : findingsText(file, findings)),
  );
  return isWhole ? EXIT.pass : isAsSigned ? EXIT.inconclusive : EXIT.failed;
};

function asSignedText(statement: ReleaseStatement, keyId: string, reckonedBy: number | null): string {
  const { reason, dataset, commit } = factsOf(statement);
  const judgedOn = dataset === null ? "no dataset: no kept check of this candidate stands beside the rollout" : datasetText(dataset);
  return [
    `${reckonedBy === null ? "Whole" : "As it was signed"}: ${statementText(statement)}.`,
    reason,
    `${judgedOn}; ${commit === null ? "no commit on record" : `commit ${commit}`}; signed by ${keyId}`,
    ...(reckonedBy === null ? [] : [otherReckoningText(reckonedBy)]),
  ].join("\n");
}

const datasetText = ({ name, hash }: { name: string | null; hash: string | null }): string =>
  `dataset ${name ?? "without a name"} (${hash?.slice(0, 12) ?? "no hash"})`;

function findingsText(file: string, findings: readonly BundleFinding[]): string {
  return [`${file} is not as it was signed:`, ...findings.map(({ where, what }) => `  ${where}: ${what}`)].join("\n");
}
