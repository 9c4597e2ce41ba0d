import type { ToldWords } from '../recognise.ts'

/** Of folders of models as Hugging Face has them. */
export const hubFolderZh: ToldWords = {
  '{} has no config.json, which says of which family the model is; download it too, {}.':
    '{} 没有说明模型所属系列的 config.json；请一并下载，{}。',
  '{} has no preprocessor_config.json, which says how pictures are scaled and normalised; download it too, {}.':
    '{} 没有说明图片如何缩放和归一化的 preprocessor_config.json；请一并下载，{}。',
  '{} cannot be understood: {}; download it again or correct it.': '无法理解 {}：{}；请重新下载或更正。',
  '{} asks for {}, which is not done here; correct {} or config.json, {}.':
    '{} 要求 {}，此处不支持；请更正 {} 或 config.json，{}。',
  '{} takes clips of any number of frames, and config.json does not say with how many it was trained; add "num_frames" to {}.':
    '{} 接受任意帧数的片段，而 config.json 没有说明训练时的帧数；请在 {} 中添加 "num_frames"。',
  '{} gives vectors of {} numbers and {} of {}, so they cannot be compared; download both from one repository, exported with their projections.':
    '{0} 给出 {1} 维的向量，{2} 给出 {3} 维的，无法比较；请从同一仓库下载二者，连同投影一起导出。',
  '{} is missing, in which {} keeps its weights; download it too.': '缺少存放 {1} 权重的 {0}；请一并下载。',
  'vision-text dual encoder': '视觉–文本双编码器',
  'X-CLIP moves each text by what it sees in the video; two towers by themselves leave that out.':
    'X-CLIP 会按视频内容调整每条文本；两个单独的编码器没有这一步。',
  '{} names no model_type, which says of which family the model is; add it, {}.':
    '{} 没有说明所属系列的 model_type；请添加，{}。',
  '{} names the family ‘{}’ (model_type), which is not known here to embed pictures and texts into one space; known are {}: download a model of one of these, {}.':
    '{} 的系列为“{}”（model_type），此处不知道它能把图片和文本嵌入同一空间；已知的有 {}：请下载其中之一的模型，{}。',
  '{} has no tokenizer.json; download it from the model\'s page too, or make it with transformers: AutoTokenizer.from_pretrained("…").save_pretrained("{}").':
    '{} 没有 tokenizer.json；请从模型页面一并下载，或用 transformers 生成：AutoTokenizer.from_pretrained("…").save_pretrained("{}")。',
  '{} is a cache with {} snapshots; give the folder of one, below snapshots.':
    '{} 是含 {} 个快照的缓存；请给出 snapshots 下某一个的文件夹。',
  '{} has only one tower, {}; download the {} tower too, usually {}, {}.':
    '{0} 只有一个编码器 {1}；请一并下载{2}编码器，通常为 {3}，{4}。',
  vision: '图像',
  text: '文本',
  '{} has {}, which is not one of two towers (a model.onnx takes pictures and texts at once); download {} and {} instead, {}.':
    '{} 有 {}，不是两个编码器之一（model.onnx 同时接受图片和文本）；请改为下载 {} 和 {}，{}。',
  '{} holds {}; download {} and {} of an ONNX export of the model{}.':
    '{0} 中{1}；请下载该模型 ONNX 导出的 {2} 和 {3}{4}。',
  'no ONNX files': '没有 ONNX 文件',
  'weights for another program ({}) and no ONNX files': '是其他程序的权重（{}），没有 ONNX 文件',
  ', or give LF-VILA’s configuration with --config, if these are its weights':
    '；如果这些是 LF-VILA 的权重，请用 --config 给出其配置',
  'asks for {}, which is not done here; download another model': '要求 {}，此处不支持；请下载其他模型',
  'makes pictures of {} × {}, but {} takes {} × {}; download both from one repository':
    '产生 {} × {} 的图片，而 {} 接受 {} × {}；请从同一仓库下载二者',
  'is of the class {}, which is not known here, and does not say {}; add these':
    '属于此处未知的类 {}，且没有说明 {}；请添加',
  'has do_resize false, but videos come in any size; set it to true':
    '的 do_resize 为 false，而视频大小不一；请设为 true',
  'stretches pictures to {} × {} and cuts {} × {} out of them, which is not done here; make crop_size as large as size if that is near enough':
    '把图片拉伸为 {} × {} 再从中裁出 {} × {}，此处不支持；如果差别不大，请把 crop_size 设为与 size 相同',
  'keeps the form of each picture (size.shortest_edge without do_center_crop), but all frames must have one size; set do_center_crop to true, or size to height and width':
    '保留每张图片的比例（size.shortest_edge 而无 do_center_crop），而所有帧必须大小相同；请把 do_center_crop 设为 true，或把 size 设为高和宽',
  'scales pictures to {} and cuts {} × {} out of them, which is more than there is; correct size or crop_size':
    '把图片缩放到 {} 再裁出 {} × {}，超出图片本身；请更正 size 或 crop_size',
  'names no size; add it': '没有指明 size；请添加',
  'has resize_mode {} with {} × {}, which is not done here; download another model':
    '的 resize_mode 为 {}，大小 {} × {}，此处不支持；请下载其他模型',
  'has a size of {}, which does not give all frames one size; set height and width, or shortest_edge':
    '的 size 为 {}，不能使所有帧大小相同；请设置 height 和 width，或 shortest_edge',
  'no sides': '没有边长',
  'asks for the filter {} (resample), which is not done here; set 2 or 3':
    '要求滤波器 {}（resample），此处不支持；请设为 2 或 3',
  'or describe the towers in a JSON file (docs/other-models.md)':
    '或在 JSON 文件中描述各编码器（docs/other-models.md）',
  'video tower': '视频编码器',
  'image tower': '图像编码器',
  'the whole frame, {}': '整个画面，{}',
  'the middle of {}, {}': '{} 的中部，{}',
  'mean {}, std {}': '均值 {}，标准差 {}',
  '{} frames at once': '一次 {} 帧',
  'the mean of {} frames': '{} 帧的平均',
  'text tower': '文本编码器',
  '{} tokens at most': '最多 {} 个词元',
  'padded with {}': '用 {} 填充',
  'not padded': '不填充',
  'in small letters': '转为小写',
  '{} pads before the text (padding_side is left), which is not done here; set it to right if the model was trained so, {}.':
    '{} 在文本之前填充（padding_side 为 left），此处不支持；如果模型是按 right 训练的，请改为 right，{}。',
  '{} does not say with which token texts are padded; download tokenizer_config.json too, or add "pad_token" to it.':
    '{} 没有说明用哪个词元填充文本；请一并下载 tokenizer_config.json，或在其中添加 "pad_token"。',
  '{} takes patches of pictures of any form (NaFlex), which is not done here; download a model of a fixed size, as siglip2-base-patch16-224.':
    '{} 接受任意形状图片的图像块（NaFlex），此处不支持；请下载固定大小的模型，例如 siglip2-base-patch16-224。',
  'pictures alone': '仅图片',
  '{} takes {} of the shape [{}], which does not show where the channels are; export it with 3 in their place, {}.':
    '{0} 的 {1} 形状为 [{2}]，看不出通道在哪里；请以 3 标明通道重新导出，{3}。',
  '{} takes single pictures, but {} embeds clips; export what get_video_features computes, {}.':
    '{} 接受单张图片，而 {} 嵌入的是片段；请导出 get_video_features 的计算结果，{}。',
  '{} takes {} as {} that is not fed here; choose another variant with --variant.':
    '{0} 的 {1} 是{2}，此处无法提供；请用 --variant 选择其他变体。',
  'a type': '某种类型',
  'tokens, a mask and token types alone': '仅词元、掩码和词元类型',
  '{} takes {} as {} [{}], where texts × tokens as int64 or int32 are fed; export it with these, {}.':
    '{0} 的 {1} 为 {2} [{3}]，而此处提供的是 int64 或 int32 的文本 × 词元；请以此导出，{4}。',
  'another type': '其他类型',
  '{} takes {} as {} but {} as {}; export it with one type for both.':
    '{0} 的 {1} 为 {2}，而 {3} 为 {4}；请以同一类型导出二者。',
  '{} takes pictures and texts at once ({}); download the two towers, onnx/vision_model.onnx and onnx/text_model.onnx, instead.':
    '{} 同时接受图片和文本（{}）；请改为下载两个编码器 onnx/vision_model.onnx 和 onnx/text_model.onnx。',
  '{} takes {}, but {} can be fed here; export it without the others, {}.':
    '{} 接受 {}，而此处可提供{}；请去掉其余的再导出，{}。',
  nothing: '不接受任何输入',
  '{} gives {}, which ends before the projection into the space that both towers of {} share; export it with its projection, to give {} or {}.':
    '{0} 给出 {1}，止于投影之前，未到 {2} 两个编码器共有的空间；请连同投影导出，使其给出 {3} 或 {4}。',
  '{} gives {}, of which none is called {}; export it with one vector for each input, {}.':
    '{0} 给出 {1}，其中没有名为 {2} 的；请导出为每个输入一个向量，{3}。',
  '{} has no variant that both towers share; it has {} and {}.': '{} 没有两个编码器共有的变体；它有 {} 和 {}。',
  '{} has no variant ‘{}’ of both towers; it has {}: choose one of these with --variant.':
    '{} 没有两个编码器共有的变体“{}”；它有 {}：请用 --variant 选择其一。',
  '{} has no plain towers but the variants {}; choose one with --variant.':
    '{} 没有普通的编码器，只有变体 {}；请用 --variant 选择其一。',
  '{} has no variant that both towers share, only {} and {}; download the missing file.':
    '{} 没有两个编码器共有的变体，只有 {} 和 {}；请下载缺少的文件。',
}
