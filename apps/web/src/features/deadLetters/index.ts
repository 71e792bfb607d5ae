"use client";
export { DeadLetterBadge } from "./DeadLetterBadge.tsx";
export { DeadLetterListPage } from "./DeadLetterListPage.tsx";
export { versionLettersLink } from "./deadLetterLinks.ts";
export { GroupPage } from "./GroupPage.tsx";
export { LetterPage } from "./LetterPage.tsx";
export { RedrivesPage } from "./redrive/RedrivesPage.tsx";
export { RulesPage } from "./rules/RulesPage.tsx";
