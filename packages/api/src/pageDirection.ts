import { z } from "zod";

/** tRPC's infinite queries name a direction; our lists go one way. */
export const PageDirection = z.literal("forward").optional();
