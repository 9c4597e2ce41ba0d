import { record } from './electron.ts'

/** The part of electron-updater that the app uses: a version is there, and what is asked for is noted. */
const autoUpdater = {
  autoDownload: true,
  autoInstallOnAppQuit: true,
  checkForUpdates: async () => {
    record.updates.push(autoUpdater.autoDownload ? 'check and download' : 'check')
    return { isUpdateAvailable: true, updateInfo: { version: '99.0.0' } }
  },
  downloadUpdate: async () => {
    record.updates.push('download')
    return []
  },
}

export default { autoUpdater }
