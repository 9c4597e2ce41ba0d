import type { ToldWords } from '../recognise.ts'

/** Of models: importing, exporting, encoding. */
export const modelsZh: ToldWords = {
  'they look like BERT’s': '它们像是 BERT 的',
  'they look like a Swin transformer’s': '它们像是 Swin transformer 的',
  'give a checkpoint of the whole model, or this one with --init {}=FILE and a --kind':
    '请给出整个模型的检查点，或用 --init {}=FILE 和 --kind 给出此检查点',
  'a part of a model lies over another checkpoint: give its base before it':
    '部分模型须叠加在另一检查点之上：请先给出其基础',
  'give a checkpoint of the whole model': '请给出整个模型的检查点',
  'These weights are no LF-VILA model: no key begins with video_encoder ({}); {}.':
    '这些权重不是 LF-VILA 模型：没有以 video_encoder 开头的键（{}）；{}。',
  'as in {}': '例如 {}',
  'There is no model ‘{}’; `model list` shows those there are.': '没有模型“{}”；`model list` 会列出现有的模型。',
  'The model ‘{}’ is damaged ({} cannot be understood); remove it and import it again.':
    '模型“{}”已损坏（无法理解 {}）；请移除并重新导入。',
  "The model ‘{}’ has no vocabulary, so it can read no text: searches, alignments and training with texts will fail; remove it and import it again with its vocabulary (--vocab; bert-base-uncased's vocab.txt for the published models).":
    '模型“{}”没有词表，不能读取文本：检索、对齐和使用文本的训练都会失败；请移除并连同词表重新导入（--vocab；发布的模型用 bert-base-uncased 的 vocab.txt）。',
  'Weights of the model ‘{}’ are random: its scores and attention mean nothing before it is trained.':
    '模型“{}”的权重是随机的：在训练之前，其分数和注意力没有意义。',
  '{} sentences were joined into {}, as many as the model reads at once.':
    '{} 个句子合并为 {} 个，即模型一次可读的数量。',
  'Sentence {} is longer than the {} tokens that the model reads; the rest was left out.':
    '第 {} 句超过模型可读的 {} 个词元；其余部分已略去。',
  'Sentences {} are longer than the {} tokens that the model reads; the rest was left out.':
    '第 {} 句超过模型可读的 {} 个词元；其余部分已略去。',
  'ships with the workbench, trained on drawn stories': '随工作台提供，用绘制的故事训练',
  "‘{}’ cannot be a model's name; use up to 64 letters, digits, dots, dashes and underscores, beginning with a letter or digit.":
    '“{}”不能作为模型名；请用最多 64 个字母、数字、点、短横线和下划线，以字母或数字开头。',
  'There is already a model ‘{}’; choose another name with --name or remove it first.':
    '已有模型“{}”；请用 --name 换一个名称，或先移除它。',
  'The disk that holds {}': '{} 所在的磁盘',
  'free some space and try again: nothing half-made is left there': '请释放空间后重试：那里没有留下半成品',
  '{} cannot be written to; check its permissions or choose another workspace.':
    '无法写入 {}；请检查其权限，或选择其他工作区。',
  'must be a path inside the folder of the JSON file': '必须是 JSON 文件所在文件夹之内的路径',
  'must be above 0': '必须大于 0',
  'must not be smaller than the sides of size': '不能小于 size 的各边',
  'has more pixels than a segment may ({} MB)': '像素多于一个分段所允许的（{} MB）',
  '{} cannot be read; check its name.': '无法读取 {}；请检查其名称。',
  'a description': '描述',
  '{} has the format {}, which this version does not know; it knows {}.': '{} 的格式为 {}，此版本不认识；它认识 {}。',
  '{} does not describe a dual encoder: {}; see docs/other-models.md for every field.':
    '{} 没有描述双编码器：{}；每个字段见 docs/other-models.md。',
  'There is no text to search with; write at least one word.': '没有用来检索的文本；请至少写一个词。',
  'The paragraph is longer than the {} tokens that the model reads; the rest was left out.':
    '段落超过模型可读的 {} 个词元；其余部分已略去。',
  'The model ‘{}’ has no temporal windows to show; choose an LF-VILA model.':
    '模型“{}”没有可显示的时间窗口；请选择 LF-VILA 模型。',
  "{} cannot read the last of the {} entries of the tokenizer's vocabulary, so they do not belong together ({}); give the tokenizer that the tower was trained with.":
    '{0} 无法读取分词器词表 {1} 个词条中的最后一个，因此二者不配套（{2}）；请给出训练该编码器时使用的分词器。',
  '{} also needs the {}, which the JSON file does not name; export the tower without {}.':
    '{0} 还需要{1}，而 JSON 文件没有指明；请在导出编码器时去掉{2}。',
  it: '它',
  them: '它们',
  '{} has no {} {}; it has the {}: correct the name in the JSON file.':
    '{0} 没有{1} {2}；它有{3}：请更正 JSON 文件中的名称。',
  'The {} {} of {} is of type {}, not {}; correct dtype in the JSON file or name another {}.':
    '{2} 的{0} {1} 类型为 {3}，而不是 {4}；请更正 JSON 文件中的 dtype，或指定其他{5}。',
  'no tensor': '没有张量',
  ' or ': '或',
  'The {} {} of {} has the shape [{}], which does not fit [{}], as the JSON file describes it.':
    '{2} 的{0} {1} 形状为 [{3}]，与 JSON 文件所描述的 [{4}] 不符。',
  '{} gave its output {} in the shape [{}] for {} {}, but one vector for each is expected; name the output that holds the embedding.':
    '{0} 对 {2} 个{3}给出的输出 {1} 形状为 [{4}]，而应各为一个向量；请指明含嵌入向量的输出。',
  input: '输入',
  inputs: '输入',
  '{} gave {} in its output {}; export it again{}, or name another output.':
    '{0} 的输出 {2} 中有{1}；请重新导出{3}，或指定其他输出。',
  'values that are not finite numbers': '非有限的数值',
  'values of type {}': '类型为 {} 的数值',
  ', in float32': '为 float32',
  'The model ‘{}’ is of kind {}, which cannot index or search; use one of kind retrieval or pretrain-stage1.':
    '模型“{}”的类型为 {}，不能索引或检索；请使用类型为 retrieval 或 pretrain-stage1 的模型。',
  'The model ‘{}’ has no projections for single clips and sentences; those for whole videos and paragraphs stand in.':
    '模型“{}”没有用于单个片段和句子的投影；以整个视频和段落的投影代替。',
  "There is no patch ({}, {}) of frame {} in block {} of stage {}; choose one inside the model's grid.":
    '阶段 {4} 的块 {3} 中第 {2} 帧没有图像块（{0}，{1}）；请选择模型网格之内的。',
  "The model ‘{}’ has no vocabulary, so it cannot read text; import it again with --vocab (bert-base-uncased's vocab.txt for the published models).":
    '模型“{}”没有词表，不能读取文本；请用 --vocab 重新导入（发布的模型用 bert-base-uncased 的 vocab.txt）。',
  'Export {} to {}': '把 {} 导出到 {}',
  'ONNX programs are written in fp32; export ‘{}’ so, or as torch or safetensors in fp16.':
    'ONNX 程序以 fp32 写出；请以 fp32 导出“{}”，或以 fp16 导出为 torch 或 safetensors。',
  'The model ‘{}’ has no {}, which the published class has; import it again from its checkpoint.':
    '模型“{}”没有发布的类所具有的 {}；请从其检查点重新导入。',
  '{} holds values beyond 65504, which half precision cannot hold; export the model as fp32.':
    '{} 含有超过 65504 的数值，半精度无法容纳；请以 fp32 导出模型。',
  'replaced by {} ({})': '被 {} 替换（{}）',
  'has the shape [{}] where the model has [{}] ({})': '形状为 [{}]，而模型为 [{}]（{}）',
  '{} (the same weight as {})': '{}（与 {} 为同一权重）',
  'an index table that the program computes itself': '由程序自行计算的索引表',
  'not part of a model of kind {}': '不属于类型为 {} 的模型',
  ', or fit its attention windows with --resize-bias': '，或用 --resize-bias 调整其注意力窗口',
  '{}, rows {} to {} {}': '{}，第 {} 至 {} 行 {}',
  "The checkpoint's {} has {} rows, which no window of {}×{} patches has; its windows differ in more than time, which --resize-bias full can resize.":
    '检查点的 {0} 有 {1} 行，没有哪种 {2}×{3} 图像块的窗口会是这样；其窗口不只在时间上不同，--resize-bias full 可以缩放。',
  'The checkpoint has no relative_position_index beside {}, which would tell the shape of its windows; use --resize-bias time, if they differ in time only.':
    '检查点在 {} 旁没有说明窗口形状的 relative_position_index；如果只在时间上不同，请用 --resize-bias time。',
  '{}, resized from windows of {} to {}': '{}，由 {} 的窗口缩放为 {}',
  '; download both from one repository, exported with their projections.': '；请从同一仓库下载二者，连同投影一起导出。',
  '{} wants its weights from {}, outside of its folder; export it again with the data beside it.':
    '{} 要从其文件夹之外的 {} 读取权重；请把数据放在旁边重新导出。',
  '{} is missing; put the file there or correct its name in the JSON file.':
    '缺少 {}；请把文件放到那里，或更正 JSON 文件中的名称。',
  '{} is larger than such a file may be ({} GB); give the right file.':
    '{} 大于此类文件允许的大小（{} GB）；请给出正确的文件。',
  'The video tower gives vectors of {} numbers and the text tower of {}, so they cannot be compared; name the outputs behind the projections into the shared space.':
    '视频编码器给出 {} 维的向量，文本编码器给出 {} 维的，无法比较；请指明投影到共有空间之后的输出。',
  '{} gave nothing but zeros; export it again, or name another output.': '{} 只给出零；请重新导出，或指定其他输出。',
  '{} does not describe a dual encoder, and a checkpoint needs its configuration; give it with --config (JSON or YAML).':
    '{} 没有描述双编码器，而检查点需要其配置；请用 --config 给出（JSON 或 YAML）。',
  'The model': '该模型',
  'A model that is made of parts has no keys to tell its kind from; say it with --kind (pretrain-stage1 is what the published pre-training starts with).':
    '由各部分组成的模型没有可推断类型的键；请用 --kind 指明（发布的预训练从 pretrain-stage1 开始）。',
  'There are no weights to import; give a checkpoint, or --init and what to start from.':
    '没有要导入的权重；请给出检查点，或用 --init 指明起点。',
  'The configuration names no number of labels, which a model of kind {} needs; add classification_labels to its DATA section.':
    '配置没有指明标签数，而类型为 {} 的模型需要它；请在其 DATA 部分添加 classification_labels。',
  'random weights': '随机权重',
  "The vocabulary {} has {} entries, but the model knows {}; give the one it was trained with using --vocab (bert-base-uncased's vocab.txt for the published models).":
    '词表 {} 有 {} 个词条，而模型认识 {} 个；请用 --vocab 给出训练时的词表（发布的模型用 bert-base-uncased 的 vocab.txt）。',
  'a vocabulary': '词表',
  "The checkpoint's {} cannot be read as a weight: {}; give a checkpoint whose weights are float32, float16 or bfloat16.":
    '检查点的 {} 不能作为权重读取：{}；请给出权重为 float32、float16 或 bfloat16 的检查点。',
  'The checkpoint has no {}, which a model of this kind and configuration needs; give all files of the checkpoint, and the configuration that belongs to it.':
    '检查点没有 {}，而此类型和配置的模型需要它；请给出检查点的所有文件，以及与之配套的配置。',
  "The checkpoint's {} is empty, as DeepSpeed's ZeRO-3 leaves weights that lie in parts elsewhere; run the zero_to_fp32.py in the checkpoint's folder and give the pytorch_model.bin that it writes.":
    '检查点的 {} 是空的，DeepSpeed 的 ZeRO-3 会这样留下分存于别处的权重；请运行检查点文件夹中的 zero_to_fp32.py，并给出它写出的 pytorch_model.bin。',
  "The checkpoint's {} has the shape [{}], but the configuration asks for [{}]; give the configuration that belongs to it{}.":
    '检查点的 {} 形状为 [{}]，而配置要求 [{}]；请给出与之配套的配置{}。',
  "The checkpoint's {} holds values that are not finite numbers (a training run that diverged?); give an earlier checkpoint.":
    '检查点的 {} 含有非有限的数值（训练发散了？）；请给出更早的检查点。',
  'The model ‘{}’ computes too differently in {}: its embeddings have a cosine of {} with those in fp32, and {} is the least; choose fp32 in Settings.':
    '模型“{}”用 {} 计算的差别太大：其嵌入向量与 fp32 的余弦为 {}，至少应为 {}；请在“设置”中选择 fp32。',
  'The model ‘{}’ ships with the workbench; it cannot be removed.': '模型“{}”随工作台提供，不能移除。',
  'The model ‘{}’ is a pair of ONNX files, which were copied as they are; there is nothing to export.':
    '模型“{}”是一对 ONNX 文件，原样复制而来；没有可导出的内容。',
  '{} names its files itself, so there is no variant to choose; leave out --variant.':
    '{} 自己指明了文件，没有变体可选；请去掉 --variant。',
}
