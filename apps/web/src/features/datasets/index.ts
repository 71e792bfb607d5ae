"use client";
export { DatasetListPage } from "./DatasetListPage.tsx";
export { DatasetPage } from "./DatasetPage.tsx";
export { DiffPage } from "./DiffPage.tsx";
export { ItemPage } from "./ItemPage.tsx";
