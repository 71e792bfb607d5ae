"use client";
export { datasetLink, diffLink, itemLink } from "./datasetLinks.ts";
export { ItemField } from "./ItemField.tsx";
export { draftTextOf, NEW_ITEM_TEXT, readItemDraft } from "./itemDraft.ts";
export { KeepAsCase } from "./KeepAsCase.tsx";
export { KeepTrace } from "./KeepTrace.tsx";
export { KeepTracesDialog } from "./KeepTracesDialog.tsx";
