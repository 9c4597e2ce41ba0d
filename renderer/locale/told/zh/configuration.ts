import type { ToldWords } from '../recognise.ts'

/** Of configurations, tokenizers and the model itself. */
export const configurationZh: ToldWords = {
  'The model configuration does not fit together: {}.': '模型配置前后不一致：{}。',
  'The {} configuration is not one of LF-VILA{}: {}.': '{} 配置不是 LF-VILA 的{}：{}。',
  unreadable: '无法读取',
  'The published span head takes {} patches of each of {} frames, more than there are; set the correction spanPatches.':
    '发布的区间头部对 {1} 帧各取 {0} 个图像块，多于现有的；请设置修正 spanPatches。',
  'The temporal contrastive loss draws {} among the clips of a video, but the model divides one into {}; give it more clips (sample_clip).':
    '时间对比损失在一个视频的片段中抽取 {} 个，而模型把视频分为 {} 个；请增加片段（sample_clip）。',
  'Text of shape [{}] does not fit this kind of model; give [B, M, L], for multiple choice [B, choices, M, L].':
    '形状为 [{}] 的文本不适合此类模型；请给出 [B, M, L]，多项选择则为 [B, choices, M, L]。',
  'The model configuration does not say how many answers or classes there are to choose from; give DATA.classification_labels.':
    '模型配置没有说明有多少答案或类别可选；请给出 DATA.classification_labels。',
  'The video encoder ends {} wide and the text encoder is {} wide; to read them together they must agree.':
    '视频编码器的输出宽度为 {}，文本编码器的宽度为 {}；要一起读取，二者必须一致。',
  'Frames of this size keep {} patches, but the model tells {} apart (final_num_patches); take frames of the size it was made for.':
    '此大小的帧保留 {} 个图像块，而模型区分 {} 个（final_num_patches）；请使用模型所适用大小的帧。',
  '{} sentences of {} tokens do not fit this model, which has {} positions for at most {} sentences; take fewer or shorter sentences.':
    '{} 个各 {} 个词元的句子不适合此模型，它有 {} 个位置，最多 {} 个句子；请减少或缩短句子。',
  '{} is too large for {} ({} MB, at most {}): check that it is the right file.':
    '{0} 作为{1}太大（{2} MB，最多 {3}）：请检查是否是正确的文件。',
  'A model of kind {} has no output {} of these inputs; it has {}.': '类型为 {} 的模型对这些输入没有输出 {}；它有 {}。',
  '{} cannot be computed here: {}': '此处无法计算 {}：{}',
  '{} would give other tokens than the model was trained with: {}; give a tokenizer without it.':
    '{} 会给出与模型训练时不同的词元：{}；请给出没有此问题的分词器。',
  '{} is neither a WordPiece vocab.txt nor a tokenizer.json: {}.':
    '{} 既不是 WordPiece 的 vocab.txt，也不是 tokenizer.json：{}。',
  'The vocabulary {} cannot be read: {}.': '无法读取词表 {}：{}。',
  'The tokenizer knows no token for a part of this text; import the model with the tokenizer it was trained with.':
    '分词器对此文本的一部分没有词元；请用训练时的分词器导入模型。',
  'The tokenizer makes this text longer than any does; import the model with the tokenizer it was trained with.':
    '分词器使此文本长得异常；请用训练时的分词器导入模型。',
  'Nothing that is chosen to be trained has an influence on the loss of a model of kind {}; choose more of the model.':
    '所选的训练部分对类型为 {} 的模型的损失没有影响；请选择模型的更多部分。',
}
