#include "reports/html_sections.hpp"

namespace report {
const char* page_style() {
  return R"css(:root { --ink: #18222f; --soft: #5b6878; --rule: #e2e7ee; --paper: #fff; --wash: #f3f5f9;
  --pass: #0a7d4f; --fail: #bf2432; --unknown: #9a6a00; --blocked: #6d4bb8; }
* { box-sizing: border-box; }
html { scroll-behavior: smooth; }
body { margin: 0; background: var(--wash); color: var(--ink);
  font: 15px/1.5 system-ui, "Segoe UI", Roboto, "Noto Sans",
  "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif; font-variant-numeric: tabular-nums; }
main { max-width: 1200px; margin: 0 auto; padding: 28px 24px 60px; }
section, .hero { background: var(--paper); border: 1px solid var(--rule); border-radius: 14px;
  padding: 22px 28px 26px;
  margin-bottom: 20px; box-shadow: 0 1px 2px #18222f0a; }
h1 { font-size: 25px; line-height: 1.3; margin: 2px 0 14px; font-weight: 650; letter-spacing: -.01em; }
h2 { font-size: 18px; margin: 0 0 14px; font-weight: 650; }
h3 { font-size: 14px; margin: 20px 0 6px; font-weight: 650; }
h2 small, h3 small { color: var(--soft); font-weight: 400; margin-left: 4px; }
small { font-size: 12.5px; }
.note, .key, .legend, .months { color: var(--soft); font-size: 13px; margin: 2px 0 8px; }

.hero { border-top: 6px solid var(--tone); }
.hero.pass, .chip.pass { --tone: var(--pass); }
.hero.fail, .chip.fail { --tone: var(--fail); }
.hero.unknown, .chip.unknown { --tone: var(--unknown); }
.hero.blocked, .chip.blocked { --tone: var(--blocked); }
.brand { margin: 0; font-weight: 650; color: var(--soft); font-size: 13px; letter-spacing: .02em; }
.brand span { font-weight: 400; }
.verdict { display: flex; align-items: center; gap: 16px; margin: 0 0 16px; font-size: 16px; }
.verdict strong { background: var(--tone); color: #fff; font-size: 24px; letter-spacing: .05em;
  padding: 4px 18px; border-radius: 9px; }
.replay { display: flex; align-items: center; gap: 12px; margin: 0 0 18px; font-size: 13px;
  color: var(--soft); }
.replay code { background: var(--wash); border: 1px solid var(--rule); border-radius: 8px;
  padding: 6px 12px; color: var(--ink);
  overflow-x: auto; white-space: pre; }
.replay button { font: inherit; border: 1px solid var(--rule); background: var(--paper);
  border-radius: 8px; padding: 5px 11px; cursor: pointer; }
code, .code { font: 12.5px/1.5 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(126px, 1fr)); gap: 1px; margin: 0;
  background: var(--rule);
  border: 1px solid var(--rule); border-radius: 10px; overflow: hidden; }
.fact { background: var(--paper); padding: 10px 14px; min-width: 0; }
.fact dt { color: var(--soft); font-size: 12.5px; }
.fact dd { margin: 0; font-size: 17px; font-weight: 600; overflow-wrap: anywhere; line-height: 1.3; }
.fact dd small { display: block; color: var(--soft); font-weight: 400; }

table { border-collapse: collapse; width: 100%; font-size: 13.5px; }
th { text-align: left; color: var(--soft); font-weight: 500; font-size: 12.5px;
  border-bottom: 1px solid var(--rule); padding: 4px 12px 6px 0; }
td { padding: 6px 12px 6px 0; border-bottom: 1px solid var(--rule); vertical-align: top; }
tbody tr:last-child td { border-bottom: 0; }
tr:target td { background: #fff7d6; }
.number { text-align: right; white-space: nowrap; }
.checks td { padding-top: 9px; padding-bottom: 9px; }
.checks td:nth-child(2) { color: var(--soft); }
.checks td b { color: var(--ink); }
.checks tr:has(+ .why) td { border-bottom: 0; }
.why td { padding-top: 0; font-size: 13px; }
.why p { margin: 0 0 4px; }
.why.fail p { color: var(--fail); }
.why.unknown p { color: var(--unknown); }
.why ul { margin: 4px 0 6px; padding-left: 20px; }
.chip { display: inline-block; min-width: 66px; text-align: center; font-size: 12px; font-weight: 600;
  color: var(--tone);
  background: color-mix(in srgb, var(--tone) 11%, #fff); border-radius: 6px; padding: 2px 9px; }
summary { cursor: pointer; color: #2563c9; font-size: 13.5px; }
.pairs td:first-child, .figures td:first-child { color: var(--soft); }
.pairs td:first-child { width: 250px; }

.strip { display: block; width: 100%; height: auto; margin: 2px 0 6px; overflow: visible; }
.strip text { font: 12px system-ui, "Segoe UI", Roboto, "Noto Sans", "Noto Sans CJK SC", sans-serif;
  fill: var(--soft); }
.strip .when { text-anchor: middle; }
.strip .value, .strip .lane { text-anchor: end; }
.strip .lane { fill: var(--ink); }
.strip line { stroke: var(--rule); stroke-width: 1; }
.strip line.day { stroke: #c9d1dc; }
.strip line.zero { stroke: #8793a3; }
.strip line.cursor { stroke: #18222f; stroke-dasharray: 3 3; display: none; }
.pointed .strip line.cursor { display: inline; }
.strip .band { fill: #bf24320f; }
.strip .fault { fill: #d9606b; }
.strip .fault.unfired { fill: #fff; stroke: #d9606b; stroke-dasharray: 3 2; }
.strip .series { fill: none; stroke-width: 1.7; stroke-linejoin: round; stroke-opacity: .88; }
.strip .mark { stroke: #fff; stroke-width: 1; fill: #7a8797; }
.mark.notice, .mark.alarm { fill: #e0a100; }
.mark.sale { fill: #2563c9; }
.mark.cut, .mark.crash { fill: #bf2432; }
.mark.restored { fill: #0a7d4f; }
.mark.bill { fill: #7a5af0; }
.mark.outage { fill: #93522f; }
.mark.restart { fill: #1695b8; }
.legend { display: flex; flex-wrap: wrap; gap: 2px 18px; }
.legend i { display: inline-block; width: 14px; height: 3px; border-radius: 2px; vertical-align: middle;
  margin-right: 6px; }
.legend b { color: var(--ink); font-weight: 600; }
.daybar { display: flex; gap: 14px; align-items: center; margin: 6px 0; font-size: 13px; }
.daybar > span:first-child { width: 84px; color: var(--soft); }
.daybar > div { flex: 1; display: flex; border-radius: 8px; overflow: hidden; }
.daybar b { color: #fff; font-weight: 600; padding: 7px 12px; white-space: nowrap; flex-basis: 0;
  min-width: 0; overflow: hidden; }
#clock { position: fixed; pointer-events: none; background: var(--ink); color: #fff; font-size: 12px;
  border-radius: 6px; padding: 2px 8px;
  transform: translate(-50%, -130%); white-space: nowrap; }

.area h3 { margin-top: 14px; }
.line { display: flex; align-items: flex-start; gap: 14px; margin: 8px 0; }
.line > span { width: 108px; flex: none; color: var(--soft); font-size: 13px; padding-top: 6px; }
.line > div { flex: 1; display: flex; flex-wrap: wrap; gap: 5px; border-left: 3px solid var(--rule);
  padding-left: 14px; }
.tile { display: inline-block; min-width: 34px; text-align: center; font-size: 12px; line-height: 1;
  padding: 9px 5px; border-radius: 7px;
  text-decoration: none; color: #10543a; background: #dcf1e7; border: 1.5px solid transparent; }
.tile.was-cut { background: #fdeec6; color: #7a5600; }
.tile.open { background: var(--fail); color: #fff; }
.tile.poor { background: #e4e0f5; color: #4b3690; }
.tile.kept { border-color: #2563c9; }
.key .tile { min-width: 14px; width: 14px; height: 14px; padding: 0; border-radius: 4px;
  vertical-align: -2px; margin: 0 6px 0 14px; }
.key .tile:first-child { margin-left: 0; }
.months span { margin-right: 22px; } .months b { color: var(--ink); }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(320px, 1fr)); gap: 6px 40px; }
.figures h3 { margin-top: 4px; }
.files { margin: 0; padding-left: 18px; font-size: 13.5px; } a { color: #2563c9; }

@media print {
  body { background: #fff; font-size: 12px; } main { max-width: none; padding: 0; }
  section, .hero { box-shadow: none; border-radius: 0; border-width: 0 0 1px; break-inside: avoid-page;
    padding: 12px 0; }
  #events, #meters, .replay button, #clock { display: none; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
)css";
}
}  // namespace report
