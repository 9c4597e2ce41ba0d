export { openWorkspace, type Workspace } from './workspace.ts'
export { writeFileAtomic } from './atomic-file.ts'
export { Database, openDatabase, type SqlValue, type Statement } from './database.ts'
export { SettingsStore, defaultSettings } from './settings.ts'
