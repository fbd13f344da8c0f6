import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  // The page is read from the program itself, so one large file costs nothing.
  build: { target: "es2022", chunkSizeWarningLimit: 4000, emptyOutDir: true, assetsInlineLimit: 0 },
  test: {
    environment: "jsdom",
    include: ["src/**/*.test.{ts,tsx}"],
    setupFiles: ["./src/test/setup.ts"],
    css: false,
    // A file finds React and the components as the one before it left them: each cleans up.
    isolate: false,
    testTimeout: 180_000,
    env: { TZ: "UTC" },
  },
});
