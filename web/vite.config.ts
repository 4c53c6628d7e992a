/** Builds the app into the Python package, so that the server can serve it from its wheel. */
import { defineConfig } from "vitest/config";

const server = process.env.TIDEMILL_SERVER ?? "http://127.0.0.1:8580";

export default defineConfig({
  oxc: { jsx: { runtime: "automatic" } },
  build: {
    outDir: "../src/tidemill/server/static",
    emptyOutDir: true,
    target: "es2022",
    // Everything is a file of its own: the content security policy allows no data: and no inline.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 300,
  },
  server: {
    // The server compares Origin with Host, so the Host that the browser sent must reach it.
    proxy: { "/api": { target: server, ws: true, changeOrigin: false } },
  },
  test: {
    include: ["src/**/*.test.{ts,tsx}"],
    environment: "node",
  },
});
