import { authenticator, KeyRing, localAllowance, openListener } from "@signalbox/listener";
import { type KeyScope, type KnownKey, secretHash } from "@signalbox/model";
import { pino } from "pino";
import { Registry } from "prom-client";
import { deliveryToolRoutes } from "../deliveryToolRoutes.ts";
import type { DeliveryTools } from "../deliveryTools.ts";
import { openGateEntrance } from "../gateEntrance.ts";
import { registerGateGauges } from "../prometheus/gateGauges.ts";
import { MemoryRollouts } from "./aJudgedRollout.ts";
import { MemoryChecks } from "./memoryChecks.ts";
import { MemoryStages } from "./memoryStages.ts";

/** A key of project `shop` with the scope `gate`; below it, one that only sends telemetry. */
export const GATE_KEY = "sbx_ofAGate";
export const INGEST_KEY = "sbx_ofASender";

const aKey = (secret: string, scopes: KeyScope[]): KnownKey => ({
  ...{
    id: secret,
    project: "shop",
    secretHash: secretHash(secret),
    publicKey: null,
    scopes,
    requestsPerMinuteMax: null,
    expiresAt: null,
    revokedAt: null,
  },
});

/** The delivery tools' routes on a listener of their own, with stores in memory. */
export async function openTools(github: DeliveryTools["github"] = null, clock: () => number = () => 1_764_230_400_000) {
  const [rollouts, checks, stages, log] = [new MemoryRollouts(), new MemoryChecks(), new MemoryStages(), pino({ level: "silent" })];
  const source = {
    listKnownKeys: async () => [aKey(GATE_KEY, ["gate"]), aKey(INGEST_KEY, ["ingest"])],
    touchApiKeys: async () => undefined,
  };
  const keys = new KeyRing(source, log, clock);
  const [open, strict] = [false, true].map((isKeyRequired) =>
    authenticator({ keys, isKeyRequired, allowance: localAllowance(clock), clock }),
  );
  if (open === undefined || strict === undefined) throw new TypeError("two ways in");
  const entrance = openGateEntrance({ open, strict });
  const metrics = new Registry();
  registerGateGauges(metrics, rollouts, log);
  const listener = await openListener({
    ...{ port: 0, bodyMaxBytes: 256 * 1024, log, metrics, isReady: async () => true },
    routes: (app) => deliveryToolRoutes(app, { entrance, rollouts, checks, stages, github, clock }),
  });
  return {
    ...{ url: listener.url, rollouts, checks, stages },
    async [Symbol.asyncDispose]() {
      await keys.end();
      await listener.close();
    },
  };
}
