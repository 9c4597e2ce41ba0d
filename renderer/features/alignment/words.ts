export const alignment = {
  alignment: {
    figure: 'Clips × sentences', clip: 'clip', time: 'Time', path: 'best path', truth: 'caption times',
    modeLabel: 'Values', mode: { cosine: 'cosine', 'over-clips': 'over clips', 'over-sentences': 'over sentences' },
    modeHint: {
      cosine: 'Cosine similarity of each clip and each sentence',
      'over-clips': 'Softmax over the clips of each sentence at temperature {temperature}',
      'over-sentences': 'Softmax over the sentences of each clip at temperature {temperature}',
    },
    unit: { cosine: 'cosine similarity', 'over-clips': 'share among clips, softmax τ = {temperature}', 'over-sentences': 'share among sentences, softmax τ = {temperature}' },
    zoomIn: 'Zoom in', zoomOut: 'Zoom out', zoomFit: 'Whole matrix or comfortable size',
    matrixLabel: 'Similarity of {clips} clips and {sentences} sentences. Arrow keys move, Enter plays the clip.',
    tableLabel: 'Similarity of clips (rows) and sentences (columns)',
    spoken: 'Clip {clip}, {range}; sentence {sentence}: {value}. {text}',
    clipNumber: 'clip {number}', rank: 'rank {rank} of {count} clips', cosineShort: 'cosine',
    best: 'best sentence here', passLabel: 'Pass', pass: { dense: 'dense', overview: 'overview' },
    passHint: { dense: 'Consecutive segments at the dense sampling rate: a clip every few seconds', overview: '32 frames over the whole video: four clips, as in the paper' },
    attention: 'Attention', computing: 'Aligning…',
    choose: { title: 'Choose a video to align', text: 'Alignment shows which clip of a video answers which sentence of a paragraph. Choose a video here, or open one from Library or Search.' },
    cannot: 'This video cannot be aligned just now', index: 'Index this video',
    type: { title: 'Type a paragraph', text: 'This video has no captions beside it. Type a few sentences on the left; each becomes a column of the matrix.' },
  },
  timeline: { label: 'Timeline', slider: 'Position in the video', truth: 'Caption times', path: 'Best path', profile: 'sentence {number} over time', scale: '{min} to {max}' },
  paragraph: {
    title: 'Paragraph', label: 'Paragraph', count: 'no sentences | {n} sentence | {n} sentences', fromCaptions: 'no sentences | {count} sentence from captions | {count} sentences from captions',
    edit: 'Edit', align: 'Align', useCaptions: 'Use captions', editHint: 'one sentence per line, or a plain paragraph', best: 'Highest cosine over all clips',
    placeholder: 'A vendor lifts the shutter of a blue stall. Two crates of oranges are carried in.',
  },
  player: {
    label: 'Player', screen: 'Video. Space plays and pauses, arrows move by a second.', play: 'Play', pause: 'Pause', back: 'One frame back', forward: 'One frame forward',
    rate: 'Speed', mute: 'Mute', unmute: 'Unmute', proxyStarted: 'Making a playable copy of {name}.',
    unplayable: {
      title: 'This window cannot play the video', text: 'It has no decoder for {codec}, or the file cannot be read. A playable copy (H.264) is kept in the workspace; the original stays as it is.',
      codec: 'this format', make: 'Make a playable copy', making: 'Making a playable copy…',
    },
  },
}
