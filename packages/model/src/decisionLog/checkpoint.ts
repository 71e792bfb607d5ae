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
 * (entries) count all that is covered so far. `hash` is SHA-256 (hex) of the RFC 8785 text of everything but `hash`
 * and `signature`; the signature is Ed25519 (base64) by the key of which `keyId` is the SHA-256 of its SPKI form.
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

/** How a checkpoint begins as a line of JSON. */
const HEAD_BEGINS = '{"v":1,"number":';

/** Whether a line of a heads file is the beginning of a checkpoint, which a crash left unfinished: what follows has it whole. */
export function isTornHead(line: string): boolean {
  return !line.endsWith("}") && (line.startsWith(HEAD_BEGINS) || HEAD_BEGINS.startsWith(line));
}

/** What a checkpoint says, before it is signed. */
export type CheckpointFacts = Omit<Checkpoint, "v" | "keyId" | "hash" | "signature">;

/** The `prevHash` of the first checkpoint. */
export const LOG_START = CHAIN_START;

/** An erasure as the log keeps it: who had whose tasks erased (`subjectDigest` is SHA-256, hex), from when on. */
export type LoggedErasure = { id: string; project: string; kind: string; subjectDigest: string; actor: string; begunAt: string };

/** What a leaf of the log says: how far a task's chain was, or that the entry at `position` went with an erasure. */
export type LogEntry =
  | { kind: "head"; taskId: string; seq: number; hash: string }
  | { kind: "erased"; position: number; erasure: LoggedErasure };

/** The leaf of an entry: 32 bytes, the hash of its RFC 8785 text. */
export function entryLeaf(entry: LogEntry): Buffer {
  return leafHash(entry.kind === "head" ? headText(entry) : canonicalJson(entry));
}

/** As `canonicalJson` has it, in a fifth of the time: whole logs of heads pass here. */
function headText({ taskId, seq, hash: head }: LogEntry & { kind: "head" }): string {
  return `{"hash":${jsonText(head)},"kind":"head","seq":${seq},"taskId":${jsonText(taskId)}}`;
}

/** Where a data folder keeps the private key of its checkpoints. */
export function checkpointKeyFile(dataDir: string): string {
  return join(dataDir, "checkpoints.key");
}

/** Where the last checkpoint that was signed with a key is kept, beside it: what whoever holds the database cannot reach. */
export function checkpointHeadFile(keyFile: string): string {
  return `${keyFile}.head`;
}

/** A new key pair for checkpoints: its private key as PKCS #8 in PEM. */
export function newCheckpointKey(): string {
  return generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}

/** The public half of a key, as SPKI in PEM. */
export function publicKeyText(key: KeyObject): string {
  return publicHalf(key).export({ type: "spki", format: "pem" }).toString();
}

/** The name of a key: SHA-256 (hex) of the SPKI form of its public half. */
export function keyIdOf(key: KeyObject): string {
  return createHash("sha256")
    .update(publicHalf(key).export({ type: "spki", format: "der" }))
    .digest("hex");
}

const publicHalf = (key: KeyObject): KeyObject => (key.type === "private" ? createPublicKey(key) : key);

const PEM_BLOCK = /-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----/g;

/** The public keys in a text of one or more PEM blocks. Throws `invalid_input` where there is none, or another kind of key. */
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

/** What is signed: a signature under a checkpoint is one under nothing else. */
const signedText = (checkpointHash: string): Buffer => Buffer.from(`signalbox checkpoint\n${checkpointHash}\n`);

/** The hash that a checkpoint ought to have. */
export function checkpointHash({
  hash: _,
  signature: __,
  ...body
}: Checkpoint | (CheckpointFacts & { v: 1; keyId: string; hash?: never; signature?: never })): string {
  return hash("sha256", canonicalJson(body), "hex");
}

/** Signs what a checkpoint says. */
export function signCheckpoint(facts: CheckpointFacts, privateKey: KeyObject): Checkpoint {
  const body = { v: 1 as const, ...facts, keyId: keyIdOf(privateKey) };
  const ownHash = checkpointHash(body);
  return { ...body, hash: ownHash, signature: sign(null, signedText(ownHash), privateKey).toString("base64") };
}

/**
 * What is wrong with a checkpoint that should follow the one with `prevHash`, as
 * the end of a sentence; undefined where it is as it was signed by one of `keys`.
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
