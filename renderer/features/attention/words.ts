export const attention = {
  attention: {
    windows: 'Temporal windows', windowsHint: '{stages} stages over the same {frames} frames; strongest colour = where the chosen frame looks most (heads averaged, last block)',
    frameCount: '{n} frames | {n} frame | {n} frames', stageLabel: 'Stage', stage: 'Stage {stage}', stageNamed: 'Stage {stage}: windows of {window} frames, {heads} heads',
    queryLabel: 'Query', queryFrameAt: 'frame {frame} · {time}', queryPatch: 'patch', frame: 'frame {frame}', frameNamed: 'Frame {frame} at {time}',
    cell: 'frame {query} → frame {key}: {weight}', map: 'Frame × frame', mapHint: 'Click a row to choose the query frame',
    mapLabel: 'Attention of {frames} query frames to {frames} key frames. Up and down choose the query frame.', queryFrame: 'query frame', keyFrame: 'key frame',
    attendsTo: 'Frame {frame} attends to', unit: 'share of attention, a row sums to 1', windowKey: 'temporal window of {n} frames',
    blockLabel: 'Block', block: 'block {block}', headLabel: 'Head', head: 'head {head}', heads: 'Heads', headsHint: 'H entropy in nats · d mean distance in frames',
    scatter: 'Entropy and mean distance of {n} heads', entropyAxis: 'entropy, nats', distanceAxis: 'mean distance, frames',
    mean: 'mean', meanOf: 'mean of {n} heads', headNamed: 'Head {head}: entropy {entropy} nats, mean distance {distance} frames',
    patchTitle: 'From one patch', patchLabel: 'Patch grid, {rows} rows and {columns} columns. Arrow keys move.', patchHint: 'Click a patch: {rows} × {columns} in the part of the frame that the model sees.',
    patchAt: 'Patch in row {row} of {rows}, column {column} of {columns}', patchFrames: 'Frames of the temporal window', patchUnit: 'weight of a patch; % = share of a frame', strongest: 'strongest',
    tableLabel: 'Attention of query frames (rows) to key frames (columns)',
    choose: { title: 'Choose a video to look into', text: 'Attention shows which frames the model looks at together, stage by stage: windows of two frames first, all 32 at last. Choose a video here, or open one from Library or Search.' },
    stopped: { title: 'Not computed', action: 'Run the model over this video' },
    running: { title: 'Running the model over the video', text: 'The first look at a video runs the encoder once; its maps are then kept.' },
  },
}
