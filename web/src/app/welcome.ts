/* What the pages before sign-in show: the company's name and picture, whether this is the first start, whether mail can be sent. */
import { shallowReactive } from 'vue'
import { get } from '../api/client'

interface Welcome { company: string; logo: string | null; setup: boolean; mail: boolean }
export const welcome = shallowReactive<Welcome & { known: boolean }>({ company: '', logo: null, setup: false, mail: false, known: false })

export async function loadWelcome(): Promise<void> {
  try {
    Object.assign(welcome, await get<Welcome>('/welcome'), { known: true })
  } catch { /* the page shows the product's own name */ }
}
