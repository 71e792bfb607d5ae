import type { Access } from "@signalbox/listener";
import type { Compression } from "../../decode/index.ts";
import type { Acceptance } from "../acceptRequest.ts";
import { bufferOf } from "../bodies/index.ts";
import { letIn } from "../letIn.ts";

const SOURCE = "azure";

/** A part of a request that one key sent. `positions` are those of its items in the request, null where it is the whole. */
export interface Share {
  access: Access;
  positions: readonly number[] | null;
  compression: Compression;
  body: Buffer;
}

/**
 * A request without a header to be let in by, shared out by the instrumentation keys of its items. A key that was never ours changes
 * nothing: connection strings from before name a resource of Azure's, so `keyless` says what becomes of it. Throws `MalformedBody`.
 */
export async function sharesOf(
  body: Buffer,
  compression: Compression,
  keyless: Access,
  acceptance: Pick<Acceptance, "authenticate" | "refusals" | "bodies">,
): Promise<Share[]> {
  const byKey = await acceptance.bodies.work("shareOut", body, compression, {});
  if (byKey.length === 0) return [{ access: keyless, positions: null, compression, body }];
  return Promise.all(
    byKey.map(async ({ key, positions, items }): Promise<Share> => {
      const access = await accessOfKey(key, keyless, acceptance);
      if (items === null) return { access, positions: null, compression, body };
      return { access, positions, compression: "identity", body: bufferOf(items) };
    }),
  );
}

async function accessOfKey(key: string, keyless: Access, acceptance: Pick<Acceptance, "authenticate" | "refusals">): Promise<Access> {
  if (key === "") return keyless;
  const access = await letIn({ get: (name) => (name === "authorization" ? `Bearer ${key}` : null) }, SOURCE, acceptance);
  return access.kind === "unauthenticated" ? keyless : access;
}
