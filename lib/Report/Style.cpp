//===- Style.cpp - How the page looks and what it does --------------------===//

#include "Style.h"

// Contrast of every text to its ground is at least 4.5 : 1 in both schemes (WCAG AA).
// No style attributes anywhere: the page's own policy forbids them.
const std::string_view tez::report::styleSheet = R"css(
:root {
  color-scheme: light dark;
  --ground: #ffffff; --raised: #f6f7f8; --ink: #1a1d21; --quiet: #5a626c; --line: #d9dde2;
  --edge: #8a929c; --accent: #0a5fb4; --tint: #e6f0fa; --alarm: #b3261e; --alarm-tint: #fdecea;
  --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #14171a; --raised: #1c2024; --ink: #e8eaed; --quiet: #a0a8b2; --line: #333a42;
    --edge: #78828e; --accent: #74b4f0; --tint: #1b2c3d; --alarm: #ff8a80; --alarm-tint: #3a1d1b;
  }
}
* { box-sizing: border-box; }
html { scroll-behavior: smooth; scroll-padding-top: 1rem; }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
body {
  margin: 0 auto; max-width: 76rem; padding: 2.5rem clamp(1rem, 4vw, 2.5rem) 4rem;
  background: var(--ground); color: var(--ink); overflow-wrap: anywhere;
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", "Liberation Sans", Arial, sans-serif;
}
h1, h2, h3, p, figure, dl, ul { margin: 0; }
h1 { font-size: 1.9rem; line-height: 1.2; font-weight: 650; }
h2 { font-size: 1.15rem; font-weight: 650; margin-bottom: .6rem; }
h3 { font-size: .95rem; font-weight: 600; margin: 1.2rem 0 .4rem; }
h3:first-of-type { margin-top: 0; }
section { margin-top: 2.6rem; padding-top: 1.2rem; border-top: 1px solid var(--line); }
section p + .scroll, section .scroll + p, section p + p { margin-top: .6rem; }
code, .shape { font-family: var(--mono); font-size: .86em; }
a { color: var(--accent); text-underline-offset: .15em; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 3px; }
.kicker { color: var(--quiet); font-size: .85rem; margin-bottom: .3rem; }
.note { color: var(--quiet); max-width: 48rem; }
.verdict { margin: .8rem 0 1.4rem; font-size: 1.05rem; }

.answer { font-weight: 600; white-space: nowrap; color: var(--accent); }
.answer.fail { color: var(--alarm); }
.answer.undecided { color: var(--quiet); }
.verdict .answer { white-space: normal; }

dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .2rem 1.4rem;
  max-width: 58rem; }
dt { color: var(--quiet); }
dd { margin: 0; font-variant-numeric: tabular-nums; }
nav { margin-top: 1.4rem; display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; font-size: .92rem; }

.findings { padding: 0; list-style: none; display: grid; gap: .4rem; }
.findings li { padding: .45rem .8rem; border-left: 3px solid var(--edge); background: var(--raised); }
.findings li.error { border-color: var(--alarm); background: var(--alarm-tint); }
.findings b { text-transform: capitalize; }
.findings .error b { color: var(--alarm); }
.findings code { color: var(--quiet); }

.scroll { overflow-x: auto; max-width: 100%; overflow-wrap: normal; }
.scroll + .scroll { margin-top: 1rem; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; white-space: nowrap; }
th, td { padding: .34rem 1.4rem .34rem 0; text-align: left; vertical-align: baseline; }
th { font-weight: 500; }
thead th { color: var(--quiet); font-size: .85rem; border-bottom: 1px solid var(--edge); }
thead td { border-bottom: 1px solid var(--edge); }
tbody tr + tr > * { border-top: 1px solid var(--line); }
.number { text-align: right; }

