/* localStorage that never throws (private windows, blocked storage). */
export function load<T>(key: string, fallback: T): T {
  try {
    const s = localStorage.getItem('guanxi.' + key)
    return s === null ? fallback : (JSON.parse(s) as T)
  } catch { return fallback }
}
export function save(key: string, value: unknown): void {
  try { localStorage.setItem('guanxi.' + key, JSON.stringify(value)) } catch { /* nothing to keep it in */ }
}
