import { onScopeDispose, watchEffect } from 'vue'
import { Keyboard, type Shortcut } from '../lib/keyboard'
import { prefs } from './prefs'

export const keyboard = new Keyboard()
export function startKeyboard(): void {
  watchEffect(() => { keyboard.singleKeys = prefs.singleKeys })
  window.addEventListener('keydown', e => { keyboard.handle(e) })
}
/* Shortcuts that live as long as the component that asks for them. */
export function useShortcuts(items: Shortcut[]): void {
  onScopeDispose(keyboard.add(items))
}
/* Is a dialog, drawer or menu open over the page? Then the page's own keys rest. */
export const overlayOpen = (): boolean =>
  !!document.querySelector('[aria-modal="true"]:not([hidden])') && Array.from(document.querySelectorAll<HTMLElement>('[aria-modal="true"]')).some(e => e.offsetParent !== null || e.getClientRects().length > 0)
