import { createPrivateKey, type KeyObject } from "node:crypto";
import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { type BundleFinding, explainVerdict, verifyBundle } from "@signalbox/evals";
import { AppError, canonicalJson, envelopeText, keyIdOf, type ReleaseStatement, releaseStatement, signEnvelope } from "@signalbox/model";
import { EXIT } from "../commandLine/exitCode.ts";
import type { Act } from "../commandLine/verb.ts";
import { loadConfig } from "../config.ts";
import { ownKeyFile, readGiven, trustedKeys } from "../decisions/checkpointKeys.ts";
import { openStateStore } from "../projects/stateStore.ts";
import { requireVerdict } from "./evidenceVerbs.ts";

/** The private key of a file. Throws `invalid_input` where it cannot be read, or is none of Ed25519. */
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

/** `signalbox gate bundle`. A verdict that does not follow from its evidence is not signed. */
export const bundle: Act<{ out: string; key?: string }> = async ({ output, env, args, flags: { out, key: keyFile, ...flags } }) => {
  const config = loadConfig(env, flags);
  const key = signingKey(keyFile ?? ownKeyFile(env, config.dataDir));
  await using prisma = openStateStore(config);
  const kept = await requireVerdict(prisma, args[0] ?? "");
  if (explainVerdict(kept).differsAt !== null)
    throw new AppError("conflict", `The verdict ${kept.id} is not what its policy makes of its evidence, and is not signed.`, {
      hint: `./signalbox gate explain ${kept.id} says where it differs.`,
    });
  const statement = releaseStatement({ kind: "offline", ...kept });
  const text = envelopeText(signEnvelope(Buffer.from(canonicalJson(statement)), key));
  await writeFile(out, text).catch((cause: Error) => {
    throw new AppError("infrastructure", `The file ${out} cannot be written: ${cause.message}.`, { cause });
  });
  const document = { file: out, keyId: keyIdOf(key), subject: statement.subject[0], verdict: kept.verdict.verdict };
  output.result(document, () => `${out}: ${statementText(statement)}\nsigned by ${document.keyId}`);
  return EXIT.pass;
};

function statementText({ subject: [subject], predicate }: ReleaseStatement): string {
  return `gate ${predicate.gate} says ${predicate.verdict.verdict} of ${subject.name} (sha256 ${subject.digest.sha256.slice(0, 12)}), at ${predicate.at}`;
}

/** What a file holds. Throws `invalid_input` where it cannot be read. */
function bytesOf(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new AppError("invalid_input", `The file ${file} cannot be read.`, { cause });
  }
}

/** `signalbox gate verify`: 0 when a bundle is whole, 1 when something in it is not as it was signed; what is no bundle is refused. Asks no store. */
export const verify: Act<{ publicKey?: string }> = async ({ output, env, args, flags: { publicKey, ...flags } }) => {
  const file = args[0] ?? "";
  const bytes = bytesOf(file);
  const checked = verifyBundle(bytes, trustedKeys(publicKey, env, loadConfig(env, flags).dataDir));
  if (checked.kind === "noBundle") throw new AppError("invalid_input", `${file} is no release bundle. ${checked.reason}`);
  const { findings, keyId, statement } = checked;
  const isWhole = findings.length === 0;
  output.result({ whole: isWhole, findings, keyId, ownKey: publicKey === undefined, ...factsOf(statement) }, () =>
    isWhole && statement !== null ? wholeText(statement, keyId) : findingsText(file, findings),
  );
  return isWhole ? EXIT.pass : EXIT.failed;
};

/** What a bundle is about, without its evidence. */
function factsOf(statement: ReleaseStatement | null) {
  if (statement === null) return { subject: null };
  const { subject, predicate } = statement;
  const { gate, project, at, commit, verdict, evidence, hashes } = predicate;
  const { dataset } = evidence.candidate;
  return { subject: subject[0], gate, project, at, commit, dataset, verdict: verdict.verdict, reason: verdict.reason, hashes };
}

function wholeText(statement: ReleaseStatement, keyId: string): string {
  const { predicate } = statement;
  const { dataset } = predicate.evidence.candidate;
  return [
    `Whole: ${statementText(statement)}.`,
    predicate.verdict.reason,
    `dataset ${dataset.name ?? "unknown"} (${dataset.hash?.slice(0, 12) ?? "no hash"}), commit ${predicate.commit ?? "unknown"}, signed by ${keyId}`,
  ].join("\n");
}

function findingsText(file: string, findings: readonly BundleFinding[]): string {
  return [`${file} is not as it was signed:`, ...findings.map(({ where, what }) => `  ${where}: ${what}`)].join("\n");
}
