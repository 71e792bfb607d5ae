import { router } from "../trpc.ts";
import { letterQueries } from "./letterQueries.ts";

export const deadLetterRouter = router({ ...letterQueries });
