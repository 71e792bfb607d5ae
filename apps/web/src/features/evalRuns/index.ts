"use client";
export { ComparePage } from "./compare/ComparePage.tsx";
export { EvalRunListPage } from "./EvalRunListPage.tsx";
export { EvalRunPage } from "./run/EvalRunPage.tsx";
