"use client";
export { PolicyPage } from "./PolicyPage.tsx";
