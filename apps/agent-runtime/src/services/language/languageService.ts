import type { LanguageService } from "@signalbox/model";
import { requireDomain } from "../../domains/domains.ts";
import type { IntentClassifier } from "./intentClassifier.ts";

/** Language understanding: the intent of a message, from the classifier, and its slots, from its domain. */
export function openLanguageService(classifier: IntentClassifier): LanguageService {
  return {
    understand: async ({ domain, message }, halt) => {
      const { findSlots } = requireDomain(domain);
      return { ...(await classifier.classify({ domain, message }, halt)), slots: findSlots(message) };
    },
  };
}
