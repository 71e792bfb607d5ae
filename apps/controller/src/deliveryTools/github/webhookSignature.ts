import { createHmac, timingSafeEqual } from "node:crypto";

/** Whether a request's body was signed with our secret (`X-Hub-Signature-256: sha256=…`). The comparison takes constant time. */
export function isSignedBody(body: Buffer, signature: string | undefined, secret: string): boolean {
  const shown = /^sha256=([0-9a-f]{64})$/.exec(signature ?? "")?.[1];
  if (shown === undefined) return false;
  return timingSafeEqual(Buffer.from(shown, "hex"), createHmac("sha256", secret).update(body).digest());
}
