export { type IndexedAttribute, type IndexedKey, readIndexedKey, readIndexedMessages } from "./readIndexedMessages.ts";
export { readMessages } from "./readMessages.ts";
