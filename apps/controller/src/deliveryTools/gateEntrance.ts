import { type Access, type Authenticate, credentialOf, type HeaderLookup, headersOf, refusalOf } from "@signalbox/listener";
import { AppError, DEFAULT_PROJECT } from "@signalbox/model";
import type { FastifyRequest } from "fastify";

/** A request's permission: the gates that it may query. */
export type Grant = Extract<Access, { kind: "granted" }>;

/** Authenticates requests of delivery tools. Both methods throw the refusal to answer with. */
export interface GateEntrance {
  /** Authenticates by the request's headers, or by a token in its body. */
  grantOf(request: FastifyRequest, token?: string): Promise<Grant>;
  /** The project of a question: the key's, or without a key the one that is named. */
  projectOf(grant: Grant, asked: string | undefined): string;
}

/** Headers with a bearer token and nothing else. */
const bearing = (token: string): HeaderLookup => ({ get: (name) => (name === "authorization" ? `Bearer ${token}` : undefined) });

/**
 * Admits keys with the scope `gate`, and local programs without a key for any project. An invalid key is refused, whatever product it
 * belongs to: a gate that opens for a wrong token protects nothing. `open` requires no key, `strict` does.
 */
export function openGateEntrance({ open, strict }: { open: Authenticate; strict: Authenticate }): GateEntrance {
  return {
    async grantOf(request, token) {
      const headers = token === undefined ? headersOf(request.raw) : bearing(token);
      const isShown = credentialOf(headers).kind !== "none";
      const access = await (isShown ? strict : open)(headers, "gate");
      if (access.kind !== "granted") throw refusalOf(access);
      return access;
    },
    projectOf({ isKeyed, project }, asked) {
      if (!isKeyed) return asked ?? DEFAULT_PROJECT;
      if (asked !== undefined && asked !== project)
        throw new AppError("forbidden", `This key is for project ${project}, not for ${asked}.`);
      return project;
    },
  };
}
