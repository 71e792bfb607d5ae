import { z } from "zod";

/** tRPC's infinite queries pass a direction; our lists have only one. */
export const PageDirection = z.literal("forward").optional();
