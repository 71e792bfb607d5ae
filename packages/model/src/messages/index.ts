export { readIndexedMessages } from "./readIndexedMessages.ts";
export { readMessages } from "./readMessages.ts";
