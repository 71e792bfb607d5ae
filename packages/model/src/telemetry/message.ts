import { z } from "zod";

/** One part of a message, as in the OTel GenAI message schema; a kind we do not know is kept whole under `other`. */
export const MessagePart = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("text"), content: z.string() }),
  z.strictObject({ type: z.literal("reasoning"), content: z.string() }),
  z.strictObject({ type: z.literal("tool_call"), id: z.string().nullable(), name: z.string(), arguments: z.unknown() }),
  z.strictObject({ type: z.literal("tool_call_response"), id: z.string().nullable(), response: z.unknown() }),
  z.strictObject({ type: z.literal("other"), value: z.unknown() }),
]);
export type MessagePart = z.infer<typeof MessagePart>;

/**
 * A message of a conversation: `role` is system, user, assistant, tool or whatever the sender wrote. `finishReason` is why the model
 * stopped there.
 */
export const Message = z.strictObject({
  role: z.string(),
  name: z.string().optional(),
  parts: z.array(MessagePart),
  finishReason: z.string().optional(),
});
export type Message = z.infer<typeof Message>;
