import { type Access, type Authenticate, credentialOf, type HeaderLookup, headersOf, refusalOf } from "@signalbox/listener";
import { AppError, DEFAULT_PROJECT } from "@signalbox/model";
import type { FastifyRequest } from "fastify";

/** The permission of a request: whose gates it may ask. */
export type Grant = Extract<Access, { kind: "granted" }>;

/** How requests of delivery tools are let in. Both throw what is to be answered. */
export interface GateEntrance {
  /** By the request's headers, or by a token that its body carries. */
  grantOf(request: FastifyRequest, token?: string): Promise<Grant>;
  /** The project that is asked about: that of the key, or whatever a program without one names. */
  projectOf(grant: Grant, asked: string | undefined): string;
}

/** Headers that show a token and nothing else. */
const bearing = (token: string): HeaderLookup => ({ get: (name) => (name === "authorization" ? `Bearer ${token}` : undefined) });

/**
 * Lets in whoever shows a key that allows `gate`, and programs on this machine that show none, for any project. Who shows one that does
 * not work is refused, whatever product it is of: a gate that opens for a wrong token is none. `open` asks for no key, `strict` for one.
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