svg { display: block; }
svg text { fill: var(--ink); font-family: var(--mono); font-size: 10.5px; }
.bar { display: inline-block; vertical-align: -1px; }
.whole { fill: var(--line); }
.part, .kernel circle { fill: var(--accent); }
.over .part { fill: var(--alarm); }
.limit { stroke: var(--ink); stroke-width: 1.5; }
.grid { stroke: var(--line); }
.norms td, .norms tbody th { padding-top: 0; padding-bottom: 0; vertical-align: middle; }
.norms tbody tr > * { border: 0; }
.norms td, .norms tbody th { line-height: 20px; }
.norms .bar { display: block; }
.axis text, .plot .tick { text-anchor: middle; fill: var(--quiet); }
.plot .caption, .plot .lane { fill: var(--quiet); font-family: inherit; font-size: 12px; }
.plot .lane { fill: var(--ink); }
.kernel circle { fill-opacity: .7; }
.reference circle { fill: none; stroke: var(--ink); stroke-opacity: .65; }
.median { stroke: var(--ink); stroke-width: 2; }
.plot .limit { stroke: var(--alarm); stroke-dasharray: 4 3; }
.interval { stroke: var(--accent); stroke-width: 4; }
.ratio { fill: var(--accent); stroke: var(--ground); stroke-width: 1.5; }

.graphs { display: grid; align-items: start; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr));
  gap: 1.2rem; margin-top: 1rem; }
figure { min-width: 0; }
figcaption { margin-bottom: .4rem; color: var(--quiet); }
figcaption b { color: var(--ink); font-weight: 600; }
.canvas { border: 1px solid var(--line); border-radius: 6px; max-height: 200rem; overflow: auto;
  padding: .8rem; }
.graph { margin: 0 auto; }
.edges path { fill: none; stroke: var(--edge); stroke-width: 1.3; }
.edges .tip { stroke-width: 1.5; }
.box { fill: var(--raised); stroke: var(--edge); }
.end .box { fill: var(--ground); }
.gone .box { stroke-dasharray: 5 3; fill: var(--ground); }
.made .box { stroke: var(--accent); stroke-width: 2; fill: var(--tint); }
.node text { text-anchor: middle; fill: var(--quiet); }
.node .op { fill: var(--ink); font-size: 12px; font-weight: 600; }
.node rect.mark { fill: var(--ground); stroke: var(--edge); }
.made rect.mark { stroke: var(--accent); }
.node text.mark { fill: var(--ink); }
a.node:hover .box, .linked .box { stroke: var(--accent); stroke-width: 2.5; }
.node:target .box { stroke: var(--accent); stroke-width: 3.5; stroke-dasharray: none; }
a.node:focus-visible { outline: none; }
a.node:focus-visible .box { stroke: var(--ink); stroke-width: 3; stroke-dasharray: none; }

details { margin-top: .8rem; }
details:first-of-type { margin-top: 0; }
summary { cursor: pointer; font-weight: 500; padding: .2rem 0; }
details > .scroll, details > ul { margin-top: .3rem; }
footer { margin-top: 3rem; color: var(--quiet); font-size: .85rem; }

@media (max-width: 40rem) {
  body { padding-top: 1.4rem; }
  h1 { font-size: 1.5rem; }
  dl { grid-template-columns: minmax(0, 1fr); gap: 0; }
  dd + dt { margin-top: .5rem; }
}
@media print {
  :root { --ground: #fff; --raised: #fff; --ink: #000; --quiet: #444; --line: #bbb; --edge: #777;
    --accent: #0a4a8c; --tint: #fff; --alarm: #8c1d18; --alarm-tint: #fff; }
  body { max-width: none; padding: 0; font-size: 10pt; }
  nav { display: none; }
  section { break-inside: auto; margin-top: 1.4rem; }
  h2, h3, figcaption { break-after: avoid; }
  tr, .findings li { break-inside: avoid; }
  .scroll, .canvas { overflow: visible; max-height: none; border: 0; padding: 0; }
  .graphs { grid-template-columns: 1fr; }
  .graph, .plot { max-width: 100%; height: auto; }
}
)css";

const std::string_view tez::report::script = R"js(
'use strict';
const nodes = [...document.querySelectorAll('.node[data-field]')];
function mark(event) {
  const at = event.target.closest && event.target.closest('.node');
  const field = at && event.type !== 'focusout' ? at.dataset.field : '';
  for (const node of nodes)
    node.classList.toggle('linked', field !== '' && node.dataset.field === field);
}
for (const type of ['mouseover', 'focusin', 'focusout'])
  document.addEventListener(type, mark);
)js";
