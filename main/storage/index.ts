export { openWorkspace } from './workspace.ts'
export { writeFileAtomic } from './atomic-file.ts'
export { Database, openDatabase, type SqlValue } from './database.ts'
export { SettingsStore, defaultSettings } from './settings.ts'
