import { pino } from "pino";
import { Registry } from "prom-client";
import { openTaskQueue } from "../../queue/bullTaskQueue.ts";
import { openWard } from "../ward/ward.ts";
import { openWorker } from "../worker.ts";
import { aMortalRunner } from "./mortalRunner.ts";

/** A worker that dies of poison, and so does its ward. */
const databaseUrl = process.env.DATABASE_URL ?? "";
const redisUrl = process.env.REDIS_URL;
const log = pino({ level: "silent" });
const ward = openWard(log, 2, { entry: new URL("mortalWard.ts", import.meta.url) });
const queue = await openTaskQueue(redisUrl === undefined ? { databaseUrl } : { redisUrl }, log);
openWorker({ ...aMortalRunner(databaseUrl), ward }, queue, 8, new Registry(), log);
process.once("disconnect", () => process.exit(0));
