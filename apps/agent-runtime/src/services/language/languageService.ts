import type { LanguageService, Understanding } from "@signalbox/model";
import { recogniseIntent } from "./intents.ts";
import { findSlots } from "./slots.ts";

/** Reads a message by rules: which intent its words speak for, and the details that it names. */
export function understandMessage(message: string): Understanding {
  return { ...recogniseIntent(message), slots: findSlots(message) };
}

/** Language understanding by rules. */
export function openLanguageService(): LanguageService {
  return { understand: async ({ message }) => understandMessage(message) };
}
