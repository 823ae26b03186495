/* Taking back what was done: the toast after a change, and undo from a history. */
import { ElMessage, ElMessageBox } from 'element-plus'
import 'element-plus/theme-chalk/el-message-box.css'
import 'element-plus/theme-chalk/el-overlay.css'
import { h } from 'vue'
import { call, last } from '../api/client'
import type { UndoResult } from '../api/types'
import { t, tn } from '../i18n'
import { complain } from '../kit/element'
import { fieldLabel, fieldOf, objectLabel, objectOf } from '../schema/store'
import { queryClient } from './query'

/* Says what happened, with a button that takes it back. operation: of the call that did it. */
export function sayUndo(message: string, operation: number, label = t('undo.button')): void {
  if (!operation) return
  const handle = ElMessage({
    type: 'success', duration: 6000, placement: 'bottom', offset: 24, customClass: 'with-undo',
    message: h('span', { class: 'undo-toast' }, [message, h('button', { type: 'button', class: 'ghost line', onClick: () => { handle.close(); void undoOperation(operation) } }, label)]),
  })
}
export const lastOperation = (): number => last.operation

function conflictText(r: UndoResult): string[] {
  const lines = r.conflicts.slice(0, 8).map(c => {
    const o = objectOf(c.object)
    const what = `${o ? objectLabel(o) : c.object} ${c.id}` + (c.field ? ` · ${fieldLabel(fieldOf(o, c.field), c.field)}` : '')
    return t('undo.conflictLine', { what, why: c.detail || t('undo.why.' + c.why) })
  })
  const more = r.conflicts.length - lines.length + r.more_conflicts
  return more > 0 ? [...lines, tn('undo.moreConflicts', more)] : lines
}
/* Returns whether something was taken back. */
export async function undoOperation(operation: number): Promise<boolean> {
  try {
    const r = await call<UndoResult>('POST', `/operations/${operation}/undo`, { body: {} })
    void queryClient.invalidateQueries()
    if (r.job) {
      ElMessage({ type: 'info', message: t('undo.asJob'), duration: 6000, showClose: true })
      return true
    }
    if (r.operation) sayUndo(tn('undo.done', r.records), r.operation, t('undo.redo'))
    if (r.conflicts.length)
      await ElMessageBox.alert(h('ul', { class: 'conflicts' }, conflictText(r).map(x => h('li', x))), r.operation ? t('undo.partly') : t('undo.notPossible'), { confirmButtonText: t('common.close') }).catch(() => {})
    else if (!r.operation) ElMessage({ type: 'info', message: t('undo.nothing'), duration: 4000 })
    return !!r.operation
  } catch (e) { complain(e); return false }
}
