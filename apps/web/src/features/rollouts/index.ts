"use client";
export { RolloutListPage } from "./RolloutListPage.tsx";
export { RolloutPage } from "./RolloutPage.tsx";
