import type { ToldWords } from '../recognise.ts'

/** Of labelled folders and annotation tools. */
export const dataZh: ToldWords = {
  '{} has no annotations of a known format; give a labelled folder, or an annotation file.':
    '{} 没有已知格式的标注；请给出标注文件夹或标注文件。',
  '{} has no text with times ({}): only parts of videos go on a time line.':
    '{} 没有带时间的文本（{}）：只有视频的部分才能放上时间轴。',
  '{} texts are without': '{} 条文本没有时间',
  '{} has no session of ELAN (.eaf).': '{} 没有 ELAN 会话（.eaf）。',
  '{} is in {}: save it as UTF-8, and export again.': '{} 的编码为 {}：请存为 UTF-8 后重新导出。',
  '{} is no JSON export of Label Studio.': '{} 不是 Label Studio 的 JSON 导出。',
  'Label Studio counts in frames: give the frame rate that the project will have (--frame-rate).':
    'Label Studio 以帧计数：请给出项目将使用的帧率（--frame-rate）。',
  'The model’s vocabulary has no [MASK]; masked language modelling needs the one of BERT.':
    '模型的词表没有 [MASK]；掩码语言建模需要 BERT 的词表。',
  'The examples have {} sentences, but the model tells at most {} apart (type_vocab_size); choose a model with a longer table.':
    '样本有 {} 个句子，而模型最多区分 {} 个（type_vocab_size）；请选择该表更长的模型。',
  'The model ‘{}’ has no vocabulary, so it cannot read text; import it again with --vocab.':
    '模型“{}”没有词表，不能读取文本；请用 --vocab 重新导入。',
  '{} has no row {} as {}{}': '{0} 没有{1}的行，格式为 {2}{3}',
  'for the task {}': '适用于任务 {}',
  'that can be used': '可用',
  '; choose another format or task.': '；请选择其他格式或任务。',
  '{} is no labelled folder: it has neither an annotation file of a known format nor captions beside the videos nor folders named for classes.{}':
    '{} 不是标注文件夹：其中没有已知格式的标注文件，视频旁没有字幕，也没有以类别命名的文件夹。{}',
  '{} is a file: choose the folder that holds the videos and their labels.':
    '{} 是文件：请选择存放视频及其标签的文件夹。',
}
