/** The settings that can be gone to by name, `?setting=NAME`; each name is its word's key, too. */
export const settingNames = [
  'theme',
  'language',
  'device',
  'precision',
  'sampling',
  'denseRate',
  'watch',
  'offline',
  'updates',
  'downloadMirror',
  'vectorStore',
  'ffmpeg',
  'ffprobe',
  'keys',
  'diagnostics',
] as const
export type SettingName = (typeof settingNames)[number]
