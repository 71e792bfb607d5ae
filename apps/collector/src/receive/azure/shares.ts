import type { Access } from "@signalbox/listener";
import type { Compression } from "../../decode/index.ts";
import type { Acceptance } from "../acceptRequest.ts";
import { bufferOf } from "../bodies/index.ts";
import { letIn } from "../letIn.ts";

const SOURCE = "azure";

/** The items of a request with one key. `positions` are their positions in the request; null if they are the whole request. */
export interface Share {
  access: Access;
  positions: readonly number[] | null;
  compression: Compression;
  body: Buffer;
}

/**
 * Divides a request without a credential header into shares by the instrumentation keys of its items. A key that is not one of ours counts
 * as none, since existing connection strings name a resource of Azure's: `keyless` is the access of its items. Throws `MalformedBody`.
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
