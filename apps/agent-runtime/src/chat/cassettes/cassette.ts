import { z } from "zod";
import { ChatAnswer, ChatRequest } from "../chatEndpoint.ts";

/** A recorded exchange with a model: its request and its answer, without the endpoint's key or address. */
export const Cassette = z.object({ v: z.literal(1), request: ChatRequest, answer: ChatAnswer });
export type Cassette = z.infer<typeof Cassette>;
