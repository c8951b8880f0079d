import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

/** The same rule as in the real window: nothing inline, nothing from elsewhere. */
const CONTENT_SECURITY_POLICY = "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

export default defineConfig({
  plugins: [svelte()],
  // Relative addresses: the window loads from tauri://localhost, the tests from a folder of a server.
  base: './',
  clearScreen: false,
  server: { port: 1420, strictPort: true },
  preview: { headers: { 'Content-Security-Policy': CONTENT_SECURITY_POLICY } },
  build: {
    // The oldest web views that the program meets: WebKitGTK 2.42, WebView2 evergreen, WKWebView of macOS 13.
    target: ['es2022', 'safari16.4'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    license: { fileName: 'licences.md' },
  },
  test: { include: ['tests/unit/**/*.test.ts'], environment: 'node' },
});
