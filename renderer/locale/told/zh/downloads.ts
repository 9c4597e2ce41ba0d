import type { ToldWords } from '../recognise.ts'

/** Of downloads. */
export const downloadsZh: ToldWords = {
  'LF-VILA, released weights': 'LF-VILA 发布的权重',
  'The archive of the authors: weights after pre-training stage 1 (for search) and stage 2, the Swin and BERT weights that training began with, annotations of the benchmarks. A member of it is imported without unpacking.':
    '作者的压缩包：预训练第一阶段（用于检索）和第二阶段之后的权重、训练开始时的 Swin 与 BERT 权重、各基准的标注。其中的文件无需解压即可导入。',
  'Microsoft Research License Agreement for XPretrain: non-commercial use only, no redistribution':
    'Microsoft Research XPretrain 许可协议：仅限非商业用途，不得再分发',
  'Configurations and vocabulary': '配置与词表',
  'What an import takes beside the weights; the other downloads bring it along. Configurations of both pre-training stages, of ActivityNet retrieval and question answering, of COIN classification and of BERT; the vocabulary of bert-base-uncased.':
    '导入时与权重一同需要的文件；其他下载会自动带上。含两个预训练阶段、ActivityNet 检索与问答、COIN 分类以及 BERT 的配置，以及 bert-base-uncased 的词表。',
  'Configurations: Microsoft Research License Agreement for XPretrain; vocabulary: Apache 2.0':
    '配置：Microsoft Research XPretrain 许可协议；词表：Apache 2.0',
  'The 2-D Swin transformer (window 12, 384 × 384) that the training of a video encoder begins with. The archive above holds it too.':
    '训练视频编码器的起点：二维 Swin transformer（窗口 12，384 × 384）。上面的压缩包中也有。',
  'The language model that the training of a text encoder begins with. The archive above holds it too.':
    '训练文本编码器的起点：语言模型。上面的压缩包中也有。',
  'Download {}': '下载 {}',
  '“{}” is being downloaded: cancel that first.': '“{}”正在下载：请先取消下载。',
  'registering the model': '正在注册模型',
  'Its SHA-256 is {}, and at the first download it was {}: the publisher has replaced the file, or somebody else has; compare with {}.':
    '其 SHA-256 为 {}，首次下载时为 {}：发布者或他人替换了此文件；请与 {} 核对。',
  'There is no download ‘{}’; there are {}, and the models of Hugging Face as hf:OWNER/NAME.':
    '没有名为“{}”的下载；现有 {}，以及写作 hf:OWNER/NAME 的 Hugging Face 模型。',
  '{} does not answer, so the size is still unknown: check the network and ask again.':
    '{} 没有应答，大小仍然未知：请检查网络后再试。',
  'asking for the list of files': '正在询问文件列表',
  '{}, while it is registered,': '注册期间的 {}',
  '{} sends commit {} of {} where {} was asked for: nothing was kept; download it again, and if that happens twice, look at {}.':
    '{0} 给出的是 {2} 的提交 {1}，而要的是 {3}：没有保留任何内容；请重新下载，如果再次发生，请查看 {4}。',
  '{} has changed while it was downloaded, and what was listed is not there any more: download it again, or look at {}.':
    '{} 在下载过程中有改动，列出的文件已不在那里：请重新下载，或查看 {}。',
  '{} has no revision ‘{}’: its branches and tags are listed at {}/tree/main; without @REVISION the newest is taken.':
    '{} 没有修订版“{}”：其分支和标签列在 {}/tree/main；不写 @REVISION 则取最新的。',
  '{} has closed {} ({}): choose another model.': '{} 已关闭 {}（{}）：请选择其他模型。',
  '{} does not let the token of HF_TOKEN read {} ({}{}): check its spelling, and at {} that the token is valid and may read this model.':
    '{} 不允许 HF_TOKEN 的令牌读取 {}（{}{}）：请检查拼写，并在 {} 确认令牌有效且有权读取此模型。',
  '{} has no public model {}: check the spelling of OWNER/NAME, or set HF_TOKEN to a token from {} if it is a private one.':
    '{} 没有公开的模型 {}：请检查 OWNER/NAME 的拼写；如果是私有模型，请把 HF_TOKEN 设为 {} 的令牌。',
  '{} has no model {}: check the spelling of OWNER/NAME, capitals included; search for it at https://huggingface.co/models?library=onnx.':
    '{} 没有模型 {}：请检查 OWNER/NAME 的拼写，包括大小写；可在 https://huggingface.co/models?library=onnx 查找。',
  '{} has no model {}, or does not answer as Hugging Face does: check the spelling, or leave the mirror (HF_ENDPOINT, or the settings) out.':
    '{} 没有模型 {}，或者不像 Hugging Face 那样应答：请检查拼写，或不使用镜像（HF_ENDPOINT 或设置中的镜像）。',
  '{} asks you to accept its licence first: sign in at {} and accept it, set HF_TOKEN to a token from {}, and download it again.':
    '{} 要求先接受许可：请在 {} 登录并接受，把 HF_TOKEN 设为 {} 的令牌，然后重新下载。',
  'The token of HF_TOKEN may not read models with a licence to accept, as {} is: allow that to it at {}, and download it again.':
    'HF_TOKEN 的令牌不能读取 {} 这类需要接受许可的模型：请在 {} 为它开放权限，然后重新下载。',
  'The account of HF_TOKEN has not been given {} yet: sign in at {}, accept its licence or ask for access, and download it again.':
    'HF_TOKEN 的账户尚未获准使用 {}：请在 {} 登录，接受许可或申请访问，然后重新下载。',
  'HF_ENDPOINT is ‘{}’, which is no address: set it to one like {}, or unset it.':
    'HF_ENDPOINT 的值“{}”不是地址：请设为 {} 这样的地址，或取消设置。',
  'HF_HUB_OFFLINE is set, so Hugging Face is not asked: unset it, or import a folder from disk with `model import`.':
    '设置了 HF_HUB_OFFLINE，因此不访问 Hugging Face：请取消设置，或用 `model import` 从磁盘导入文件夹。',
  'look for an ONNX export of it at https://huggingface.co/models?library=onnx&search={}, or export it with the script of transformers.js (python -m scripts.convert --model_id {} --split_modalities, which uses optimum) and import the folder':
    '请在 https://huggingface.co/models?library=onnx&search={} 查找它的 ONNX 导出，或用 transformers.js 的脚本导出（python -m scripts.convert --model_id {} --split_modalities，使用 optimum）并导入该文件夹',
  'hf:{} has them, so download that': 'hf:{} 中有，请下载它',
  'The list of files of {}': '{} 的文件列表',
  '{} does not list {} as Hugging Face does: leave the mirror (HF_ENDPOINT, or the settings) out, or import the folder from disk with `model import`.':
    '{} 没有像 Hugging Face 那样列出 {}：请不使用镜像（HF_ENDPOINT 或设置中的镜像），或用 `model import` 从磁盘导入文件夹。',
  '{} has no tokenizer.json, so its texts cannot be read: choose another model, or import its folder from disk after AutoTokenizer.from_pretrained("{}").save_pretrained(…) of transformers has made one.':
    '{} 没有 tokenizer.json，无法读取其文本：请选择其他模型，或先用 transformers 的 AutoTokenizer.from_pretrained("{}").save_pretrained(…) 生成它，再从磁盘导入该文件夹。',
  '{} has no config.json, which says of which family it is: choose another model, or describe its towers in a JSON file (docs/other-models.md).':
    '{} 没有说明所属系列的 config.json：请选择其他模型，或在 JSON 文件中描述其编码器（docs/other-models.md）。',
  '{} has no preprocessor_config.json, which says how pictures are scaled and normalised: choose another model, or describe its towers in a JSON file (docs/other-models.md).':
    '{} 没有说明图片如何缩放和归一化的 preprocessor_config.json：请选择其他模型，或在 JSON 文件中描述其编码器（docs/other-models.md）。',
  '{} lacks {}, in which {} keeps its weights: choose another variant with --variant, or another model.':
    '{0} 缺少存放 {2} 权重的 {1}：请用 --variant 选择其他变体，或选择其他模型。',
  '{} has only one tower as an ONNX file, {}, where pictures and texts need one each: {}.':
    '{} 只有一个编码器的 ONNX 文件 {}，而图片和文本各需一个：{}。',
  '{} has no ONNX files: {}.': '{} 没有 ONNX 文件：{}。',
  '{} has {}, but no two towers (onnx/vision_model.onnx and onnx/text_model.onnx): {}.':
    '{} 有 {}，但没有两个编码器（onnx/vision_model.onnx 和 onnx/text_model.onnx）：{}。',
  '‘{}’ is no name of a model on Hugging Face: give it as hf:OWNER/NAME, with @REVISION for another branch, tag or commit, as in hf:Xenova/clip-vit-base-patch32@main.':
    '“{}”不是 Hugging Face 上的模型名：请写作 hf:OWNER/NAME，其他分支、标签或提交加 @REVISION，例如 hf:Xenova/clip-vit-base-patch32@main。',
  'Offline mode is on, so nothing is downloaded: switch it off in the settings, or import the files from disk.':
    '离线模式已开启，无法下载：请在设置中关闭，或从磁盘导入文件。',
  'Small and fast, for English: made for phones, so it indexes a library on a processor alone.':
    '小而快，英语：为手机设计，仅用处理器即可索引视频库。',
  'Apple’s own; see LICENSE in the repository': 'Apple 自有许可；见仓库中的 LICENSE',
  'Strong, for English: the largest of these. For a GPU, or for patience.':
    '效果强，英语：这些模型中最大的。适合 GPU，或有耐心的人。',
  'Multilingual: searches in many languages. Of middling speed; its text tower is large.':
    '多语言：可用多种语言检索。速度中等；文本编码器较大。',
  'The model that most work compares with, for English: fast, and weaker than the others.':
    '多数研究与之比较的模型，英语：快，但弱于其他模型。',
  'none stated in the repository; OpenAI’s CLIP is under MIT': '仓库中未说明；OpenAI 的 CLIP 采用 MIT 许可',
  '{} needs {} more on the disk that holds {}, which has {} free: free some space, or choose a workspace on another disk.':
    '{0} 还需要 {1} 空间，而 {2} 所在的磁盘只剩 {3}：请释放空间，或选择其他磁盘上的工作区。',
  '{} could not be downloaded to its end: the disk': '{} 未能下载完：磁盘',
  'free some space and download it again; it goes on from there': '请释放空间后重新下载，将从中断处继续',
  '{} leads to {}//{}, which is not a secure address: nothing was downloaded; look at {} for another link.':
    '{0} 指向 {1}//{2}，不是安全的地址：没有下载任何内容；请在 {3} 查找其他链接。',
  '{} leads to an address on this machine: nothing was downloaded; look at {} for another link.':
    '{} 指向本机的地址：没有下载任何内容；请在 {} 查找其他链接。',
  '{} answers 403': '{} 应答 403',
  '{} redirects more than {} times: look at {} for another link.': '{} 的重定向超过 {} 次：请在 {} 查找其他链接。',
  '{} cannot be reached': '无法连接 {}',
  '{} sends the file compressed although it was asked not to: download it in a browser from {} and import it from disk.':
    '{} 发来的文件经过压缩，虽然要求过不压缩：请在浏览器中从 {} 下载，再从磁盘导入。',
  '{} asks to wait {} minutes before the next attempt ({}): try again then.':
    '{0} 要求等待 {1} 分钟后再试（{2}）：请届时重试。',
  '{} answers {}': '{} 应答 {}',
  '{} does not have {} any more ({}): look at {} for its present place, and import it from disk.':
    '{} 已没有 {}（{}）：请在 {} 查找它现在的位置，再从磁盘导入。',
  "{} refuses {} ({}): the publisher's link may have expired or this network may block it; look at {}, and import the file from disk.":
    '{} 拒绝给出 {}（{}）：发布者的链接可能已失效，或被此网络屏蔽；请查看 {}，再从磁盘导入文件。',
  '{} sends a web page instead of the file: sign in to this network if it asks for that, or download the file in a browser from {} and import it from disk.':
    '{} 发来的是网页而不是文件：如果此网络要求登录，请先登录；或在浏览器中从 {} 下载，再从磁盘导入。',
  'the file': '该文件',
  '{}; trying again in {} s': '{}；{} 秒后重试',
  'The file on the server has changed, so it is downloaded anew': '服务器上的文件已改变，因此重新下载',
  'more than {} bytes': '超过 {} 字节',
  'The server ended the file too early': '服务器过早结束了文件',
  'Nothing has arrived for {} s': '{} 秒没有收到任何数据',
  '{} bytes': '{} 字节',
  'The connection was lost': '连接已中断',
  'Git hash': 'Git 哈希',
  '{} does not have the published {} and was thrown away: download it again, and if that happens twice, look at {}.':
    '{} 与公布的 {} 不符，已丢弃：请重新下载，如果再次发生，请查看 {}。',
  '{} sends {} as {}{}: nothing was kept; look at {} for the right file.':
    '{0} 发来的 {1} 为 {2}{3}：没有保留任何内容；请在 {4} 查找正确的文件。',
  ', which was published with {} bytes': '，而公布的大小是 {} 字节',
  'the proxy of HTTPS_PROXY is not used by this program, so download it in a browser from {} and import it from disk':
    '本程序不使用 HTTPS_PROXY 的代理，请在浏览器中从 {} 下载，再从磁盘导入',
  'download it again when the network is back; it goes on where it stopped': '请在网络恢复后重新下载，将从中断处继续',
  '{} could not be downloaded. {}: {}.': '{} 未能下载。{}：{}。',
}
