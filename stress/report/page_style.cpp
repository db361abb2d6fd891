#include "stress/report/page_parts.hpp"

namespace stress {
const char* extra_style() {
  return R"css(.strip .stage { fill: #2563c907; }
.strip .stage.odd { fill: #2563c914; }
.strip .stage.seek { fill: #7a5af00a; }
.strip .stage.seek.odd { fill: #7a5af01a; }
.strip .stage.over { fill: #bf243218; }
.strip .stage.back { fill: #0a7d4f16; }
.strip .stage.warm { fill: #18222f0a; }
.strip text.stage-name { text-anchor: middle; fill: var(--ink); font-size: 11.5px; }
.strip line.limit { stroke: #bf2432; stroke-dasharray: 7 4; stroke-opacity: .7; }
#over-time h3 { margin-top: 26px; }
#latency, #fates { overflow-x: auto; }
td.share { width: 160px; vertical-align: middle; }
td.share i { display: block; height: 8px; border-radius: 4px; background: #2563c9; min-width: 2px; }
)css";
}

const char* cursor_script() {
  return R"js('use strict';
(() => {
  const data = JSON.parse(document.getElementById('run-data').textContent);
  const clock = document.createElement('div');
  clock.id = 'clock';
  clock.hidden = true;
  document.body.append(clock);
  const number = v => Math.abs(v) >= 1e4 ? Math.round(v).toLocaleString('en') : v.toPrecision(3);
  const text = v => v === null ? '' : number(v);
  const valueAt = (series, second) => {
    let low = 0, high = series.t.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (series.t[middle] < second) low = middle + 1; else high = middle;
    }
    return low < series.t.length ? series.v[low] : null;
  };
  const show = (x, event) => {
    const second = (x - data.left) / (data.right - data.left) * data.span;
    for (const line of document.querySelectorAll('line.cursor')) {
      line.setAttribute('x1', x);
      line.setAttribute('x2', x);
    }
    clock.textContent = second.toFixed(1) + ' s';
    clock.style.left = event.clientX + 'px';
    clock.style.top = event.clientY + 'px';
    clock.hidden = false;
    document.body.classList.add('pointed');
    for (const legend of document.querySelectorAll('.legend[data-strip]')) {
      const all = data.series[legend.dataset.strip] || [];
      legend.querySelectorAll('b').forEach((b, k) => {
        b.textContent = all[k] ? text(valueAt(all[k], second)) : '';
      });
    }
  };
  const hide = () => {
    document.body.classList.remove('pointed');
    clock.hidden = true;
    document.querySelectorAll('.legend b').forEach(b => { b.textContent = ''; });
  };
  for (const strip of document.querySelectorAll('svg.strip[id]')) {
    strip.addEventListener('mousemove', event => {
      const box = strip.getBoundingClientRect();
      const x = (event.clientX - box.left) / box.width * data.width;
      if (x < data.left || x > data.right) hide(); else show(x, event);
    });
    strip.addEventListener('mouseleave', hide);
  }
})();
)js";
}
}  // namespace stress
