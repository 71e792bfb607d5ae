import type { LanguageService } from "@signalbox/model";
import { requireDomain } from "../../domains/domains.ts";
import type { IntentClassifier } from "./intentClassifier.ts";

/** Language understanding: what a message wants, as the classifier says, and the details that it names, as its domain finds them. */
export function openLanguageService(classifier: IntentClassifier): LanguageService {
  return {
    understand: async ({ domain, message }, halt) => {
      const { findSlots } = requireDomain(domain);
      return { ...(await classifier.classify({ domain, message }, halt)), slots: findSlots(message) };
    },
  };
}
