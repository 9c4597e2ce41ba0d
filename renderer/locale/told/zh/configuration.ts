import type { ToldWords } from '../recognise.ts'

/** Of configurations, tokenizers and the model itself. */
export const configurationZh: ToldWords = {
  '{} takes no file so large, by its format or by a limit of this account; use another one.':
    '因其格式或此账户的限制，{}不接受这么大的文件；请使用其他磁盘。',
  '{} is full; {}.': '{} 已满；{}。',
  'The disk': '磁盘',
  'free some space and try again; what was finished is kept': '请释放空间后重试；已完成的部分保留',
  'expected a negative number or "lowest"': '应为负数或 "lowest"',
  'depths, num_heads and window_size must be equally long': 'depths、num_heads 和 window_size 的长度必须相同',
  'patch_size must start with 1, one frame at a time': 'patch_size 必须以 1 开头，即一次一帧',
  'num_local_layers must not exceed stage1_layers': 'num_local_layers 不能超过 stage1_layers',
  'sample_clip {} must not exceed type_vocab_size {}, which tells sentences apart':
    'sample_clip {} 不能超过用于区分句子的 type_vocab_size {}',
  'sample_clip {} sentences of sentence_tokens {} need {} positions, but max_position_embeddings of the BERT configuration is {}':
    'sample_clip 的 {} 个句子、每句 sentence_tokens {}，需要 {} 个位置，而 BERT 配置的 max_position_embeddings 为 {}',
  'hidden_size must be a multiple of num_attention_heads': 'hidden_size 必须是 num_attention_heads 的倍数',
  'layer {} has {} channels, which {} heads do not divide': '层 {} 有 {} 个通道，不能被 {} 个头整除',
  'the video encoder gives {} channels (embed_dim {}, doubled by each of downsample_stages), but hidden_size of the BERT configuration is {}':
    '视频编码器给出 {} 个通道（embed_dim {}，每个 downsample_stages 加倍），而 BERT 配置的 hidden_size 为 {}',
  'the width of input_res {}×{} must be a multiple of the patch size {}×{}, or the published code fails; set the correction padToPatches to have frames padded':
    'input_res {}×{} 的宽必须是图像块大小 {}×{} 的倍数，否则发布的代码会失败；请设置修正 padToPatches 以填充各帧',
  'sample_frame {} must be a multiple of sample_clip {}': 'sample_frame {} 必须是 sample_clip {} 的倍数',
  'input_res {}×{} leaves {}×{} patches where pooling needs {}×{}':
    'input_res {}×{} 剩下 {}×{} 个图像块，而池化需要 {}×{}',
  'The model configuration does not fit together: {}.': '模型配置前后不一致：{}。',
  unreadable: '无法读取',
  'The {} configuration is not one of LF-VILA at {}: {}.': '{} 配置在 {} 处不是 LF-VILA 的：{}。',
  'The {} configuration is not one of LF-VILA: {}.': '{} 配置不是 LF-VILA 的：{}。',
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
  '{} is a folder: name a file in it.': '{} 是文件夹：请指明其中的文件。',
  '{} is no ordinary file but a pipe, a socket or a device: name a file.':
    '{} 不是普通文件，而是管道、套接字或设备：请指明文件。',
  'A model of kind {} has no output {} of these inputs; it has {}.': '类型为 {} 的模型对这些输入没有输出 {}；它有 {}。',
  'the pre_tokenizer FixedLength': 'pre_tokenizer FixedLength',
  'it has no length': '它没有 length',
  'the pre_tokenizer {}': 'pre_tokenizer {}',
  'it is of a kind that is not known': '其类型未知',
  'the pre_tokenizer Split': 'pre_tokenizer Split',
  'its behavior {} is none': '其 behavior {} 无效',
  'it has no pattern': '它没有 pattern',
  'the pre_tokenizer Metaspace': 'pre_tokenizer Metaspace',
  'its replacement is not one character': '其 replacement 不是单个字符',
  'the normalizer Precompiled': 'normalizer Precompiled',
  'its precompiled_charsmap is damaged': '其 precompiled_charsmap 已损坏',
  '{} cannot be computed here: {}': '此处无法计算 {}：{}',
  'it cuts the beginning of a text': '它截去文本的开头',
  'it pads before a text': '它在文本之前填充',
  'the added token {}': '添加的词元 {}',
  'it is found as a whole word only (single_word)': '它只作为整个词查找（single_word）',
  'the model {}': '模型 {}',
  '(of no type)': '（没有类型）',
  'its unk_token is not in its vocabulary': '其 unk_token 不在词表中',
  'it drops merges at random (dropout)': '它随机丢弃合并（dropout）',
  'its pieces continue with {} (continuing_subword_prefix)': '其词片以 {} 接续（continuing_subword_prefix）',
  'it joins unknown characters within a word (fuse_unk)': '它合并词内的未知字符（fuse_unk）',
  'it has no merges': '它没有 merges',
  'it has no unk_token for characters outside of its vocabulary': '它没有用于词表外字符的 unk_token',
  'characters outside of its vocabulary become bytes (byte_fallback)': '词表外的字符变为字节（byte_fallback）',
  'it has no unk_id for characters outside of its vocabulary': '它没有用于词表外字符的 unk_id',
  'its pre_tokenizer is not Metaspace': '其 pre_tokenizer 不是 Metaspace',
  'the post_processor {}': 'post_processor {}',
  'its token {} has another id in the vocabulary': '其词元 {} 在词表中的编号不同',
  'its template holds a text not exactly once': '其模板没有恰好包含一次文本',
  'its token {} stands for several': '其词元 {} 代表多个',
  'the normalizer Replace': 'normalizer Replace',
  'what it puts in is too long': '它所插入的内容过长',
  'the normalizer {}': 'normalizer {}',
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
