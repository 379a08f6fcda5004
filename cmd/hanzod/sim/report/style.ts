/** Style sheet of the report: light or dark as the reader's system is, from a telephone to a wide screen, nothing loaded from elsewhere. */
export const STYLE = `
:root{color-scheme:light dark;--page:#f5f6f8;--card:#fff;--ink:#16181d;--soft:#565d6b;--rule:#d9dde4;--grid:#e8ebf0;
--s0:#1f5fc4;--s1:#c2410c;--s2:#0f7b63;--s3:#8b35b5;--s4:#7a6200}
@media(prefers-color-scheme:dark){:root{--page:#101216;--card:#181b21;--ink:#eceef2;--soft:#a3abb9;--rule:#343a46;--grid:#272c35;
--s0:#74a9ff;--s1:#ff9860;--s2:#4ccfae;--s3:#d09cff;--s4:#e6c64f}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
header,main,footer{max-width:1320px;margin:0 auto;padding:0 16px}
header{padding-top:36px}
h1{font-size:clamp(1.6rem,1.2rem + 1.6vw,2.3rem);line-height:1.2;margin:0 0 10px;letter-spacing:-.015em}
.lead{max-width:68ch;color:var(--soft);margin:0 0 20px}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,165px),1fr));gap:12px;margin:0 0 18px;padding:0;list-style:none}
.tiles li{background:var(--card);border:1px solid var(--rule);border-radius:10px;padding:12px 16px}
.tiles b{display:block;font-size:1.5rem;line-height:1.25;font-weight:650;font-variant-numeric:tabular-nums}
.tiles span{color:var(--soft);font-size:.875rem;line-height:1.4;display:block}
nav{display:flex;flex-wrap:wrap;gap:4px 18px;margin:0 0 22px;font-size:.9rem}
a{color:var(--s0);text-underline-offset:3px}
main{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,560px),1fr));gap:18px}
section{background:var(--card);border:1px solid var(--rule);border-radius:12px;padding:20px 20px 14px;min-width:0;container-type:inline-size;scroll-margin-top:12px}
h2{font-size:1.15rem;line-height:1.3;margin:0 0 6px}
.sentence{margin:0 0 12px}
.note{color:var(--soft);font-size:.82rem;margin:8px 0 12px}
.legend{display:flex;flex-wrap:wrap;gap:2px 18px;list-style:none;padding:0;margin:0 0 6px;font-size:.85rem}
.legend li{display:flex;align-items:center;gap:7px}
.legend svg{width:28px;height:14px;flex:none}
svg.narrow,svg.wide{width:100%;height:auto;display:block}
svg.narrow{display:none}
@container(max-width:480px){svg.wide{display:none}svg.narrow{display:block}}
svg text{font:12px system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;fill:var(--soft);font-variant-numeric:tabular-nums}
svg .label{fill:var(--ink)}
svg .note{fill:var(--soft);font-size:11.5px;paint-order:stroke;stroke:var(--card);stroke-width:4px;stroke-linejoin:round}
.grid{stroke:var(--grid);fill:none}
.axis{stroke:var(--soft);fill:none}
.reference{stroke:var(--soft);fill:none;stroke-dasharray:2 4}
.line{fill:none;stroke-width:2.1;stroke-linejoin:round;stroke-linecap:round}
.dashed{stroke-dasharray:7 5}
.dotted{stroke-dasharray:1 5}
.mark{fill:var(--card);stroke-width:1.7}
.event{fill:none;stroke-width:2.6;stroke-linecap:round}
.s0{stroke:var(--s0)}.s1{stroke:var(--s1)}.s2{stroke:var(--s2)}.s3{stroke:var(--s3)}.s4{stroke:var(--s4)}.ink{stroke:var(--ink)}
.figures{overflow-x:auto;margin:0 -4px}
table{border-collapse:collapse;width:100%;font-size:.84rem;font-variant-numeric:tabular-nums}
th,td{text-align:right;padding:5px 8px;border-bottom:1px solid var(--grid);white-space:nowrap}
th{color:var(--soft);font-weight:600;vertical-align:bottom;white-space:normal}
tr:last-child td{border-bottom:0}
th:first-child,td:first-child,.words{text-align:left}
footer{padding-top:26px;padding-bottom:48px;color:var(--soft);font-size:.9rem}
footer h2{color:var(--ink)}
dl{display:grid;grid-template-columns:max-content 1fr;gap:4px 20px;margin:0 0 16px}
dt{color:var(--ink)}dd{margin:0}
code{font:.92em ui-monospace,SFMono-Regular,Menlo,"DejaVu Sans Mono",monospace;color:var(--ink);overflow-wrap:anywhere}
@media(max-width:560px){section{padding:16px 14px 10px}dl{grid-template-columns:1fr;gap:0}dd{margin:0 0 8px}}
@media print{body{background:#fff}section{break-inside:avoid}}
`;
