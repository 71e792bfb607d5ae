import { type KeyObject, sign, verify } from "node:crypto";
import { z } from "zod";
import { canonicalJson } from "../canonicalJson.ts";
import { keyIdOf } from "../decisionLog/index.ts";

/** The payload type of an in-toto statement. */
export const IN_TOTO = "application/vnd.in-toto+json";

/**
 * A DSSE envelope (secure-systems-lab/dsse, v1.0.2): `payload` and `sig` are base64,
 * `keyid` is the SHA-256 (hex) of the key's SPKI form. Ours have one signature.
 */
export const Envelope = z.strictObject({
  payloadType: z.string(),
  payload: z.string(),
  signatures: z.tuple([z.strictObject({ keyid: z.string(), sig: z.string() })]),
});
export type Envelope = z.infer<typeof Envelope>;

/** The bytes that are signed: DSSE's pre-authentication encoding (PAE). Lengths are in bytes, in decimal. */
export function preAuthEncoding(payloadType: string, payload: Uint8Array): Buffer {
  const type = Buffer.from(payloadType);
  return Buffer.concat([Buffer.from(`DSSEv1 ${type.length} `), type, Buffer.from(` ${payload.length} `), payload]);
}

/** Signs a payload with an Ed25519 key. */
export function signEnvelope(payload: Uint8Array, privateKey: KeyObject): Envelope {
  const sig = sign(null, preAuthEncoding(IN_TOTO, payload), privateKey).toString("base64");
  return { payloadType: IN_TOTO, payload: Buffer.from(payload).toString("base64"), signatures: [{ keyid: keyIdOf(privateKey), sig }] };
}

/** Why no key of `keys` signed this envelope as it is, phrased as the end of a sentence; undefined where one did. */
export function signatureFault(
  { payloadType, payload, signatures: [{ keyid, sig }] }: Envelope,
  keys: readonly KeyObject[],
): string | undefined {
  const key = keys.find((candidate) => keyIdOf(candidate) === keyid);
  if (key === undefined) return "is by a key that is not trusted";
  const signature = Buffer.from(sig, "base64");
  if (signature.toString("base64") !== sig) return "is not written as it was";
  return verify(null, preAuthEncoding(payloadType, Buffer.from(payload, "base64")), key, signature)
    ? undefined
    : "is not the key's, under what is there";
}

/** The canonical text of an envelope file. */
export const envelopeText = (envelope: Envelope): string => `${canonicalJson(envelope)}\n`;
