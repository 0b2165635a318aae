import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  base: '/_/',
  plugins: [react(), tailwindcss()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  build: {
    // The server's Content-Security-Policy forbids data: fonts, so nothing is inlined.
    assetsInlineLimit: 0,
    target: 'es2023',
  },
  server: {
    proxy: { '/api': process.env.SNACKBASE_URL ?? 'http://localhost:8000' },
  },
  test: {
    environment: 'happy-dom',
    setupFiles: ['./src/test-setup.ts'],
    restoreMocks: true,
    css: false,
  },
});
