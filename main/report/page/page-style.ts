/** Steps of the colours of cells. */
export const shades = 32

const shadeRules = Array.from({ length: shades + 1 }, (_, shade) => {
  const part = Math.round((100 * shade) / shades)
  return `.s${shade}{background:color-mix(in oklab,#12406e ${part}%,#f1f6f5);color:${part > 55 ? '#fff' : '#15202b'}}`
}).join('\n')

/** The looks of a report; its own fonts and colours, and nothing from elsewhere. */
export const pageStyle = `
:root{color-scheme:light;font:15px/1.5 system-ui,-apple-system,'Segoe UI','Noto Sans','Noto Sans CJK SC',sans-serif;color:#15202b;background:#fff}
*{box-sizing:border-box}
body{max-width:1360px;margin:0 auto;padding:32px 28px 64px}
h1{margin:0 0 4px;font-size:28px;line-height:1.25;overflow-wrap:anywhere}
h2{margin:0 0 2px;font-size:17px}
p{margin:0}
.muted{color:#566370}
.small{font-size:13px}
header{margin-bottom:28px}
section{margin-bottom:36px;min-width:0}
.columns{display:grid;grid-template-columns:minmax(0,5fr) minmax(0,7fr);gap:32px;align-items:start}
.side{position:sticky;top:16px}
video{display:block;width:100%;max-height:52vh;margin:10px 0 6px;background:#0b1117;border-radius:6px}
output{display:block;min-height:3em}
ol.sentences{margin:10px 0 0;padding-left:1.8em}
ol.sentences li{margin-bottom:4px;padding-left:2px}
.scroll{max-height:78vh;overflow:auto;margin-top:10px;border:1px solid #d5dce2;border-radius:6px}
table{border-collapse:separate;border-spacing:1px;width:100%;font-variant-numeric:tabular-nums}
thead th{position:sticky;top:0;z-index:1;background:#fff;padding:6px 4px;font-size:13px;font-weight:600;vertical-align:bottom;text-align:left}
thead th span{display:-webkit-box;overflow:hidden;-webkit-box-orient:vertical;-webkit-line-clamp:3;font-weight:400;font-size:12px;color:#566370}
tbody th{padding:2px 8px;font-weight:400;text-align:right;white-space:nowrap;width:1%}
tbody th img{display:inline-block;height:36px;margin-left:8px;vertical-align:middle;border-radius:3px}
td{padding:0;min-width:44px}
td button{display:block;width:100%;height:38px;border:0;padding:0 6px;font:inherit;font-size:12.5px;text-align:right;cursor:pointer}
td.path button{box-shadow:inset 0 0 0 2px #d9480f}
td button:hover,td button:focus-visible{outline:2px solid #15202b;outline-offset:-2px}
tr.now th{font-weight:700;box-shadow:inset 3px 0 #d9480f}
.span{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1fr);gap:16px;align-items:center;padding:5px 0;border-bottom:1px solid #e6ebef}
.span svg{display:block;width:100%;height:34px;background:#f1f4f6;border-radius:4px}
.found{fill:#12406e;cursor:pointer}
.onpath{fill:#d9480f}
.caption{fill:none;stroke:#15202b;stroke-width:2;stroke-dasharray:6 4}
.key{display:flex;flex-wrap:wrap;gap:4px 20px;margin:6px 0}
.key svg{width:26px;height:12px;margin-right:6px;vertical-align:-1px}
ol.results{list-style:none;margin:10px 0 0;padding:0}
ol.results li{display:grid;grid-template-columns:2em 112px minmax(0,1fr) 120px 3.5em;gap:12px;align-items:center;padding:6px 0;border-bottom:1px solid #e6ebef}
ol.results img{display:block;width:112px;height:63px;object-fit:contain;border-radius:4px;background:#e6ebef}
ol.results svg{display:block;width:100%;height:10px;background:#e6ebef;border-radius:3px}
ol.results .name{overflow-wrap:anywhere}
.own .name{font-weight:700}
.number{text-align:right;font-variant-numeric:tabular-nums}
input[type=range]{width:100%;accent-color:#12406e}
.attention{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:4px 14px;align-items:center;margin-top:8px}
.attention svg,.attention .strip{width:100%;display:flex}
.attention svg{height:24px}
.strip img{flex:1;min-width:0;width:0;height:auto}
.strip img.chosen{outline:3px solid #d9480f;outline-offset:-3px}
dl{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:4px 20px;margin:10px 0 0}
dt{color:#566370}
dd{margin:0;overflow-wrap:anywhere}
code{font:13px ui-monospace,'SF Mono',Consolas,monospace}
@media(max-width:900px){.columns,.span{grid-template-columns:minmax(0,1fr)}.side{position:static}ol.results li{grid-template-columns:2em 80px minmax(0,1fr) 3.5em}ol.results svg{display:none}ol.results img{width:80px;height:45px}}
@media print{video,.side output{display:none}.columns{display:block}.scroll{max-height:none;overflow:visible}.side{position:static}}
${shadeRules}
`
