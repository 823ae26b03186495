/* Build of the web application. The strict CSP asks for: no inlined assets, no module-preload polyfill, no inline script or style. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import vue from '@vitejs/plugin-vue'
import type { Plugin } from 'vite'
import { defineConfig } from 'vitest/config'

/* The service worker knows the files of this build: what every page needs is there offline, the rest when it was used once. */
function serviceWorker(): Plugin {
  return {
    name: 'service-worker',
    apply: 'build',
    generateBundle(_, bundle) {
      const shell = new Set<string>()
      const add = (file: string): void => {
        const c = bundle[file]
        if (!c || shell.has(file)) return
        shell.add(file)
        if (c.type !== 'chunk') return
        c.imports.forEach(add)
        c.viteMetadata?.importedCss.forEach(f => shell.add(f))
      }
      for (const c of Object.values(bundle)) if (c.type === 'chunk' && (c.isEntry || /^(AppShell|WorkbenchPage|RecordList|en|zh-CN)$/.test(c.name))) add(c.fileName)
      const files = ['/', '/favicon.svg', '/manifest.webmanifest', ...Array.from(shell).sort().map(f => '/' + f)]
      const version = createHash('sha256').update(files.join()).digest('hex').slice(0, 12)
      const source = readFileSync(new URL('./src/sw.js', import.meta.url), 'utf8').replace("'VERSION'", JSON.stringify(version)).replace("['FILES']", JSON.stringify(files))
      this.emitFile({ type: 'asset', fileName: 'sw.js', source })
    },
  }
}

const server = process.env.GUANXI_URL ?? 'http://127.0.0.1:8080'

export default defineConfig({
  plugins: [vue(), serviceWorker()],
  define: {
    __VUE_PROD_DEVTOOLS__: 'false',
    __VUE_I18N_FULL_INSTALL__: 'false',
    __VUE_I18N_LEGACY_API__: 'false',
    __INTLIFY_PROD_DEVTOOLS__: 'false',
  },
  build: {
    target: ['chrome95', 'safari14'],
    cssTarget: ['chrome95', 'safari14'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: true,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 900,
    /* Few requests: what every page needs is two files; editors, forms and dialogs come when they are used. */
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'vendor', test: /node_modules[\\/](vue|@vue|vue-router|vue-i18n|@intlify|@tanstack)[\\/]/, priority: 3 },
            { name: 'element', test: /node_modules[\\/](element-plus[\\/]es[\\/](components[\\/](button|input|icon|message|config-provider|badge|form)|hooks|utils|constants|locale|_virtual)|@vueuse|lodash-es|@element-plus)[\\/]/, minShareCount: 2, priority: 2 },
            { name: 'common', test: /src[\\/](api|app|i18n|kit|lib|schema)[\\/]|src[\\/]fields[\\/](registry|FieldCell)|src[\\/]views[\\/]layout|node_modules[\\/]@lucide[\\/]|preload-helper/, minShareCount: 2, priority: 1 },
          ],
        },
      },
    },
  },
  server: { proxy: { '/api': server } },
  test: {
    environment: 'happy-dom',
    fileParallelism: false, /* small machines: one worker at a time */
    include: ['test/unit/**/*.test.ts'],
    env: { TZ: 'America/New_York' },
  },
})
