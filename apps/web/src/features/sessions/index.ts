"use client";
export { OwnerFacts } from "./OwnerFacts.tsx";
export { OwnerList, type OwnerRow } from "./OwnerList.tsx";
export { sessionColumns, userColumns } from "./ownerColumns.tsx";
export { OWNER_PARAMS } from "./ownerParams.ts";
export { SessionListPage } from "./SessionListPage.tsx";
export { SessionPage } from "./SessionPage.tsx";
