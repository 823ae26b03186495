/* Deleting asks first; the record goes to the bin. */
import { ElMessageBox } from 'element-plus'
import 'element-plus/theme-chalk/el-message-box.css'
import 'element-plus/theme-chalk/el-overlay.css'
import type { Rec, SchemaObject } from '../api/types'
import { deleteRecord } from '../app/records'
import { lastOperation, sayUndo } from '../app/undo'
import { t } from '../i18n'
import { complain } from '../kit/element'
import { objectLabel } from '../schema/store'

export async function askDelete(object: SchemaObject, r: Rec, title: string): Promise<boolean> {
  try {
    await ElMessageBox.confirm(t('record.deleteText', { title }), t('record.deleteTitle', { name: objectLabel(object) }), {
      confirmButtonText: t('record.delete'), cancelButtonText: t('common.cancel'), confirmButtonClass: 'el-button--danger', autofocus: false,
    })
  } catch { return false }
  try {
    await deleteRecord(object.name, r)
    sayUndo(t('record.deleted'), lastOperation())
    return true
  } catch (e) { complain(e); return false }
}
