#!/usr/bin/env node
/* Browser test: starts the real program on a temporary database with the demo company, walks through it in each language, and prints
 * "N passed, N failed".
 *   node tests/e2e/run.mjs --program build/guanxi [--shots DIR] [--lang zh-CN|en] [--chromium PATH]
 *   node tests/e2e/run.mjs --url http://... --email E --password P      against a server that runs already
 * Without Chromium or without web/node_modules it prints "skipped" and ends well. */
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { scenario } from './scenario.mjs'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')
const { values: opt } = parseArgs({ options: {
  program: { type: 'string', default: 'build/guanxi' }, shots: { type: 'string' }, lang: { type: 'string' }, chromium: { type: 'string', default: '/usr/bin/chromium' },
  url: { type: 'string' }, email: { type: 'string' }, password: { type: 'string' },
} })
const FLAGS = ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage']

function skip(why) {
  console.log(`skipped: ${why}`)
  process.exit(77)
}
if (!existsSync(opt.chromium)) skip(`no browser at ${opt.chromium}`)
if (!existsSync(join(root, 'web/node_modules/playwright-core'))) skip('web/node_modules is missing (npm ci in web/)')
const require = createRequire(join(root, 'web/package.json'))
const { chromium } = require('playwright-core')
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')

async function startProgram(dir) {
  const ready = join(dir, 'ready.json')
  const program = resolve(opt.program)
  if (!existsSync(program)) throw new Error(`no program at ${program}`)
  const child = spawn(program, ['serve', '--data', join(dir, 'data'), '--demo', '--ready-file', ready, '--listen', '127.0.0.1:0'], { stdio: ['ignore', 'pipe', 'pipe'] })
  let log = ''
  child.stdout.on('data', d => { log += d })
  child.stderr.on('data', d => { log += d })
  let ended = null
  child.on('exit', code => { ended = code })
  for (let i = 0; i < 600; i++) {
    if (existsSync(ready)) {
      try { return { child, log: () => log, ...JSON.parse(readFileSync(ready, 'utf8')) } } catch { /* not written to the end yet */ }
    }
    if (ended !== null) throw new Error(`the program ended with ${ended}:\n${log.slice(-2000)}`)
    await new Promise(r => setTimeout(r, 100))
  }
  child.kill('SIGKILL')
  throw new Error(`no ready file after 60 s:\n${log.slice(-2000)}`)
}
async function stopProgram(p) {
  const gone = new Promise(r => p.child.on('exit', r))
  p.child.kill('SIGTERM')
  const slow = setTimeout(() => p.child.kill('SIGKILL'), 10_000)
  await gone
  clearTimeout(slow)
}

if (opt.shots) mkdirSync(opt.shots, { recursive: true })
const result = { passed: 0, failed: 0, failures: [] }
for (const lang of opt.lang ? [opt.lang] : ['zh-CN', 'en']) {
  const dir = mkdtempSync(join(tmpdir(), 'guanxi-e2e-'))
  let program = null, browser = null
  try {
    if (!opt.url) program = await startProgram(dir)
    const server = program ?? { url: opt.url, email: opt.email, password: opt.password }
    browser = await chromium.launch({ executablePath: opt.chromium, args: FLAGS, headless: true, ignoreDefaultArgs: ['--headless'] })
    console.log(`-- ${lang} ${server.url}`)
    await scenario({ browser, server, lang, axe, result, shots: opt.shots })
  } catch (e) {
    result.failed++
    result.failures.push(`${lang}: ${e.message}`)
    console.log(`FAIL ${lang}: ${e.stack}`)
  } finally {
    await browser?.close()
    if (program) await stopProgram(program)
    rmSync(dir, { recursive: true, force: true })
  }
}
console.log(`${result.passed} passed, ${result.failed} failed`)
process.exit(result.failed ? 1 : 0)
