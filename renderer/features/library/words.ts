export const library = {
  library: {
    folders: 'Folders', all: 'All videos', addFolder: 'Add a folder', openFolder: 'Open folder', rescan: 'Look for changes in all folders', grid: 'Videos',
    remove: 'Remove', removeNamed: 'Remove {path}', removeTitle: 'Remove “{name}” from the library?',
    removeText: 'The workbench forgets {path} and the embeddings of its videos. The files themselves stay untouched.',
    filter: 'Filter by name or caption', stateLabel: 'State', sortLabel: 'Sort', index: 'Index', indexAll: 'Index the library', noneIndexed: 'No video is indexed with the model in use',
    state: { all: 'All states', indexed: 'Indexed', 'not-indexed': 'Not indexed', failed: 'Failed' },
    sort: { name: 'By name', newest: 'Newest first', longest: 'Longest first', shortest: 'Shortest first' },
    empty: {
      title: 'Open a folder of videos',
      text: 'The workbench looks through it with all its subfolders, takes 32 frames of every video and indexes them, so that you can search with a paragraph. Captions beside a video (.txt, .srt, .vtt, .json) are read too. Your files are never changed.',
      demo: 'A small demo library is being made meanwhile:',
    },
    nothing: { title: 'No video matches', text: 'No video in the library has this name, caption or state.', action: 'Show all videos' },
    scanning: { title: 'Looking through the folders…', text: 'Videos appear here as they are found.' },
    unreadable: { title: 'The folder could not be looked through', action: 'Look again' },
    noVideos: { title: 'No videos found', text: 'There is no video in what was opened. Files that are added later appear by themselves while watching is on.' },
  },
  browse: {
    title: 'Open folder', description: 'A folder on the machine that the workbench runs on.', path: 'Folder path', up: 'Up one folder', go: 'Go',
    inside: 'Folders inside', empty: 'No folders inside.', choose: 'Open this folder', videos: 'No video directly inside | {n} video directly inside | {n} videos directly inside',
  },
  video: {
    failed: 'Failed', missing: 'Missing', new: 'New', stale: 'Stale', notIndexed: 'Not indexed', indexed: 'Indexed', overviewOnly: 'Overview only', warned: 'damaged',
    captions: 'no caption sentences | {n} caption sentence | {n} caption sentences', actions: 'Actions for {name}',
    align: 'Align', attend: 'Attention', index: 'Index', makeProxy: 'Make playable copy',
  },
}
