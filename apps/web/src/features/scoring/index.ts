"use client";
export { ScoringPage } from "./ScoringPage.tsx";
