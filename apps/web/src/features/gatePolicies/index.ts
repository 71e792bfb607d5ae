"use client";
export { PolicyPage } from "./PolicyPage.tsx";
export { policyLink } from "./policyParams.ts";
