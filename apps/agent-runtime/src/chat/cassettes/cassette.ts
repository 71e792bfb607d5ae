import { z } from "zod";
import { ChatAnswer, ChatRequest } from "../chatEndpoint.ts";

/** A recorded exchange with a model: what it was asked, and what it answered. Neither the key nor the address is in it. */
export const Cassette = z.object({ v: z.literal(1), request: ChatRequest, answer: ChatAnswer });
export type Cassette = z.infer<typeof Cassette>;
