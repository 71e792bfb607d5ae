"use client";
export { ComparePage } from "./ComparePage.tsx";
export { EvalRunListPage } from "./EvalRunListPage.tsx";
export { EvalRunPage } from "./EvalRunPage.tsx";
