export const downloads = {
  downloads: {
    title: 'Published files', intro: 'Fetched from their publishers into this workspace, only when you ask for it.', fromMirror: 'Fetched from the mirror {mirror} into this workspace, only when you ask for it.', free: '{free} free on this disk',
    offline: 'Offline mode is on: no network is touched, and nothing can be downloaded.', goOnline: 'Switch it off',
    start: 'Download', startNamed: 'Download {title}', resume: 'Resume', resumeNamed: 'Resume the download of {title}', cancelNamed: 'Cancel the download of {title}',
    measure: 'Ask for the size', measureNamed: 'Ask for the size of {title}', measuring: 'Asking…', import: 'Import…', importNamed: 'Import {title}',
    discard: 'Discard', remove: 'Delete', removeNamed: 'Delete {title}', removeTitle: 'Delete “{title}”?', removeText: 'The downloaded files are deleted from the workspace. Models that were imported from them stay.',
    here: 'downloaded', partly: '{received} are here', unknownSize: 'size unknown', checksum: 'SHA-256 is checked', noChecksum: 'no published checksum',
    files: 'Files | {n} file | {n} files', file: 'File', size: 'Size', place: 'On this machine', absent: 'not here',
  },
}
