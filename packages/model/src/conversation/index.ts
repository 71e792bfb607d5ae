export { type ConversationEntry, conversationOf } from "./conversation.ts";
export { type Conversed, saidIn } from "./saidIn.ts";
