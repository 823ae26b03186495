/* Styles of the Element Plus controls every page uses; the others come with the page that needs them. */
import 'element-plus/theme-chalk/base.css'
import 'element-plus/theme-chalk/el-button.css'
import 'element-plus/theme-chalk/el-input.css'
import 'element-plus/theme-chalk/el-message.css'
import { ElMessage } from 'element-plus'
import { textOf } from '../api/client'

export const say = (message: string): void => { ElMessage({ message, type: 'success', grouping: true, duration: 2500 }) }
export const complain = (e: unknown): void => { ElMessage({ message: textOf(e), type: 'error', grouping: true, duration: 6000, showClose: true }) }
