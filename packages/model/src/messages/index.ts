export { readIndexedMessages } from "./readIndexedMessages.ts";
export { readMessages, readWholeMessages } from "./readMessages.ts";
