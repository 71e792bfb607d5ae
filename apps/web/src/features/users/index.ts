"use client";
export { UserListPage } from "./UserListPage.tsx";
export { UserPage } from "./UserPage.tsx";
