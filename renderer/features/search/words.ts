export const search = {
  search: {
    label: 'Paragraph',
    placeholder:
      'Describe what happens, in one sentence or a whole paragraph: A vendor opens a stall. She weighs a melon and laughs. It starts to rain.',
    search: 'Search',
    searching: 'Searching…',
    results: 'Results',
    levelLabel: 'Search for',
    topLabel: 'Number of results',
    top: 'Top {count}',
    level: { video: 'Videos', moment: 'Moments' },
    levelHint: {
      video: 'The whole paragraph against whole videos',
      moment: 'One sentence against clips of a few seconds',
    },
    unit: { video: 'videos | video | videos', moment: 'moments | moment | moments' },
    found: '{count} {unit}',
    facts: '{searched} of {total} videos searched in {milliseconds} ms with {model}',
    cosine: 'Cosine similarity, −1 to 1',
    scale: 'bars: cosine similarity from {min} to {max}',
    position: '{range} of {duration}',
    unplayable: 'This window cannot play {name}. Open it in Alignment to make a playable copy.',
    play: 'Play',
    playMoment: 'Play from {time}',
    playNamed: 'Play {name} from {time}',
    align: 'Alignment',
    nothing: {
      title: 'Nothing to rank',
      text: 'No video of the library is indexed with the model in use. Index the library first.',
    },
    start: {
      title: 'Search with a paragraph',
      text: 'Videos are ranked by how well the whole paragraph describes them; moments by how well one sentence describes a few seconds. Then see in Alignment which clip answers which sentence.',
    },
    emptyLibrary: {
      title: 'The library is empty',
      text: 'Open a folder of videos in Library first; as soon as it is indexed it can be searched.',
    },
  },
}
