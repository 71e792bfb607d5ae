"use client";
export { DeadLetterBadge } from "./DeadLetterBadge.tsx";
export { DeadLetterListPage } from "./DeadLetterListPage.tsx";
export { GroupPage } from "./GroupPage.tsx";
export { versionLettersLink } from "./deadLetterLinks.ts";
export { LetterPage } from "./LetterPage.tsx";
export { RedrivesPage } from "./redrive/RedrivesPage.tsx";
