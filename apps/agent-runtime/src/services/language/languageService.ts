import type { LanguageService } from "@signalbox/model";
import { findSlots } from "../../domains/airline/slots.ts";
import type { IntentClassifier } from "./intentClassifier.ts";

/** Language understanding: what a message wants, as the classifier says, and the details that it names. */
export function openLanguageService(classifier: IntentClassifier): LanguageService {
  return { understand: async ({ message }) => ({ ...(await classifier.classify(message)), slots: findSlots(message) }) };
}
