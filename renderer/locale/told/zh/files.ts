import type { ToldWords } from '../recognise.ts'

/** Of the files of models: checkpoints, ONNX, tables. */
export const filesZh: ToldWords = {
  '{} {}; give a configuration in JSON or YAML.': '{} {}；请给出 JSON 或 YAML 格式的配置。',
  '{} is no ELAN file that can be read: {}.': '{} 不是可以读取的 ELAN 文件：{}。',
  '{} is not the file itself but a note of Git LFS in its place; download the file, or run `git lfs pull` in its folder.':
    '{} 不是文件本身，而是 Git LFS 的占位说明；请下载该文件，或在其文件夹中运行 `git lfs pull`。',
  '{} {}; it may be half downloaded: download it again.': '{} {}；可能只下载了一半：请重新下载。',
  '{} cannot be read; put the ONNX file there or correct its name in the JSON file.':
    '无法读取 {}；请把 ONNX 文件放到那里，或更正 JSON 文件中的名称。',
  '{} is no ONNX file ({}); export or download the tower again.': '{} 不是 ONNX 文件（{}）；请重新导出或下载该编码器。',
  'it holds no graph': '其中没有计算图',
  'its messages are nested too deeply': '其消息嵌套过深',
  'the field at byte {} is longer than what holds it': '第 {} 字节处的字段长于包含它的内容',
  'no field begins before byte {}': '第 {} 字节之前没有字段开始',
  'it ends in the middle of a field': '它在字段中间结束',
  'its weights have impossible sizes': '其权重的大小不可能',
  'the place of external data is unreadable': '无法读取外部数据的位置',
  'a tensor has more axes than any': '有张量的轴数过多',
  'a name in it is longer than any': '其中有名称过长',
  'the number before byte {} has no end': '第 {} 字节之前的数字没有结尾',
  '{} is no Parquet file that can be read ({}).': '{} 不是可以读取的 Parquet 文件（{}）。',
  '{} names {}; give it with --bert-config (config.json of the BERT model).':
    '{} 指明了 {}；请用 --bert-config 给出（BERT 模型的 config.json）。',
  'the BERT configuration {}, which is not beside it': '不在旁边的 BERT 配置 {}',
  'no BERT configuration': '没有 BERT 配置',
  '{} takes {} than any such file does: it is damaged, or made to do harm; give another.':
    '{} 需要 {}，超过此类文件应有的：它已损坏，或被做成有害的；请给出其他文件。',
  'The process that was to {} {} did not start: this installation is incomplete. Install its packages again (npm install in a clone; else the whole program).':
    '用于{} {} 的进程没有启动：安装不完整。请重新安装其软件包（克隆的仓库用 npm install；否则重装整个程序）。',
  '{} is no tar archive, or a compressed one: unpack it.': '{} 不是 tar 归档，或经过压缩：请解压。',
  'it is a zip file without the data.pkl of a PyTorch checkpoint': '它是 zip 文件，但没有 PyTorch 检查点的 data.pkl',
  '{} is neither a PyTorch nor a safetensors checkpoint.': '{} 既不是 PyTorch 检查点，也不是 safetensors 检查点。',
  '{} is not a zip archive, so nothing can be taken out of it; give the file alone.':
    '{} 不是 zip 归档，不能从中取出内容；请只给出文件。',
  'its entry {} is encrypted or packed in a way other than deflate': '其条目 {} 经过加密，或以 deflate 以外的方式压缩',
  '{} is a zip archive without a checkpoint: neither the data.pkl that PyTorch writes nor a .bin, .pt, .pth or .safetensors file is in it.':
    '{} 是没有检查点的 zip 归档：其中没有 PyTorch 写出的 data.pkl，也没有 .bin、.pt、.pth 或 .safetensors 文件。',
  '{} holds {} checkpoints; name one of them after two colons, as in {}{}{}: {}.':
    '{} 含有 {} 个检查点；请在两个冒号之后指明其一，例如 {}{}{}：{}。',
  '{} has no {}; its checkpoints are: {}.': '{} 中没有 {}；其检查点为：{}。',
  'it became shorter while it was read': '它在读取时变短了',
  'something in it lies beyond its end': '其中有内容位于文件结尾之外',
  '{} is incomplete: {}; download or copy it again.': '{} 不完整：{}；请重新下载或复制。',
  '{} is not a usable checkpoint: {}.': '{} 不是可用的检查点：{}。',
  '{} does not exist; check its name.': '{} 不存在；请检查其名称。',
  'its entry {} claims to unpack to {} times its size, as no weights do':
    '其条目 {} 声称解压后是原大小的 {} 倍，权重不会这样',
  'Unpacking {} takes {} in {}, which the disk does not have; free some space, or unpack the archive elsewhere and give the file itself.':
    '解压 {0} 需要 {2} 中有 {1} 空间，而磁盘不足；请释放空间，或在别处解压归档并给出文件本身。',
  'its entry {} cannot be unpacked to the {} bytes that the archive says it has':
    '其条目 {} 不能解压为归档所声明的 {} 字节',
  'it has two entries named {}': '其中有两个名为 {} 的条目',
  'it has {} entries, more than any checkpoint': '其中有 {} 个条目，任何检查点都没有这么多',
  'its table of contents is larger than that of any checkpoint': '其目录大于任何检查点的',
  'its entry {} overlaps with the next or reaches beyond the end of the file': '其条目 {} 与下一个重叠，或超出文件结尾',
  'the table of contents at its end is missing': '缺少结尾处的目录',
  'its zip structure is damaged ({})': '其 zip 结构已损坏（{}）',
  'its entry {} leads out of the archive': '其条目 {} 指向归档之外',
  'The BERT checkpoint has no {}; give the pytorch_model.bin of the BERT model that the configuration names.':
    'BERT 检查点没有 {}；请给出配置所指 BERT 模型的 pytorch_model.bin。',
  "The BERT checkpoint's {} has the shape [{}], but {} needs [{}]; give the BERT model that the configuration names.":
    'BERT 检查点的 {} 形状为 [{}]，而 {} 需要 [{}]；请给出配置所指的 BERT 模型。',
  "The checkpoint's {} holds integers ({}) where weights are expected; give the model's own checkpoint, in float32, float16 or bfloat16.":
    '检查点的 {} 应为权重，却含整数（{}）；请给出模型自身的检查点，以 float32、float16 或 bfloat16 保存。',
  'The Swin checkpoint has no {}, from which {} is made; give a checkpoint of a 2-D Swin transformer.':
    'Swin 检查点没有生成 {1} 所需的 {0}；请给出二维 Swin transformer 的检查点。',
  "The Swin checkpoint's {} has the shape [{}], but {} is made of [{}]; give the Swin transformer that the configuration was written for.":
    'Swin 检查点的 {} 形状为 [{}]，而 {} 由 [{}] 生成；请给出配置所对应的 Swin transformer。',
  'The Swin checkpoint has {} blocks, but the video encoder has {}; give the Swin transformer that the configuration was written for.':
    'Swin 检查点有 {} 个块，而视频编码器有 {} 个；请给出配置所对应的 Swin transformer。',
  'its header is not JSON': '其文件头不是 JSON',
  'its header describes a tensor twice': '其文件头把同一张量描述了两次',
  'its header describes {} twice': '其文件头把 {} 描述了两次',
  'its header is nested deeper than that of any checkpoint': '其文件头的嵌套比任何检查点都深',
  'it holds no tensors': '其中没有张量',
  'none of its tensors is of a type that weights have ({})': '其张量都不是权重的类型（{}）',
  'it is too short': '它太短',
  'its header is longer than the file': '其文件头长于文件',
  'its header has {} bytes, more than any checkpoint': '其文件头有 {} 字节，任何检查点都没有这么多',
  'the description of {} cannot be understood': '无法理解 {} 的描述',
  '{} does not have the bytes its shape asks for': '{} 的字节数与其形状不符',
  '{} reaches beyond the end of the file': '{} 超出文件结尾',
  '{} has {} values, more than any of a model': '{} 有 {} 个数值，任何模型都没有这么多',
  '{} and {} overlap': '{} 与 {} 重叠',
  'it is too large for the index of a checkpoint': '它太大，不可能是检查点的索引',
  'it names {} files, more than any checkpoint has': '它指明了 {} 个文件，任何检查点都没有这么多',
  'it names the file {}, which does not lie beside it': '它指明了不在旁边的文件 {}',
  '{} does not hold {} as the index says': '{} 并不像索引所说的那样含有 {}',
  'it names no tensors': '它没有指明张量',
  'it is JSON, but not the index (weight_map) of a checkpoint in several files':
    '它是 JSON，但不是多文件检查点的索引（weight_map）',
  'it refers to {}, which runs programs or code when the file is loaded in Python; nothing of it was run, do not load it elsewhere':
    '它引用了 {}，在 Python 中加载该文件时会运行程序或代码；此处没有运行任何内容，请勿在别处加载',
  'its pickle copies more than any checkpoint does': '其 pickle 的复制多于任何检查点',
  'the pickle holds text that is not UTF-8': 'pickle 含有不是 UTF-8 的文本',
  'the pickle takes more than it has': 'pickle 取用的多于已有的',
  'the pickle refers to something it never stored': 'pickle 引用了从未存储的内容',
  'the pickle fills something that is no dictionary': 'pickle 向非字典的对象填充内容',
  'the pickle gives {} twice': 'pickle 两次给出{}',
  'a key': '某个键',
  'the pickle appends to something that is no list': 'pickle 向非列表的对象追加内容',
  'the pickle calls something that is no name': 'pickle 调用了不是名称的对象',
  'the pickle is of a protocol newer than 5': 'pickle 的协议高于 5',
  'the pickle refers to something that is no name': 'pickle 引用了不是名称的对象',
  'the pickle holds the instruction 0x{}, which no state dict needs': 'pickle 含有指令 0x{}，state dict 不需要它',
  'its pickle has more than {} instructions, as no checkpoint needs': '其 pickle 有超过 {} 条指令，检查点不需要这么多',
  'its pickle ends too early': '其 pickle 过早结束',
  '{} holds no weights under {}; it holds {}.': '{} 在 {} 下没有权重；其中有 {}。',
  '{} holds {} sets of weights: {}; name one after two colons, as in {}::{}.':
    '{} 含有 {} 组权重：{}；请在两个冒号之后指明其一，例如 {}::{}。',
  '{} holds a whole module ({}), not its weights alone; in PyTorch, save module.state_dict() and give that file.':
    '{} 含有整个模块（{}），而不只是权重；请在 PyTorch 中保存 module.state_dict() 并给出该文件。',
  'it holds no dictionary of tensors, but {}': '其中没有张量的字典，只有{}',
  '{} holds arrays of numpy in the place of tensors; in PyTorch, save {name: torch.from_numpy(array)} and give that file.':
    '{} 以 numpy 数组代替张量；请在 PyTorch 中保存 {name: torch.from_numpy(array)} 并给出该文件。',
  'none of its tensors is of a type that weights have': '其张量都不是权重的类型',
  "it holds no tensors of weights, but a training's state ({})": '其中没有权重的张量，只有训练状态（{}）',
  "{} holds no whole weights: DeepSpeed's ZeRO-3 left them in parts, in the zero_pp_rank_* files beside it; run the zero_to_fp32.py that DeepSpeed put into the checkpoint's folder, and give the pytorch_model.bin that it writes.":
    '{} 没有完整的权重：DeepSpeed 的 ZeRO-3 把它们分存在旁边的 zero_pp_rank_* 文件中；请运行 DeepSpeed 放在检查点文件夹中的 zero_to_fp32.py，并给出它写出的 pytorch_model.bin。',
  'it is a pickle, but not one that torch.save wrote': '它是 pickle，但不是由 torch.save 写出的',
  'it is of an unknown version of the format before PyTorch 1.6': '它是 PyTorch 1.6 之前格式的未知版本',
  'it was written on a big-endian machine': '它是在大端机器上写出的',
  'its list of storages does not belong to its tensors': '其存储列表与张量不符',
  'storage {} does not have the {} values that its tensors ask for': '存储 {} 没有其张量所要求的 {} 个数值',
  'storage {} reaches beyond the end of the file': '存储 {} 超出文件结尾',
  'storage {} is missing': '缺少存储 {}',
  'a parameter is made of something that is no tensor': '有参数由非张量的内容构成',
  'it refers to something that is no storage': '它引用了不是存储的内容',
  'it describes storage {} twice and differently': '它两次描述存储 {}，且互不相同',
  'a part of storage {} reaches beyond it': '存储 {} 的一部分超出其范围',
  "a tensor has {} dimensions, beyond its storage and any tensor's": '有张量有 {} 个维度，超出其存储和任何张量',
  'a tensor is described in a way that makes no sense': '有张量的描述没有意义',
  'a tensor reaches beyond its storage': '有张量超出其存储',
  'a tensor has {} values, more than any of a model': '有张量含 {} 个数值，任何模型都没有这么多',
  'The model is larger than 4 GiB, which a PyTorch file of this program cannot hold; export it as fp16 or as safetensors.':
    '模型大于 4 GiB，本程序写出的 PyTorch 文件容纳不下；请以 fp16 导出，或导出为 safetensors。',
  'its part {} is missing': '缺少其部分 {}',
  'its part {} is compressed or encrypted, which PyTorch never does': '其部分 {} 经过压缩或加密，PyTorch 从不这样做',
  'its data.pkl has {} bytes, more than any checkpoint': '其 data.pkl 有 {} 字节，任何检查点都没有这么多',
  'storage {} is shorter than its tensors': '存储 {} 短于其张量',
}
