/* The one door to the server: JSON, CSRF token, language, problem+json turned into Problem. */
import type { FieldProblem, ProblemBody } from './types'

export class Problem extends Error {
  status: number
  code: string
  params: Record<string, unknown>
  errors: FieldProblem[]
  constructor(body: ProblemBody) {
    super(body.detail || body.title || `HTTP ${body.status}`)
    this.status = body.status
    this.code = body.code ?? ''
    this.params = body.params ?? {}
    this.errors = body.errors ?? []
  }
}

interface Context { csrf: string; lang: string; networkText: string; signedOut: () => void }
/* The operation of the last call that changed something: what undo takes back. */
export const last = { operation: 0 }
export const context: Context = { csrf: '', lang: 'zh-CN', networkText: '', signedOut: () => {} }

export interface CallOptions { body?: unknown; ifMatch?: number | '*'; signal?: AbortSignal; idempotencyKey?: string }

export async function call<T>(method: string, path: string, o: CallOptions = {}): Promise<T> {
  const headers: Record<string, string> = { Accept: 'application/json', 'Accept-Language': context.lang }
  if (method !== 'GET' && context.csrf) headers['X-CSRF-Token'] = context.csrf
  if (o.body !== undefined) headers['Content-Type'] = 'application/json'
  if (o.ifMatch !== undefined) headers['If-Match'] = o.ifMatch === '*' ? '*' : `"${o.ifMatch}"`
  if (o.idempotencyKey) headers['Idempotency-Key'] = o.idempotencyKey
  let r: Response
  try {
    r = await fetch('/api/v1' + path, {
      method, headers, credentials: 'same-origin', signal: o.signal ?? null,
      body: o.body === undefined ? null : JSON.stringify(o.body),
    })
  } catch (e) {
    if (e instanceof DOMException && e.name === 'AbortError') throw e
    throw new Problem({ status: 0, code: 'network', detail: context.networkText })
  }
  if (method !== 'GET') last.operation = Number(r.headers.get('X-Operation') ?? 0)
  if (r.status === 204) return undefined as T
  let data: unknown = null
  try { data = await r.json() } catch { data = null }
  if (r.ok) return data as T
  if (r.status === 401 && path !== '/session') context.signedOut()
  const body = (data ?? {}) as ProblemBody
  throw new Problem({ ...body, status: r.status })
}

/* A file as the body. */
export async function upload(path: string, file: Blob): Promise<void> {
  let r: Response
  try {
    r = await fetch('/api/v1' + path, { method: 'POST', credentials: 'same-origin', body: file, headers: { 'Accept-Language': context.lang, 'X-CSRF-Token': context.csrf, 'Content-Type': 'application/octet-stream' } })
  } catch { throw new Problem({ status: 0, code: 'network', detail: context.networkText }) }
  if (r.ok) return
  if (r.status === 401) context.signedOut()
  const body = (await r.json().catch(() => ({}))) as ProblemBody
  throw new Problem({ ...body, status: r.status })
}

export const get = <T>(path: string, signal?: AbortSignal): Promise<T> => call<T>('GET', path, signal ? { signal } : {})

/* Query string from defined values only. */
export function query(params: Record<string, string | number | null | undefined>): string {
  const q = new URLSearchParams()
  for (const [k, v] of Object.entries(params)) if (v !== null && v !== undefined && v !== '') q.set(k, String(v))
  const s = q.toString()
  return s ? '?' + s : ''
}

export function newKey(): string {
  const a = new Uint8Array(16)
  crypto.getRandomValues(a)
  return Array.from(a, b => b.toString(16).padStart(2, '0')).join('')
}

export const textOf = (e: unknown): string => (e instanceof Error ? e.message : String(e))
