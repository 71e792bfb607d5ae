"use client";
export { CalibrationPage } from "./CalibrationPage.tsx";
