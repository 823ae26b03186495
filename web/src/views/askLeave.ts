import { ElMessageBox } from 'element-plus'
import 'element-plus/theme-chalk/el-message-box.css'
import 'element-plus/theme-chalk/el-overlay.css'
import { t } from '../i18n'

/* One question at a time, however many ways out are tried. */
let open: Promise<boolean> | null = null
export function askLeave(): Promise<boolean> {
  open ??= ElMessageBox.confirm(t('form.leaveText'), t('form.leaveTitle'), {
    confirmButtonText: t('form.discard'), cancelButtonText: t('form.stay'), confirmButtonClass: 'el-button--danger', autofocus: false, closeOnClickModal: false,
  }).then(() => true, () => false).finally(() => { open = null })
  return open
}
