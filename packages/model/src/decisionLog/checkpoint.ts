import { createHash, createPublicKey, generateKeyPairSync, hash, type KeyObject, sign, verify } from "node:crypto";
import { join } from "node:path";
import { z } from "zod";
import { canonicalJson, jsonText } from "../canonicalJson.ts";
import { AppError } from "../errors/errors.ts";
import { CHAIN_START } from "../tasks/decision.ts";
import { leafHash } from "./merkleLog.ts";

const Hash = z.string().regex(/^[0-9a-f]{64}$/);
const Count = z.number().int().nonnegative();

/**
 * A signed head of the log of all chains. `root` is the Merkle root (RFC 9162) over the log's first `size` entries,
 * `prevHash` the hash of the checkpoint before (64 zeros for the first). `tasks`, `events` (decisions) and `erased`
 * (entries) are running totals of what is covered. `hash` is SHA-256 (hex) of the RFC 8785 text of everything but
 * `hash` and `signature`; the signature is Ed25519 (base64) by the key whose SPKI form has the SHA-256 `keyId`.
 */
export const Checkpoint = z.strictObject({
  v: z.literal(1),
  number: z.number().int().positive(),
  time: z.iso.datetime({ precision: 3 }),
  size: z.number().int().positive(),
  root: Hash,
  prevHash: Hash,
  tasks: Count,
  events: Count,
  erased: Count,
  keyId: Hash,
  hash: Hash,
  signature: z.base64(),
});
export type Checkpoint = z.infer<typeof Checkpoint>;

/** The first characters of a checkpoint as a line of JSON. */
const HEAD_BEGINS = '{"v":1,"number":';

/** Whether a line of a heads file is a checkpoint that a crash cut short; the next line then holds it whole. */
export function isTornHead(line: string): boolean {
  return !line.endsWith("}") && (line.startsWith(HEAD_BEGINS) || HEAD_BEGINS.startsWith(line));
}

/** The content of a checkpoint before it is signed. */
export type CheckpointFacts = Omit<Checkpoint, "v" | "keyId" | "hash" | "signature">;

/** The `prevHash` of the first checkpoint. */
export const LOG_START = CHAIN_START;

/** An erasure as recorded in the log: who had whose tasks erased (`subjectDigest` is SHA-256, hex), and when it began. */
export type LoggedErasure = { id: string; project: string; kind: string; subjectDigest: string; actor: string; begunAt: string };

/** The content of a leaf of the log: the head of a task's chain, or a note that the entry at `position` was erased. */
export type LogEntry =
  | { kind: "head"; taskId: string; seq: number; hash: string }
  | { kind: "erased"; position: number; erasure: LoggedErasure };

/** The leaf of an entry: 32 bytes, the hash of its RFC 8785 text. */
export function entryLeaf(entry: LogEntry): Buffer {
  return leafHash(entry.kind === "head" ? headText(entry) : canonicalJson(entry));
}

/** The same text as `canonicalJson`, in a fifth of the time: whole logs of heads pass through here. */
function headText({ taskId, seq, hash: head }: LogEntry & { kind: "head" }): string {
  return `{"hash":${jsonText(head)},"kind":"head","seq":${seq},"taskId":${jsonText(taskId)}}`;
}

/** The path of the private key that signs a data folder's checkpoints. */
export function checkpointKeyFile(dataDir: string): string {
  return join(dataDir, "checkpoints.key");
}

/** The path of the last checkpoint signed with a key, beside the key: out of reach for somebody who holds only the database. */
export function checkpointHeadFile(keyFile: string): string {
  return `${keyFile}.head`;
}

/** A new private key for checkpoints: PKCS #8 in PEM. */
export function newCheckpointKey(): string {
  return generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}

/** The public half of a key, SPKI in PEM. */
export function publicKeyText(key: KeyObject): string {
  return publicHalf(key).export({ type: "spki", format: "pem" }).toString();
}

/** The id of a key: SHA-256 (hex) of the SPKI form of its public half. */
export function keyIdOf(key: KeyObject): string {
  return createHash("sha256")
    .update(publicHalf(key).export({ type: "spki", format: "der" }))
    .digest("hex");
}

const publicHalf = (key: KeyObject): KeyObject => (key.type === "private" ? createPublicKey(key) : key);

const PEM_BLOCK = /-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----/g;

/** The public keys in a text of one or more PEM blocks. Throws `invalid_input` where there is none, or a key of another kind. */
export function readPublicKeys(text: string): KeyObject[] {
  const blocks = text.match(PEM_BLOCK) ?? [];
  if (blocks.length === 0)
    throw new AppError("invalid_input", "There is no public key in it.", {
      hint: "./signalbox decisions public-key prints the one to keep.",
    });
  return blocks.map((block) => {
    const key = readKey(() => createPublicKey(block));
    if (key.asymmetricKeyType !== "ed25519")
      throw new AppError("invalid_input", "Checkpoints are signed with Ed25519, and the key is another kind.");
    return key;
  });
}

function readKey(read: () => KeyObject): KeyObject {
  try {
    return read();
  } catch (cause) {
    throw new AppError("invalid_input", "The public key cannot be read.", { cause });
  }
}

/** The bytes that are signed. The prefix keeps a signature from being valid for anything but a checkpoint. */
const signedText = (checkpointHash: string): Buffer => Buffer.from(`signalbox checkpoint\n${checkpointHash}\n`);

/** The hash that a checkpoint should have, computed from its content. */
export function checkpointHash({
  hash: _,
  signature: __,
  ...body
}: Checkpoint | (CheckpointFacts & { v: 1; keyId: string; hash?: never; signature?: never })): string {
  return hash("sha256", canonicalJson(body), "hex");
}

/** Signs a checkpoint's content. */
export function signCheckpoint(facts: CheckpointFacts, privateKey: KeyObject): Checkpoint {
  const body = { v: 1 as const, ...facts, keyId: keyIdOf(privateKey) };
  const ownHash = checkpointHash(body);
  return { ...body, hash: ownHash, signature: sign(null, signedText(ownHash), privateKey).toString("base64") };
}

/**
 * Why a checkpoint is not the valid successor of the one with `prevHash`, phrased
 * as the end of a sentence; undefined where it is as one of `keys` signed it.
 */
export function checkpointFault(checkpoint: Checkpoint, prevHash: string, keys: readonly KeyObject[]): string | undefined {
  if (checkpointHash(checkpoint) !== checkpoint.hash) return "is not what was signed";
  if (checkpoint.prevHash !== prevHash) return "does not follow the one before it";
  const key = keys.find((candidate) => keyIdOf(candidate) === checkpoint.keyId);
  if (key === undefined) return "is signed by a key that is not trusted";
  return verify(null, signedText(checkpoint.hash), key, Buffer.from(checkpoint.signature, "base64"))
    ? undefined
    : "has a signature that is not the key's";
}
